package views

import (
	"context"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// sums is the line above the table.
func (m Flow) sums(ctx context.Context) []ui.Sum {
	f := m.Found
	unit := " " + say(ctx, "trades.money_unit")
	line := []ui.Sum{{Before: say(ctx, "trades.found") + " ", Value: thousands(f.Count()), After: " " + say(ctx, "trades.count_unit")}}
	switch {
	case f.Partly():
		line[0].Before = words.F(ctx, "flow.looked", words.Args{"Looked": thousands(ledger.FlowLookMax)}) + " "
		line = append(line, ui.Sum{Before: say(ctx, "flow.over_sums"), Muted: true})
	case f.Capped:
		line[0].Value = say(ctx, "trades.over_count")
		line = append(line, ui.Sum{Before: say(ctx, "flow.over_sums"), Muted: true})
	default:
		line = append(line, ui.Sum{Before: words.F(ctx, "flow.sum_in", words.Args{"Count": thousands(f.Ins)}) + " ", Value: signed(f.InAmount), After: unit},
			ui.Sum{Before: words.F(ctx, "flow.sum_out", words.Args{"Count": thousands(f.Outs)}) + " ", Value: signed(-f.OutAmount), After: unit})
	}
	if m.Filter.Whole() {
		line = append(line, ui.Sum{Before: words.F(ctx, "flow.sum_balance", words.Args{"Opening": f.Opening.String()}) + " ", Value: f.Closing.String(), Muted: true})
	}
	return line
}

// meant says the filter in one line, for paper, which has no fields.
func (m Flow) meant(ctx context.Context) string {
	f, account := m.Filter, say(ctx, "flow.any_account")
	if f.Account != "" {
		account = AccountWord(ctx, f.Account)
	}
	to := f.To.String()
	if f.To.None() {
		to = m.Today.String()
	}
	said := []string{account, words.F(ctx, "flow.paper_span", words.Args{"From": f.From.String(), "To": to})}
	if f.Direction != "" {
		said = append(said, known(ctx, "flow.direction.", f.Direction))
	}
	if f.Type != "" {
		said = append(said, rowChoice(ctx, f.Type))
	}
	if f.Min != nil {
		said = append(said, words.F(ctx, "flow.paper_least", words.Args{"Amount": f.Min.String()}))
	}
	if f.Max != nil {
		said = append(said, words.F(ctx, "flow.paper_most", words.Args{"Amount": f.Max.String()}))
	}
	if f.Number != "" {
		said = append(said, words.F(ctx, "flow.paper_number", words.Args{"Number": f.Number}))
	}
	if !f.AsOf.IsZero() {
		said = append(said, words.F(ctx, "flow.as_of_title", words.Args{"Time": clock.Text(f.AsOf)}))
	}
	return strings.Join(said, " · ")
}

// signed writes an amount with its sign, also where it is more.
func signed(f money.Fen) string {
	if f > 0 {
		return "+" + f.String()
	}
	return f.String()
}

func (m Flow) exports(ctx context.Context) []ui.Act {
	q := m.Query
	q.Size = 0
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: q.Href(FlowPath+".csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: q.Href(FlowPath+".json", "")}}
}

func (m Flow) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "flow.table"), Stick: !m.several(), Rows: true, Flow: true}
	for _, c := range ledger.FlowColumns {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "flow.col."+c), Num: c == "amount" || c == "balance"})
		if c == "time" && m.several() {
			g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "flow.col.account")})
		}
	}
	return g
}

func (m Flow) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "flow.shown", words.Args{"Count": len(m.Rows)}), Action: FlowPath,
		Hidden: m.Query.filterHidden(), Size: m.Query.Size, Sizes: ledger.FlowSizes}
	if m.Next == "" && m.Prev == "" {
		g.Shown = words.F(ctx, "flow.shown_all", words.Args{"Count": len(m.Rows)})
	}
	if m.Prev != "" {
		g.Prev = m.Query.Href(FlowPath, m.Prev)
	}
	if m.Next != "" {
		g.Next = m.Query.Href(FlowPath, m.Next)
	}
	return g
}

// empty says why there is no row: a refused filter, books without a row, or a filter that finds none.
func (m Flow) empty(ctx context.Context) ui.Nothing {
	switch {
	case len(m.Faults) > 0:
		return ui.Nothing{Title: say(ctx, "flow.refused_title"), Text: say(ctx, "trades.refused_text")}
	case m.Query.set() == 0 && len(m.Accounts) > 0:
		return ui.Nothing{Title: say(ctx, "flow.none_title"), Text: say(ctx, "flow.none_unsettled"),
			Act: ui.Act{Word: say(ctx, "flow.to_unsettled"), Href: FlowHref(ledger.Unsettled, "", "", "", "")}}
	case m.Query.set() == 0:
		return ui.Nothing{Title: say(ctx, "flow.none_title"), Text: say(ctx, "flow.none_text")}
	}
	word, href := m.wider(ctx)
	return ui.Nothing{Title: say(ctx, "flow.empty_title"),
		Text: words.F(ctx, "flow.empty_text", words.Args{"Count": m.Query.set()}), Act: ui.Act{Word: word, Href: href}}
}

// wider drops what most likely hides the row that was meant.
func (m Flow) wider(ctx context.Context) (word, href string) {
	switch q := m.Query; {
	case q.No != "" && q.set() > 1:
		return say(ctx, "trades.only_number"), FlowNumberHref(q.No)
	case q.No != "":
		return say(ctx, "flow.in_unsettled"), FlowQuery{No: q.No, Account: string(ledger.Unsettled)}.Href(FlowPath, "")
	case (q.From != "" || q.To != "") && q.set() > 1:
		q.From, q.To = "", ""
		return say(ctx, "flow.any_time"), q.Href(FlowPath, "")
	}
	return say(ctx, "flow.all_rows"), FlowPath
}

// flowWords are the words of rows, looked up once a page.
type flowWords struct {
	ctx           context.Context
	in, out       string
	balance, open string
	names, kinds  map[lineCode]string
	places        map[ledger.Account]string
}

// lineCode is what a row's words depend on.
type lineCode struct {
	row  ledger.RowType
	kind ledger.Kind
}

func newFlowWords(ctx context.Context) *flowWords {
	return &flowWords{ctx: ctx, in: directionWord(ctx, true), out: directionWord(ctx, false), balance: say(ctx, "flow.balance_short"),
		open:  say(ctx, "flow.open_label"),
		names: map[lineCode]string{}, kinds: map[lineCode]string{}, places: map[ledger.Account]string{}}
}

// once keeps a word under its code.
func once[Code comparable](kept map[Code]string, code Code, find func() string) string {
	word, ok := kept[code]
	if !ok {
		word = find()
		kept[code] = word
	}
	return word
}

func (w *flowWords) name(r *ledger.FlowRow) string {
	return once(w.names, lineCode{r.Row, r.Kind}, func() string { return RowName(w.ctx, r.Row, r.Kind) })
}

func (w *flowWords) kind(r *ledger.FlowRow) string {
	return once(w.kinds, lineCode{r.Row, r.Kind}, func() string { return RowKind(w.ctx, r.Row, r.Kind) })
}

func (w *flowWords) account(a ledger.Account) string {
	return once(w.places, a, func() string { return known(w.ctx, "flow.account_short.", string(a)) })
}

func (w *flowWords) direction(r *ledger.FlowRow) string {
	if r.In() {
		return w.in
	}
	return w.out
}

// label says for readers where a row leads.
func (w *flowWords) label(at, kind string) string {
	return at + " " + kind + " " + w.open
}

func amountClass(r *ledger.FlowRow) string {
	if r.In() {
		return "num m2 in"
	}
	return "num m2 out"
}
