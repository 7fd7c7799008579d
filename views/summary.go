package views

import (
	"context"

	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// Summary is an account over days or months.
type Summary struct {
	ledger.Summary
	Faults []*fault.Refusal
	Typed  string // the month as it was typed
	Last   string // the month of today
}

// SummaryPath is where accounts are summed up.
const SummaryPath = "/funds/summary"

// SummaryHref is the address of a summary.
func SummaryHref(a ledger.SummaryAsk, ending string) string {
	return SummaryPath + ending + "?" + a.Values().Encode()
}

func (m Summary) fees() bool { return m.Account == ledger.FeeIncome }

func (m Summary) title(ctx context.Context) string {
	id := "summary.by_" + m.By
	if m.fees() {
		id = "summary.by_fees"
	}
	return words.F(ctx, id, words.Args{"Account": AccountWord(ctx, m.Account), "From": m.Whole.First.String()[:7], "To": m.Month})
}

// tabs are the accounts by days and by months, and the fees.
func (m Summary) tabs(ctx context.Context) ui.SavedViews {
	v := ui.SavedViews{Label: say(ctx, "summary.kinds")}
	account := m.Account
	if m.fees() {
		account = ledger.Account("")
		if len(m.Accounts) > 0 {
			account = m.Accounts[0]
		}
	}
	for _, by := range []string{ledger.ByDay, ledger.ByMonth} {
		v.Tabs = append(v.Tabs, ui.ViewTab{Word: say(ctx, "summary.tab_"+by), Current: !m.fees() && m.By == by,
			Href: SummaryHref(ledger.SummaryAsk{Account: account, By: by, Month: m.Month}, "")})
	}
	v.Tabs = append(v.Tabs, ui.ViewTab{Word: say(ctx, "summary.tab_fees"), Current: m.fees(),
		Href: SummaryHref(ledger.SummaryAsk{Account: ledger.FeeIncome, By: ledger.ByMonth, Month: m.Month}, "")})
	return v
}

func (m Summary) accountChoices(ctx context.Context) (all []ui.Option) {
	for _, a := range m.Accounts {
		all = append(all, ui.Option{Value: string(a), Word: AccountWord(ctx, a), Chosen: a == m.Account})
	}
	return all
}

func (m Summary) monthField(ctx context.Context) ui.FilterField {
	f := ui.FilterField{Name: ledger.SummaryMonth, Word: say(ctx, "summary.month_"+m.By), Value: m.Typed, Error: refused(ctx, m.Faults, ledger.SummaryMonth)}
	if f.Month = f.Error == ""; f.Month {
		f.Value = m.Month
	}
	return f
}

func (m Summary) hidden() []ui.Pair {
	pairs := []ui.Pair{{Name: ledger.SummaryBy, Value: m.By}}
	if m.fees() {
		pairs = append(pairs, ui.Pair{Name: ledger.FlowAccount, Value: string(m.Account)})
	}
	return pairs
}

func (m Summary) summary(ctx context.Context) (all []ui.Fault) {
	for _, r := range m.Faults {
		f := ui.Fault{Text: refusal(ctx, r)}
		if r.Field == ledger.SummaryMonth {
			f.ID = "f-" + r.Field
		}
		all = append(all, f)
	}
	return all
}

// sums is the line above the table: it must add up.
func (m Summary) sums(ctx context.Context) []ui.Sum {
	w := m.Whole
	unit := " " + say(ctx, "trades.money_unit")
	if m.fees() {
		return []ui.Sum{{Before: say(ctx, "summary.charged") + " ", Value: w.InAmount.String(), After: unit},
			{Before: say(ctx, "summary.returned") + " ", Value: w.OutAmount.String(), After: unit},
			{Before: say(ctx, "summary.net") + " ", Value: (w.InAmount - w.OutAmount).String(), After: unit}}
	}
	return []ui.Sum{{Before: say(ctx, "summary.opening") + " ", Value: w.Opening.String()},
		{Before: "+ " + words.F(ctx, "flow.sum_in", words.Args{"Count": thousands(w.Ins)}) + " ", Value: w.InAmount.String()},
		{Before: "− " + words.F(ctx, "flow.sum_out", words.Args{"Count": thousands(w.Outs)}) + " ", Value: w.OutAmount.String()},
		{Before: "= " + say(ctx, "summary.closing") + " ", Value: w.Closing.String(), After: unit}}
}

func (m Summary) columns() []string {
	if m.fees() {
		return []string{"period", "charged_count", "charged", "returned_count", "returned", "net"}
	}
	return []string{"period", "opening", "ins", "in", "outs", "out", "closing"}
}

func (m Summary) grid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "summary.table"), Rows: true}
	for i, c := range m.columns() {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "summary.col."+c), Num: i > 0})
	}
	return g
}

func (m Summary) typeGrid(ctx context.Context) ui.Grid {
	g := ui.Grid{Label: say(ctx, "summary.types_table"), Rows: true, Columns: []ui.Column{{Word: say(ctx, "flow.head.name")}, {Word: say(ctx, "flow.head.type")}}}
	for _, c := range []string{"ins", "in", "outs", "out"} {
		g.Columns = append(g.Columns, ui.Column{Word: say(ctx, "summary.col."+c), Num: true})
	}
	return g
}

// rowsHref leads to the rows of a period, of a direction and a line.
func (m Summary) rowsHref(p ledger.Period, direction string, row ledger.RowType) string {
	return FlowHref(m.Account, p.First, p.Last, direction, row)
}

// periodHref leads from a month to its days, and from a day to its rows.
func (m Summary) periodHref(p ledger.Period) string {
	if m.By == ledger.ByMonth {
		return SummaryHref(ledger.SummaryAsk{Account: m.Account, By: ledger.ByDay, Month: p.Name()}, "")
	}
	return m.rowsHref(p, "", "")
}

func (m Summary) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: SummaryHref(m.SummaryAsk, ".csv")},
		{Word: say(ctx, "trades.export_json"), Href: SummaryHref(m.SummaryAsk, ".json")}}
}

// turns lead to the page of time before, and the one after where there is one.
func (m Summary) turns(ctx context.Context) (prev, next ui.Act) {
	before, after := m.Turn(-1), m.Turn(1)
	prev = ui.Act{Word: say(ctx, "summary.before_"+m.By), Href: SummaryHref(before, ""), Small: true}
	next = ui.Act{Word: say(ctx, "summary.after_"+m.By), Href: SummaryHref(after, ""), Small: true, Disabled: m.Month >= m.Last}
	return prev, next
}
