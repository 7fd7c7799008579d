package views

import (
	"context"
	"slices"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Flow is the list of rows of the books.
type Flow struct {
	Query  FlowQuery
	Filter ledger.FlowFilter
	Faults []*fault.Refusal // what is wrong with the filter; then there are no rows
	Today  clock.Day

	Upgraded bool // the merchant has the new accounts
	ledger.FlowShown

	ViewName   string // as typed, when it was refused
	ViewFaults []*fault.Refusal
}

// FlowsView is what saved views of this list are filed under.
const FlowsView = "funds.flow"

// tabs are all rows, then the reader's own views.
func (m Flow) tabs(ctx context.Context) ui.SavedViews {
	now := m.Query.Values().Encode()
	v := ui.SavedViews{Tabs: []ui.ViewTab{{Word: say(ctx, "flow.all"), Href: FlowPath, Current: now == ""}}}
	for _, kept := range m.Views {
		v.Tabs = append(v.Tabs, ui.ViewTab{Word: kept.Name, Href: FlowPath + "?" + kept.Query,
			Current: now != "" && now == kept.Query, Remove: "/views/" + kept.ID.String() + "/deletion"})
	}
	if now != "" && len(m.Faults) == 0 {
		v.Save = "/views"
		v.Hidden = []ui.Pair{{Name: "list", Value: FlowsView}, {Name: "query", Value: now}}
		v.Name, v.Error = m.ViewName, refused(ctx, m.ViewFaults, "name")
	}
	return v
}

// summary lists all that is wrong with the filter; what stands beside a field leads to it.
func (m Flow) summary(ctx context.Context) []ui.Fault {
	var all []ui.Fault
	for _, r := range m.Faults {
		f := ui.Fault{Text: refusal(ctx, r)}
		if r.Field != "" && r.Field != ledger.FlowSize && r.Field != ledger.FlowCursor {
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
func (m Flow) refusedTitle(ctx context.Context) string {
	if len(m.ViewFaults) > 0 {
		return say(ctx, "trades.view_refused")
	}
	return say(ctx, "flow.refused_title")
}

func (m Flow) bar() ui.FilterBar {
	return ui.FilterBar{Action: FlowPath, Reset: FlowPath, Set: m.Query.set(), Open: len(m.Faults) > 0, Hidden: m.Query.sizeHidden()}
}

// accountChoices are the accounts that have rows, and the one that was asked for.
func (m Flow) accountChoices(ctx context.Context) []ui.Option {
	codes := make([]string, len(m.Accounts))
	for i, a := range m.Accounts {
		codes[i] = string(a)
	}
	all := choices(ctx, codes, m.Query.Account, func(ctx context.Context, code string) string { return AccountWord(ctx, ledger.Account(code)) })
	all[0].Word = say(ctx, "flow.any_account")
	if last := &all[len(all)-1]; ledger.Account(last.Value).Known() {
		last.Word = AccountWord(ctx, ledger.Account(last.Value))
	}
	return all
}

// typeChoices are the kinds of lines; those of the upgrade where there was one.
func (m Flow) typeChoices(ctx context.Context) []ui.Option {
	codes := make([]string, 0, len(ledger.RowTypes()))
	was := m.Upgraded && slices.Contains(m.Accounts, ledger.Available)
	for _, r := range ledger.RowTypes() {
		if was || r.BusinessName() != ledger.RowUpgrade.BusinessName() || string(r) == m.Query.Type {
			codes = append(codes, string(r))
		}
	}
	return choices(ctx, codes, m.Query.Type, rowChoice)
}

func (m Flow) directionChoices(ctx context.Context) []ui.Option {
	return choices(ctx, []string{ledger.In, ledger.Out}, m.Query.Direction, func(ctx context.Context, code string) string {
		return known(ctx, "flow.direction.", code)
	})
}

func (m Flow) spanOfTime(ctx context.Context) ui.FilterSpan {
	s := ui.FilterSpan{Word: say(ctx, "flow.time_span"), From: ledger.FlowFrom, To: ledger.FlowTo, FromValue: m.Query.From,
		ToValue: m.Query.To, ToLabel: say(ctx, "flow.time_to"), Seconds: m.Query.seconds(),
		Error: refused(ctx, m.Faults, ledger.FlowFrom, ledger.FlowTo)}
	s.NotCalendar = s.Error != ""
	if s.Seconds && !s.NotCalendar {
		s.FromValue, s.ToValue = secondText(m.Query.From, "T00:00:00"), secondText(m.Query.To, "T23:59:59")
	}
	return s
}

// secondText is a moment as a browser's field takes it; a day begins or ends with the rest.
func secondText(text, rest string) string {
	e, ok := ledger.ParseEdge(text)
	if !ok || e.None() {
		return text
	}
	if e.At.IsZero() {
		return e.Day.String() + rest
	}
	return e.String()
}

func (m Flow) spanOfAmounts(ctx context.Context) ui.FilterSpan {
	return ui.FilterSpan{Word: say(ctx, "flow.amount_span"), From: ledger.FlowMin, To: ledger.FlowMax, FromValue: m.Query.Min,
		ToValue: m.Query.Max, FromHint: say(ctx, "trades.least"), ToHint: say(ctx, "trades.most"),
		ToLabel: say(ctx, "flow.most_label"), Error: refused(ctx, m.Faults, ledger.FlowMin, ledger.FlowMax)}
}

func (m Flow) asOfField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: ledger.FlowAsOf, Word: say(ctx, "flow.as_of"), Value: m.Query.AsOf, Wide: true, Error: refused(ctx, m.Faults, ledger.FlowAsOf)}
	if f.Moment = f.Error == ""; f.Moment {
		f.Value = secondText(f.Value, "T00:00:00")
	}
	return f
}

func (m Flow) presets() []preset { return Trades{Today: m.Today}.presets() }

func (m Flow) presetHref(s preset) string {
	q := m.Query
	q.From, q.To = s.from.String(), s.to.String()
	return q.Href(FlowPath, "")
}

func (m Flow) presetNow(s preset) bool {
	return m.Query.From == s.from.String() && m.Query.To == s.to.String()
}

// several tells whether rows of more than one account can stand beneath each other.
func (m Flow) several() bool {
	own := 0
	for _, a := range m.Accounts {
		if a != ledger.Unsettled {
			own++
		}
	}
	return m.Filter.Account == "" && own > 1
}

func (m Flow) lead(ctx context.Context) string {
	if a := m.Filter.Account; a != "" {
		return words.F(ctx, "flow.lead_account", words.Args{"Account": AccountWord(ctx, a)})
	}
	return say(ctx, "flow.lead")
}

func (m Flow) asOfNote(ctx context.Context) ui.Note {
	q := m.Query
	q.AsOf = ""
	return ui.Note{Strong: words.F(ctx, "flow.as_of_title", words.Args{"Time": clock.Text(m.Filter.AsOf)}), Text: say(ctx, "flow.as_of_text"),
		Acts: []ui.Act{{Word: say(ctx, "flow.as_of_now"), Href: q.Href(FlowPath, "")}}}
}
