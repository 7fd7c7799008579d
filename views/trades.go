package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Trades is the list of orders.
type Trades struct {
	Query  TradeQuery
	Faults []*fault.Refusal // what is wrong with the filter; then there are no rows
	Today  clock.Day

	Views      []trade.SavedView
	ViewName   string // as typed, when it was refused
	ViewFaults []*fault.Refusal

	States, Types []string
	Provider      bool // has sub-merchants, each row names one

	Rows       []trade.Row
	Found      trade.Totals
	Next, Prev string // cursors

	Import bool // the reader may import bills
}

// TradeQuery is the filter as it was typed.
type TradeQuery struct {
	No, From, To, State, Type, Min, Max, Sub string
	Size                                     int
}

// TradesView is what saved views of this list are filed under.
const TradesView = "trades"

// TradeQueryOf is the filter as an address has it.
func TradeQueryOf(v url.Values) TradeQuery {
	return TradeQuery{No: v.Get(trade.FieldNumber), From: v.Get(trade.FieldFrom), To: v.Get(trade.FieldTo),
		State: v.Get(trade.FieldState), Type: v.Get(trade.FieldType), Min: v.Get(trade.FieldMin),
		Max: v.Get(trade.FieldMax), Sub: v.Get(trade.FieldSub), Size: trade.PageSizes[0]}
}

// Values is the filter as an address writes it: what is empty is left out.
func (q TradeQuery) Values() url.Values {
	all := url.Values{}
	for _, p := range q.fields() {
		if p.Value != "" {
			all.Set(p.Name, p.Value)
		}
	}
	return all
}

// fields lists the filter without the page size, in the order of the bar.
func (q TradeQuery) fields() []ui.Pair {
	return []ui.Pair{{Name: trade.FieldNumber, Value: q.No}, {Name: trade.FieldFrom, Value: q.From}, {Name: trade.FieldTo, Value: q.To},
		{Name: trade.FieldState, Value: q.State}, {Name: trade.FieldType, Value: q.Type}, {Name: trade.FieldMin, Value: q.Min},
		{Name: trade.FieldMax, Value: q.Max}, {Name: trade.FieldSub, Value: q.Sub}}
}

// fieldsMax is more than a filter has.
const fieldsMax = 100

// InOrder puts what is wrong with a filter in the order of its fields on the page.
func InOrder(faults []*fault.Refusal) []*fault.Refusal {
	at := map[string]int{}
	for i, p := range (TradeQuery{}).fields() {
		at[p.Name] = i - fieldsMax // fields that nobody fills in come last
	}
	slices.SortStableFunc(faults, func(a, b *fault.Refusal) int { return at[a.Field] - at[b.Field] })
	return faults
}

// Href is the address of a list with this filter; the cursor may be empty.
func (q TradeQuery) Href(path, cursor string) string {
	all := q.Values()
	if q.Size != 0 && q.Size != trade.PageSizes[0] {
		all.Set(trade.FieldSize, strconv.Itoa(q.Size))
	}
	if cursor != "" {
		all.Set(trade.FieldCursor, cursor)
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + all.Encode()
}

func (q TradeQuery) set() int { return len(q.Values()) }

// sizeHidden keeps the page size over a search.
func (q TradeQuery) sizeHidden() []ui.Pair {
	if q.Size == 0 || q.Size == trade.PageSizes[0] {
		return nil
	}
	return []ui.Pair{{Name: trade.FieldSize, Value: strconv.Itoa(q.Size)}}
}

// filterHidden keeps the filter over a change of the page size.
func (q TradeQuery) filterHidden() (pairs []ui.Pair) {
	for _, p := range q.fields() {
		if p.Value != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// tabs are all orders, then the reader's own views.
func (m Trades) tabs(ctx context.Context) ui.SavedViews {
	now := m.Query.Values().Encode()
	v := ui.SavedViews{Tabs: []ui.ViewTab{{Word: say(ctx, "trades.all"), Href: "/trades", Current: now == ""}}}
	for _, kept := range m.Views {
		v.Tabs = append(v.Tabs, ui.ViewTab{Word: kept.Name, Href: "/trades?" + kept.Query,
			Current: now != "" && now == kept.Query, Remove: "/views/" + kept.ID.String() + "/deletion"})
	}
	if now != "" && len(m.Faults) == 0 {
		v.Save = "/views"
		v.Hidden = []ui.Pair{{Name: "list", Value: TradesView}, {Name: "query", Value: now}}
		v.Name, v.Error = m.ViewName, refused(ctx, m.ViewFaults, "name")
	}
	return v
}

// summary lists all that is wrong with the filter; what stands beside a field leads to it.
func (m Trades) summary(ctx context.Context) []ui.Fault {
	var all []ui.Fault
	for _, r := range m.Faults {
		f := ui.Fault{Text: refusal(ctx, r)}
		if r.Field != "" && r.Field != trade.FieldSize && r.Field != trade.FieldCursor {
			f.ID = "f-" + r.Field
		}
		all = append(all, f)
	}
	for _, r := range m.ViewFaults {
		all = append(all, ui.Fault{ID: "view-name", Text: refusal(ctx, r)})
	}
	return all
}

// refusedTitle says what was not done: the search, or the keeping of a view.
func (m Trades) refusedTitle(ctx context.Context) string {
	if len(m.ViewFaults) > 0 {
		return say(ctx, "trades.view_refused")
	}
	return say(ctx, "trades.refused_title")
}

func (m Trades) bar() ui.FilterBar {
	return ui.FilterBar{Action: "/trades", Reset: "/trades", Set: m.Query.set(),
		Open: len(m.Faults) > 0, Hidden: m.Query.sizeHidden()}
}

// preset is a span of days that people ask for by name.
type preset struct {
	word     string
	from, to clock.Day
}

func (m Trades) presets() []preset {
	t := m.Today
	month := clock.Day(t[:8] + "01")
	last := month.Add(-1)
	return []preset{{"today", t, t}, {"yesterday", t.Add(-1), t.Add(-1)}, {"days7", t.Add(-6), t},
		{"days30", t.Add(-29), t}, {"month", month, t}, {"last_month", last[:8] + "01", last}}
}

func (m Trades) presetHref(s preset) string {
	q := m.Query
	q.From, q.To = s.from.String(), s.to.String()
	return q.Href("/trades", "")
}

func (m Trades) presetNow(s preset) bool {
	return m.Query.From == s.from.String() && m.Query.To == s.to.String()
}

func (m Trades) spanOfDays(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "trades.time_span"), From: trade.FieldFrom, To: trade.FieldTo, FromValue: m.Query.From,
		ToValue: m.Query.To, ToLabel: say(ctx, "trades.time_to"), Max: m.Today.String(),
		Error: refused(ctx, m.Faults, trade.FieldFrom, trade.FieldTo)}
}

func (m Trades) spanOfAmounts(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "trades.total"), From: trade.FieldMin, To: trade.FieldMax, FromValue: m.Query.Min,
		ToValue: m.Query.Max, FromHint: say(ctx, "trades.least"), ToHint: say(ctx, "trades.most"),
		ToLabel: say(ctx, "trades.most_label"), Error: refused(ctx, m.Faults, trade.FieldMin, trade.FieldMax)}
}

// choices are all, then each code in words; a code that was asked for and nobody knows stays in sight.
func choices(ctx context.Context, codes []string, asked string, word func(context.Context, string) string) []ui.Option {
	all := []ui.Option{{Word: say(ctx, "trades.any")}}
	found := asked == ""
	for _, code := range codes {
		all = append(all, ui.Option{Value: code, Word: word(ctx, code), Chosen: code == asked})
		found = found || code == asked
	}
	if !found {
		all = append(all, ui.Option{Value: asked, Word: asked, Chosen: true})
	}
	return all
}

// sums is the line above the table.
func (m Trades) sums(ctx context.Context) []ui.Sum {
	f := m.Found
	if f.Capped {
		return []ui.Sum{{Before: say(ctx, "trades.found") + " ", Value: say(ctx, "trades.over_count"), After: " " + say(ctx, "trades.count_unit")},
			{Before: say(ctx, "trades.over_sums"), Muted: true}}
	}
	line := []ui.Sum{{Before: say(ctx, "trades.found") + " ", Value: thousands(f.Count), After: " " + say(ctx, "trades.count_unit")}}
	for _, s := range []struct {
		id     string
		amount money.Fen
	}{{"trades.sum_total", f.Total}, {"trades.sum_refunded", f.Refunded}, {"trades.sum_fee", f.Fee}} {
		line = append(line, ui.Sum{Before: say(ctx, s.id) + " ", Value: s.amount.String(), After: " " + say(ctx, "trades.money_unit")})
	}
	return line
}

func (m Trades) exports(ctx context.Context) []ui.Act {
	q := m.Query
	q.Size = 0
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: q.Href("/trades.csv", "")},
		{Word: say(ctx, "trades.export_json"), Href: q.Href("/trades.json", "")}}
}

func (m Trades) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "trades.table"), Stick: true, Rows: true}
	for _, c := range m.columns() {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "trades.col."+c.id), Num: c.num})
	}
	return g
}

type tradeColumn struct {
	id  string
	num bool
}

func (m Trades) columns() []tradeColumn {
	all := []tradeColumn{{"time", false}, {"out_trade_no", false}, {"transaction_id", false}}
	if m.Provider {
		all = append(all, tradeColumn{"sub", false})
	}
	return append(all, tradeColumn{"body", false}, tradeColumn{"type", false}, tradeColumn{"bank", false},
		tradeColumn{"total", true}, tradeColumn{"refunded", true}, tradeColumn{"fee", true}, tradeColumn{"state", false})
}

func (m Trades) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "trades.shown", words.Args{"Count": len(m.Rows)}), Action: "/trades",
		Hidden: m.Query.filterHidden(), Size: m.Query.Size, Sizes: trade.PageSizes}
	if m.Next == "" && m.Prev == "" {
		g.Shown = words.F(ctx, "trades.shown_all", words.Args{"Count": len(m.Rows)})
	}
	if m.Prev != "" {
		g.Prev = m.Query.Href("/trades", m.Prev)
	}
	if m.Next != "" {
		g.Next = m.Query.Href("/trades", m.Next)
	}
	return g
}

// empty says why there is no row: a refused filter, no order at all, or a filter that finds none.
func (m Trades) empty(ctx context.Context) ui.Nothing {
	switch {
	case len(m.Faults) > 0:
		return ui.Nothing{Title: say(ctx, "trades.refused_title"), Text: say(ctx, "trades.refused_text")}
	case m.Query.set() == 0 && m.Import:
		return ui.Nothing{Title: say(ctx, "trades.none_title"), Text: say(ctx, "trades.none_import"),
			Act: ui.Act{Word: say(ctx, "trades.import"), Href: "/trades/imports"}}
	case m.Query.set() == 0:
		return ui.Nothing{Title: say(ctx, "trades.none_title"), Text: say(ctx, "trades.none_wait")}
	}
	word, href := m.wider(ctx)
	return ui.Nothing{Title: say(ctx, "trades.empty_title"),
		Text: words.F(ctx, "trades.empty_text", words.Args{"Count": m.Query.set()}), Act: ui.Act{Word: word, Href: href}}
}

// wider drops what most likely hides the order that was meant.
func (m Trades) wider(ctx context.Context) (word, href string) {
	switch q := m.Query; {
	case q.No != "" && q.set() > 1:
		return say(ctx, "trades.only_number"), TradeQuery{No: q.No}.Href("/trades", "")
	case (q.From != "" || q.To != "") && q.set() > 1:
		q.From, q.To = "", ""
		return say(ctx, "trades.any_time"), q.Href("/trades", "")
	}
	return say(ctx, "trades.all_orders"), "/trades"
}

// TradeHref is the address of an order by any of its own numbers.
func TradeHref(no string) string { return "/trades/" + url.PathEscape(no) }

// thousands writes a count with its thousands apart.
func thousands(n int64) string {
	whole := money.Fen(n * 100).String()
	return whole[:len(whole)-3]
}
