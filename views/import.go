package views

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Import is one uploaded bill and what came of it.
type Import struct {
	trade.Import
	Names map[int64]string // of the sub-merchants in the file
}

func (m Import) events() string { return ImportHref(m.ID) + "/events" }

func (m Import) lead(ctx context.Context) string {
	return words.F(ctx, "imports.by", words.Args{"By": ImportedBy(ctx, m.Import), "Time": moment(m.QueuedAt), "Size": bytesText(m.Size)})
}

func (m Import) meter(ctx context.Context) ui.Meter {
	if m.State == trade.Queued {
		return ui.Meter{Word: say(ctx, "imports.waiting"), Text: say(ctx, "imports.waiting_text")}
	}
	text := words.F(ctx, "imports.read", words.Args{"Percent": m.Percent(), "Done": bytesText(m.DoneBytes), "Total": bytesText(m.Size)})
	return ui.Meter{Word: say(ctx, "imports.running"), Text: text, Done: m.DoneBytes, Total: m.Size}
}

// allKnown tells that every row of the file had been told before.
func (m Import) allKnown() bool {
	return m.Report.Rows > 0 && m.Report.NewTrades == 0 && m.Report.NewRefunds == 0 && m.Report.Filled == 0
}

// outcome is the sentence over everything else.
func (m Import) outcome(ctx context.Context) ui.Note {
	r := m.Report
	args := words.Args{"Rows": thousands(r.Rows), "Trades": thousands(r.NewTrades), "Refunds": thousands(r.NewRefunds), "Lines": thousands(r.FaultLines)}
	switch {
	case m.State == trade.Refused:
		return ui.Note{Kind: ui.Failed, Strong: say(ctx, "imports.refused_title"), Text: words.F(ctx, "imports.refused_text", args)}
	case m.State == trade.Failed:
		return ui.Note{Kind: ui.Failed, Strong: say(ctx, "imports.failed_title"), Text: say(ctx, "imports.failed_text")}
	case m.State == trade.Interrupted:
		return ui.Note{Kind: ui.Failed, Strong: say(ctx, "imports.interrupted_title"), Text: say(ctx, "imports.interrupted_text")}
	case r.Rows == 0:
		return ui.Note{Kind: ui.Done, Strong: say(ctx, "imports.empty_title"), Text: say(ctx, "imports.empty_text")}
	case m.allKnown():
		return ui.Note{Kind: ui.Done, Strong: say(ctx, "imports.known_title"), Text: words.F(ctx, "imports.known_text", args)}
	}
	return ui.Note{Kind: ui.Done, Strong: say(ctx, "imports.done_title"), Text: words.F(ctx, "imports.done_text", args)}
}

func (m Import) figures(ctx context.Context) []ui.Figure {
	r := m.Report
	figure := func(id string, n, known int64) ui.Figure {
		f := ui.Figure{Word: say(ctx, "imports."+id), Value: thousands(n)}
		if known >= 0 {
			f.Note = words.F(ctx, "imports.known_before", words.Args{"Count": thousands(known)})
		}
		return f
	}
	lines := figure("figure_lines", r.Rows, -1)
	lines.Note = words.F(ctx, "imports.split", words.Args{"Orders": thousands(r.Orders), "Refunds": thousands(r.Refunds)})
	stubs := figure("figure_stubs", r.Stubs, -1)
	stubs.Note = words.F(ctx, "imports.filled", words.Args{"Count": thousands(r.Filled)})
	return []ui.Figure{lines, figure("figure_trades", r.NewTrades, r.KnownTrades),
		figure("figure_refunds", r.NewRefunds, r.KnownRefunds), stubs}
}

// compared is one sum of the file beside our own.
type compared struct{ word, file, own, differs string }

// sums holds the file's own summary against the rows.
func (m Import) sums(ctx context.Context) []compared {
	own, file := m.Report.Own, m.Report.File
	all := []compared{{say(ctx, "imports.sum.count"), thousands(file.Count), thousands(own.Count), apart(own.Count-file.Count, thousands)}}
	for _, s := range []struct {
		id        string
		own, file money.Fen
	}{{"total", own.Total, file.Total}, {"settlement", own.Settlement, file.Settlement}, {"refund", own.Refund, file.Refund},
		{"refund_asked", own.RefundAsked, file.RefundAsked}, {"coupon_refund", own.CouponRefund, file.CouponRefund}} {
		all = append(all, compared{say(ctx, "imports.sum."+s.id), s.file.String(), s.own.String(), apart(s.own-s.file, money.Fen.String)})
	}
	return append(all, compared{say(ctx, "imports.sum.fee"), feeText(file.Fee), feeText(own.Fee), apart(own.Fee-file.Fee, feeText)})
}

// feeText writes a fee as people do where it is whole fen, else with all its decimals.
func feeText(f bill.Fee) string {
	if f.Finer() {
		return f.String()
	}
	return f.Round().String()
}

// apart writes how far apart two sums are, with its sign.
func apart[N ~int64](n N, text func(N) string) string {
	if n > 0 {
		return "+" + text(n)
	}
	return text(n)
}

// remarks are what a reader should know about a file that was taken.
func (m Import) remarks(ctx context.Context) []ui.Fact {
	var facts []ui.Fact
	add := func(id string, n int64) {
		if n != 0 {
			facts = append(facts, ui.Fact{Word: say(ctx, "imports.remark."+id), Full: true,
				Text: words.F(ctx, "imports.remark_text."+id, words.Args{"Count": thousands(n)})})
		}
	}
	r := m.Report
	add("stubs", r.Stubs)
	add("revoked", r.Revoked)
	add("other_state", r.OtherState)
	if r.FeeDifference != 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "imports.remark.fee"), Full: true,
			Text: words.F(ctx, "imports.remark_text.fee", words.Args{"Amount": apart(r.FeeDifference, feeText)})})
	}
	facts = append(facts, m.refundStates(ctx)...)
	if len(r.Unknown) > 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "imports.remark.unknown"), Full: true,
			Text: words.F(ctx, "imports.remark_text.unknown", words.Args{"List": m.unknown(ctx)})})
	}
	if len(r.OtherColumns) > 0 {
		facts = append(facts, ui.Fact{Word: say(ctx, "imports.remark.columns"), Full: true,
			Text: words.F(ctx, "imports.remark_text.columns", words.Args{"List": strings.Join(r.OtherColumns, say(ctx, "imports.and"))})})
	}
	return facts
}

func (m Import) refundStates(ctx context.Context) []ui.Fact {
	if len(m.Report.RefundStates) == 0 {
		return nil
	}
	var parts []string
	for _, code := range sortedKeys(m.Report.RefundStates) {
		parts = append(parts, words.F(ctx, "imports.counted", words.Args{"What": RefundState(ctx, code),
			"Count": thousands(m.Report.RefundStates[code])}))
	}
	return []ui.Fact{{Word: say(ctx, "imports.remark.refund_states"), Full: true, Text: strings.Join(parts, say(ctx, "imports.and"))}}
}

// unknown lists words of the file that no list knows, each with where it stood.
func (m Import) unknown(ctx context.Context) string {
	var parts []string
	for _, key := range sortedKeys(m.Report.Unknown) {
		kind, word, _ := strings.Cut(key, "=")
		parts = append(parts, words.F(ctx, "imports.counted", words.Args{
			"What":  words.F(ctx, "imports.unknown_word", words.Args{"Kind": say(ctx, "imports.kind."+kind), "Word": word}),
			"Count": thousands(m.Report.Unknown[key])}))
	}
	return strings.Join(parts, say(ctx, "imports.and"))
}

func sortedKeys[V any](counts map[string]V) []string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func mchidText(id int64) string { return strconv.FormatInt(id, 10) }

func (m Import) faultNote(ctx context.Context) string {
	if shown := int64(len(m.Report.Faults)); m.Report.FaultLines > shown {
		return words.F(ctx, "imports.first_faults", words.Args{"Shown": shown, "Lines": thousands(m.Report.FaultLines)})
	}
	return words.F(ctx, "imports.all_faults", words.Args{"Lines": thousands(m.Report.FaultLines)})
}
