package operations

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Function is a function of operations by the lines it leaves on the paying account. Words: "operations.function." + Code.
type Function struct {
	Code  string
	Out   ledger.RowType
	Backs []ledger.RowType
}

// Functions lists them.
var Functions = []Function{
	{"packet", ledger.RowPacket, []ledger.RowType{ledger.RowPacketFailed, ledger.RowPacketBack}},
	{"payment", ledger.RowPayment, []ledger.RowType{ledger.RowPaymentBack}},
	{"budget", ledger.RowBudgetFrozen, []ledger.RowType{ledger.RowBudgetBack, ledger.RowDiscountRefund}},
}

// Spent is what a function took and gave back.
type Spent struct {
	Function
	Took, Gave money.Fen
}

// Net is what it cost.
func (s Spent) Net() money.Fen { return s.Took - s.Gave }

// Budget is the operations account over one month.
type Budget struct {
	First            clock.Day
	Opening, Balance money.Fen
	Spent            []Spent   // of functions that moved something
	MovedIn          money.Fen // from the basic account
	ToppedUp         money.Fen
	MovedBack        money.Fen
	Other            money.Fen // opening balances and corrections, signed
}

// Net is what all functions cost.
func (b Budget) Net() (sum money.Fen) {
	for _, s := range b.Spent {
		sum += s.Net()
	}
	return sum
}

// Took is what all functions took, and Gave what came back.
func (b Budget) Took() (sum money.Fen) {
	for _, s := range b.Spent {
		sum += s.Took
	}
	return sum
}

// Gave is what came back of what was taken.
func (b Budget) Gave() (sum money.Fen) {
	for _, s := range b.Spent {
		sum += s.Gave
	}
	return sum
}

// Month reads what each function spent this month of the operations account.
func Month(ctx context.Context, q db.Querier, s access.Scope, at time.Time) (Budget, error) {
	today := clock.DayOf(at)
	m, err := ledger.Summarize(ctx, q, s, ledger.SummaryAsk{Account: ledger.Operation, By: ledger.ByDay, Month: today.String()[:len("2026-11")]}, today)
	if err != nil {
		return Budget{}, err
	}
	return budgetOf(m.Whole), nil
}

// budgetOf sorts a month's lines by what they are of.
func budgetOf(p ledger.Period) Budget {
	b := Budget{First: p.First, Opening: p.Opening, Balance: p.Closing}
	sums := map[ledger.RowType]ledger.TypeSum{}
	for _, t := range p.Types {
		sums[t.Row] = t
	}
	for _, f := range Functions {
		s := Spent{Function: f, Took: sums[f.Out].OutAmount}
		for _, back := range f.Backs {
			s.Gave += sums[back].InAmount
		}
		if s.Took != 0 || s.Gave != 0 {
			b.Spent = append(b.Spent, s)
		}
	}
	b.MovedIn, b.MovedBack, b.ToppedUp = sums[ledger.RowFromBasic].InAmount, sums[ledger.RowToBasic].OutAmount, sums[ledger.RowTopUp].InAmount
	b.Other = b.Balance - b.Opening - b.MovedIn - b.ToppedUp + b.MovedBack + b.Net()
	return b
}
