package views

import (
	"context"
	"net/url"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/settlement"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Settlements is the settlement record.
type Settlements struct {
	Asked  url.Values
	Faults []*fault.Refusal
	Rows   []settlement.Shown
	Next   string
	First  bool
	settlement.Standing

	Today clock.Day
	Rest  string // until when nothing is paid to the card in use; empty: it is
}

// Progress is a settlement that is running.
type Progress struct{ Done, Total int64 }

// SettlementFields are the fields of the filter.
var SettlementFields = []string{"from", "to", "state"}

var lineColours = map[settlement.State]ui.State{
	settlement.Settled: ui.Done, settlement.Cutting: ui.Moving, settlement.Cut: ui.Moving, settlement.Sent: ui.Moving, settlement.Paid: ui.Done,
	settlement.Failed: ui.Needs, settlement.Returned: ui.Needs, settlement.Credited: ui.Done,
	settlement.Carried: ui.Waiting, settlement.Cancelled: ui.Waiting,
}

// LineState says where a line stands.
func LineState(ctx context.Context, s settlement.State) string {
	return say(ctx, "settlement.state."+string(s))
}

func lineTag(ctx context.Context, s settlement.State) (t ui.State, word string) {
	return lineColours[s], LineState(ctx, s)
}

func (m Settlements) legacy() bool { return m.System == merchant.Legacy }

func (m Settlements) filter() url.Values { return kept(m.Asked, SettlementFields) }

func (m Settlements) lead(ctx context.Context) string {
	if m.legacy() {
		return words.F(ctx, "settlement.lead_legacy", words.Args{"Cycle": string(m.Cycle), "Bank": m.Bank, "Tail": m.Tail})
	}
	return say(ctx, "settlement.lead_upgraded")
}

func (m Settlements) bar() ui.FilterBar {
	return ui.FilterBar{Action: settlement.Path, Reset: settlement.Path, Set: len(m.filter()), Open: len(m.Faults) > 0}
}

func (m Settlements) span(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "settlement.day"), From: "from", To: "to", FromValue: m.Asked.Get("from"), ToValue: m.Asked.Get("to"),
		ToLabel: say(ctx, "settlement.day_to"), Max: m.Today.String(), Error: refused(ctx, m.Faults, "from", "to")}
}

// states are those that a line of the merchant's system can stand in, and where it has been the other's before.
func (m Settlements) state(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: "state", Word: say(ctx, "settlement.state"), Value: m.Asked.Get("state"), Error: refused(ctx, m.Faults, "state")}
	f.Options = opsChoices(ctx, settlement.StatesOf(m.System), f.Value, "settlement.state.")
	return f
}

func (m Settlements) grid(ctx context.Context) ui.Grid {
	ids := []string{"day", "#count", "#gross", "#refunds", "#fee", "#net", "arrives", "state"}
	return ui.Grid{Label: say(ctx, "settlement.table"), Rows: true, Stick: true, Columns: columnsOf(ctx, "settlement.col.", ids...)}
}

func (m Settlements) pages(ctx context.Context) ui.Pages {
	g := ui.Pages{Shown: words.F(ctx, "settlement.shown", words.Args{"Count": len(m.Rows)})}
	if !m.First {
		g.Prev = opsHref(settlement.Path, m.filter(), "")
	}
	if m.Next != "" {
		g.Next = opsHref(settlement.Path, m.filter(), m.Next)
	}
	return g
}

func (m Settlements) none(ctx context.Context) ui.Nothing {
	if len(m.filter()) > 0 {
		return ui.Nothing{Title: say(ctx, "settlement.none_title"), Text: say(ctx, "settlement.none_text"),
			Act: ui.Act{Word: say(ctx, "settlement.all"), Href: settlement.Path}}
	}
	text := say(ctx, "settlement.empty_upgraded")
	if m.legacy() {
		text = words.F(ctx, "settlement.empty_legacy", words.Args{"Cycle": string(m.Cycle)})
	}
	return ui.Nothing{Title: say(ctx, "settlement.empty_title"), Text: text}
}

// resting says that nothing is paid to the new card yet.
func (m Settlements) resting(ctx context.Context) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "settlement.rest", words.Args{"Until": m.Rest}),
		Text: words.F(ctx, "settlement.rest_text", words.Args{"Bank": m.Bank, "Tail": m.Tail})}
}

func (p Progress) text(ctx context.Context) string {
	return words.F(ctx, "settlement.progress", words.Args{"Done": thousands(p.Done), "Total": thousands(p.Total)})
}

// LineHref leads to what makes a line: its own page, or the rows on the basic account.
func LineHref(l settlement.Line) string {
	if l.System == merchant.Legacy {
		return settlement.LinePath(l.Day)
	}
	return "/funds/flow?" + url.Values{"account": {string(ledger.Basic)}, "from": {l.Day.String()}, "to": {l.Day.String()},
		"business_type": {string(ledger.RowTrade)}}.Encode()
}

// Arrives says when the line's money is where it goes, or why it is not.
func Arrives(ctx context.Context, s settlement.Shown) string {
	switch s.State {
	case settlement.Settled, settlement.Credited:
		return say(ctx, "settlement.arrives_basic")
	case settlement.Cut, settlement.Sent:
		return words.F(ctx, "settlement.arrives", words.Args{"Day": s.PayDay.String()})
	case settlement.Paid:
		return words.F(ctx, "settlement.arrived", words.Args{"Day": s.PayDay.String()})
	case settlement.Failed, settlement.Returned:
		return orNothing(s.Reason)
	case settlement.Carried:
		if s.IntoDay != "" {
			return words.F(ctx, "settlement.carried_into", words.Args{"Day": s.IntoDay.String()})
		}
		return say(ctx, "settlement.carried_on")
	}
	return nothing
}
