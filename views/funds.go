package views

import (
	"context"
	"net/url"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Funds is how the merchant's accounts stand.
type Funds struct {
	ledger.Position
	AsOf    time.Time // zero: now
	Now     time.Time
	Typed   string // the moment as it was typed
	Faults  []*fault.Refusal
	Chart   ledger.Account
	DayEnds []ledger.DayEnd
}

// FundsPath is where the balances stand.
const FundsPath = "/funds"

func (m Funds) lead(ctx context.Context) string {
	at := m.AsOf
	if at.IsZero() {
		at = m.Now
	}
	return words.F(ctx, "funds.lead", words.Args{"Time": clock.Text(at)})
}

// href is this page for another moment or another account's chart.
func (m Funds) href(asOf string, chart ledger.Account) string {
	v := url.Values{}
	if asOf != "" {
		v.Set(ledger.FlowAsOf, asOf)
	}
	if chart != "" {
		v.Set(ledger.FlowAccount, string(chart))
	}
	if len(v) == 0 {
		return FundsPath
	}
	return FundsPath + "?" + v.Encode()
}

func (m Funds) asOfText() string {
	if m.AsOf.IsZero() {
		return ""
	}
	return m.AsOf.In(clock.Beijing).Format("2006-01-02T15:04:05")
}

// rowsHref leads to the rows that make an account's balance as it is shown.
func (m Funds) rowsHref(a ledger.Account) string {
	return FlowQuery{Account: string(a), AsOf: m.asOfText()}.Href(FlowPath, "")
}

// figures are the accounts that the merchant reads by name, each leading to its rows.
func (m Funds) figures(ctx context.Context) (all []ui.Figure) {
	for _, s := range m.Own() {
		f := ui.Figure{Word: say(ctx, "funds.figure."+string(s.Account)), Value: s.Balance.String(), Href: m.rowsHref(s.Account)}
		if s.Account == ledger.Unsettled {
			f.Note = say(ctx, "funds.unsettled_note")
		} else if m.AsOf.IsZero() {
			f.Note = words.F(ctx, "funds.today_note", words.Args{"In": signed(s.Today.In), "Out": signed(-s.Today.Out)})
		}
		all = append(all, f)
	}
	return all
}

// pending is the merchant's 不可用余额: what is not settled yet, and frozen budgets. What is on its way has
// left the merchant's hand and stands beside it.
func (m Funds) pending() (sum money.Fen) {
	sum = m.Of(ledger.Unsettled).Balance
	for _, s := range m.OnTheWay() {
		if s.Account.FrozenNumber() != "" {
			sum += s.Balance
		}
	}
	return sum
}

func (m Funds) owedNote(ctx context.Context) ui.Note {
	return ui.Note{Kind: ui.Needs, Strong: words.F(ctx, "funds.owed_title", words.Args{"Amount": m.Owed().String()}), Text: say(ctx, "funds.owed_text"),
		Acts: []ui.Act{{Word: say(ctx, "funds.owed_rows"), Href: m.rowsHref(ledger.Due)}}}
}

func (m Funds) asOfNote(ctx context.Context) ui.Note {
	return ui.Note{Strong: words.F(ctx, "funds.as_of_title", words.Args{"Time": clock.Text(m.AsOf)}), Text: say(ctx, "funds.as_of_text"),
		Acts: []ui.Act{{Word: say(ctx, "flow.as_of_now"), Href: m.href("", m.Chart)}}}
}

func (m Funds) summary(ctx context.Context) (all []ui.Fault) {
	for _, r := range m.Faults {
		all = append(all, ui.Fault{ID: "f-" + r.Field, Text: refusal(ctx, r)})
	}
	return all
}

// moments are looks back that people ask for by name: the ends of yesterday and of last month.
func (m Funds) moments(ctx context.Context) []ui.Act {
	today := clock.DayOf(m.Now)
	month := (today[:8] + "01").Add(-1)
	return []ui.Act{{Word: say(ctx, "funds.day_end"), Href: m.href(today.Add(-1).String()+"T23:59:59", m.Chart)},
		{Word: say(ctx, "funds.month_end"), Href: m.href(month.String()+"T23:59:59", m.Chart)}}
}

func (m Funds) asOfField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: ledger.FlowAsOf, Word: say(ctx, "funds.as_of"), Value: m.Typed, Wide: true, Error: refused(ctx, m.Faults, ledger.FlowAsOf)}
	if f.Moment = f.Error == ""; f.Moment {
		f.Value = m.asOfText()
	}
	return f
}

func (m Funds) wayGrid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "funds.way_table"), Rows: true, Columns: []ui.Column{{Word: say(ctx, "flow.head.account")},
		{Word: say(ctx, "funds.amount"), Num: true}, {Word: say(ctx, "funds.what")}}}
}

// wayWhat says what stands on an account of money on its way.
func wayWhat(ctx context.Context, a ledger.Account) string {
	if a.FrozenNumber() != "" {
		return say(ctx, "funds.way.FROZEN")
	}
	return say(ctx, "funds.way."+string(a))
}

func (m Funds) moveGrid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "funds.moves_table"), Rows: true, Columns: []ui.Column{{Word: say(ctx, "flow.head.account")}}}
	for _, id := range []string{"today_in", "today_out", "before_in", "before_out"} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "funds.moves."+id), Num: true})
	}
	return g
}

// move is an amount of one day, direction and account, with the way to its rows.
type move struct{ text, href, class, label string }

func (m Funds) moves(ctx context.Context, s ledger.Standing) []move {
	day, before := m.Day, m.Day.Add(-1)
	return []move{
		{signed(s.Today.In), FlowHref(s.Account, day, day, ledger.In, ""), "num m2", say(ctx, "funds.moves.today_in_short")},
		{signed(-s.Today.Out), FlowHref(s.Account, day, day, ledger.Out, ""), "num m4", say(ctx, "funds.moves.today_out_short")},
		{signed(s.Yesterday.In), FlowHref(s.Account, before, before, ledger.In, ""), "num", ""},
		{signed(-s.Yesterday.Out), FlowHref(s.Account, before, before, ledger.Out, ""), "num", ""}}
}

func (m Funds) chartTabs(ctx context.Context) (tabs []ui.ViewTab) {
	for _, s := range m.Own() {
		tabs = append(tabs, ui.ViewTab{Word: AccountWord(ctx, s.Account), Href: m.href(m.asOfText(), s.Account), Current: s.Account == m.Chart})
	}
	return tabs
}

func (m Funds) chart(ctx context.Context) ui.Chart {
	title := words.F(ctx, "funds.chart_title", words.Args{"Account": AccountWord(ctx, m.Chart)})
	c := ui.Chart{ID: "balance-chart", Title: title, Axis: func(fen int64) string { return thousands(fen / 100) }, Every: 5,
		Heads: [2]string{say(ctx, "funds.chart_day"), say(ctx, "funds.chart_balance")}}
	most, least := m.DayEnds[0], m.DayEnds[0]
	for i, d := range m.DayEnds {
		if d.Balance > most.Balance {
			most = d
		}
		if d.Balance < least.Balance {
			least = d
		}
		c.Bars = append(c.Bars, ui.Bar{Label: d.Day.String()[5:], Value: int64(d.Balance), Text: d.Balance.String(), Part: i == len(m.DayEnds)-1 && m.AsOf.IsZero(),
			Href: FlowQuery{Account: string(m.Chart), AsOf: d.Day.String() + "T23:59:59"}.Href(FlowPath, "")})
	}
	c.Words = words.F(ctx, "funds.chart_words", words.Args{"Title": title, "Most": most.Balance.String(), "MostDay": most.Day.String(),
		"Least": least.Balance.String(), "LeastDay": least.Day.String()})
	return c
}
