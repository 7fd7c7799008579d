package views

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// funds are the figures of the books: is yesterday's money there, and where does it stand. Each leads to
// the rows that make it.
func (m Home) funds(ctx context.Context) []ui.Figure {
	today := clock.DayOf(m.AsOf)
	yesterday, books := today.Add(-1), m.Money
	fees := ui.Figure{Word: say(ctx, "home.fees"), Value: books.Fees(yesterday).String(),
		Note: words.F(ctx, "home.fees_today", words.Args{"Amount": books.Fees(today).String()}), Href: "/funds/summary"}
	unsettled := ui.Figure{Word: say(ctx, "home.unsettled"), Value: books.Balances[ledger.Unsettled].String(),
		Note: say(ctx, "home.unsettled_"+string(books.System)), Href: FlowHref(ledger.Unsettled, "", "", "", "")}
	if books.System == merchant.Legacy {
		return append(m.lastLine(ctx), unsettled, m.balance(ctx, ledger.Available), fees)
	}
	fees.Href = FlowHref(ledger.Basic, yesterday, yesterday, ledger.Out, ledger.RowTradeFee)
	settled := ui.Figure{Word: say(ctx, "home.settled"), Value: books.Settled(yesterday).String(),
		Note: words.F(ctx, "home.settled_today", words.Args{"Amount": books.Settled(today).String()}),
		Href: FlowHref(ledger.Basic, yesterday, yesterday, ledger.In, ledger.RowTrade)}
	return []ui.Figure{settled, fees, m.balance(ctx, ledger.Basic), unsettled}
}

// lastLine answers whether the last settled day's money has reached the bank.
func (m Home) lastLine(ctx context.Context) []ui.Figure {
	l := m.Money.Line
	if l == nil {
		return nil
	}
	note := words.Args{"Day": l.Day.String(), "State": say(ctx, "settlement.state."+l.State), "PayDay": l.PayDay.String()}
	id := "home.line_note"
	if l.PayDay == "" {
		id = "home.line_note_unpaid"
	}
	return []ui.Figure{{Word: say(ctx, "home.line"), Value: l.Net.String(), Note: words.F(ctx, id, note), Href: "/funds/settlements/" + l.Day.String()}}
}

// balance is an account as it stands; beside the basic account stands the operations account.
func (m Home) balance(ctx context.Context, a ledger.Account) ui.Figure {
	f := ui.Figure{Word: words.F(ctx, "home.balance", words.Args{"Account": say(ctx, "ledger.account."+string(a))}),
		Value: m.Money.Balances[a].String(), Href: FlowHref(a, "", "", "", ""), Note: say(ctx, "home.balance_note")}
	if more, open := m.Money.Balances[ledger.Operation]; open && a == ledger.Basic {
		f.Note = words.F(ctx, "home.balance_operation", words.Args{"Amount": more.String()})
	}
	return f
}

// moneyTodo is what the books want of the reader: balances that run low, and what is owed.
func (m Home) moneyTodo(add func(kind string, args words.Args, href string)) {
	if m.Money == nil {
		return
	}
	for _, l := range m.Money.Low {
		add("low_"+string(l.Account), words.Args{"Balance": m.Money.Balances[l.Account].String(), "Threshold": l.Threshold.String()}, TopUpsPath)
	}
	if l := m.Money.Line; l != nil && l.Stuck() {
		add("line", words.Args{"Day": l.Day.String(), "Amount": l.Net.String()}, "/funds/settlements/"+l.Day.String())
	}
	if due := -m.Money.Balances[ledger.Due]; due > 0 {
		add("due", words.Args{"Amount": due.String()}, "/funds")
	}
}
