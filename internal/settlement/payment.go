package settlement

import (
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// PaymentState is where a payment stands. Words: "settlement.payment." + code.
type PaymentState string

// The states of a payment.
const (
	Waiting       PaymentState = "waiting"
	Sending       PaymentState = "sending" // handed in, and nobody knows yet whether the bank has it
	PaymentSent   PaymentState = "sent"
	PaymentPaid   PaymentState = "paid"
	PaymentFailed PaymentState = "failed"
	PaymentBack   PaymentState = "returned"
	PaymentOff    PaymentState = "cancelled"
)

// payment is one payment as it is kept.
type payment struct {
	Number   string
	BatchNo  string
	Purpose  Purpose
	Day      clock.Day // of a line
	Request  uuid.UUID // of a check
	Amount   money.Fen
	Try      int
	State    PaymentState
	Bank     string
	Tail     string
	Account  []byte // sealed
	Memo     string
	Reason   string
	MadeAt   time.Time
	SentAt   *time.Time
	EndedAt  *time.Time
	Returned *time.Time
}

// The transfers of a payment; the key is its number.
const (
	KindPaid      ledger.Kind = "batch.paid"
	KindReturned  ledger.Kind = "batch.returned"
	KindCancelled ledger.Kind = "batch.cancelled" // key: the line's day
	KindCheck     ledger.Kind = "card.check"
	KindCheckBack ledger.Kind = "card.check.returned"
)

// step is what a verdict does to a payment.
type step struct {
	to    PaymentState
	paid  bool // the money left
	back  bool // the money came back
	alarm bool // the bank contradicts what stands: nothing changes
}

// open is what a payment that the bank has, or may have, hears. A return of what was never said to be paid
// is both at once.
var open = map[Verdict]step{Processing: {to: PaymentSent}, BankSuccess: {to: PaymentPaid, paid: true}, BankFailed: {to: PaymentFailed},
	BankReturned: {to: PaymentBack, paid: true, back: true}}

// heard is what the bank may say when; success said late of what has come back is old.
var heard = map[PaymentState]map[Verdict]step{
	Sending: open, PaymentSent: open,
	PaymentPaid:   {BankSuccess: {to: PaymentPaid}, BankReturned: {to: PaymentBack, back: true}},
	PaymentFailed: {BankFailed: {to: PaymentFailed}},
	PaymentBack:   {BankSuccess: {to: PaymentBack}, BankReturned: {to: PaymentBack}},
}

// hear is what a verdict does. That a payment is on its way is no news once more is known; whatever else is
// not in the table contradicts it.
func hear(s PaymentState, v Verdict) step {
	if known, ok := heard[s][v]; ok {
		return known
	}
	return step{to: s, alarm: v != Processing}
}

// lineState is where a line stands whose newest payment stands so.
func lineState(s PaymentState) State {
	return map[PaymentState]State{Waiting: Cut, Sending: Cut, PaymentSent: Sent, PaymentPaid: Paid, PaymentFailed: Failed,
		PaymentBack: Returned, PaymentOff: Cancelled}[s]
}

// paid is a settlement that left, in the books.
func (p payment) paid(m int64, l Line) ledger.Transfer {
	return p.transfer(m, KindPaid, l.BatchNo, ledger.Leg{Account: ledger.InSettle, Amount: -p.Amount}, ledger.Leg{Account: ledger.Bank, Amount: p.Amount})
}

// returned is one that came back; after an upgrade it goes to BASIC.
func (p payment) returned(m int64, l Line, upgraded bool) ledger.Transfer {
	to := ledger.Leg{Account: ledger.InSettle, Amount: p.Amount}
	if upgraded {
		to = ledger.Leg{Account: ledger.Basic, Amount: p.Amount, Row: ledger.RowSettleBack}
	}
	return p.transfer(m, KindReturned, l.BatchNo, ledger.Leg{Account: ledger.Bank, Amount: -p.Amount}, to)
}

// kept is one that never left, after an upgrade: it goes to BASIC, too.
func (p payment) kept(m int64, l Line) ledger.Transfer {
	return p.transfer(m, KindReturned, l.BatchNo, ledger.Leg{Account: ledger.InSettle, Amount: -p.Amount},
		ledger.Leg{Account: ledger.Basic, Amount: p.Amount, Row: ledger.RowSettleBack})
}

// checked is a check payment, or its return, at the platform's expense.
func (p payment) checked(m int64, kind ledger.Kind, amount money.Fen) ledger.Transfer {
	return p.transfer(m, kind, p.BatchNo, ledger.Leg{Account: ledger.Suspense, Amount: -amount}, ledger.Leg{Account: ledger.Bank, Amount: amount})
}

func (p payment) transfer(m int64, kind ledger.Kind, voucher string, legs ...ledger.Leg) ledger.Transfer {
	return ledger.Transfer{Merchant: m, Kind: kind, Key: p.Number, BusinessNo: p.Number, VoucherNo: voucher, Applicant: system,
		Note: p.Reason, Legs: legs}
}
