package views

import (
	"context"
	"net/url"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/views/ui"
)

// Trades is the list of orders.
type Trades struct {
	Query  TradeQuery
	Faults []*fault.Refusal // what is wrong with the filter; then there are no rows
	Today  clock.Day
	trade.Shown

	ViewName   string // as typed, when it was refused
	ViewFaults []*fault.Refusal

	States, Types []string
	Provider      bool // has sub-merchants, each row names one

	Import bool // the reader may import bills
}

// TradesView is what saved views of this list are filed under.
const TradesView = "trades"

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
	month := t[:8] + "01"
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

// TradeHref is the address of an order by any of its own numbers.
func TradeHref(no string) string { return "/trades/" + url.PathEscape(no) }

// thousands writes a count with its thousands apart.
func thousands(n int64) string {
	whole := money.Fen(n * 100).String()
	return whole[:len(whole)-3]
}
