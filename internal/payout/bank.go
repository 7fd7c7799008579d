package payout

import (
	"context"
	"errors"

	"zhanggui/internal/money"
)

// Bank pays to cards. A number is paid at most once, however often it is handed in.
type Bank interface {
	// Pay hands payments in. nil: the bank has them. An error says nothing about whether it has them.
	Pay(ctx context.Context, b Batch) error
	// Ask tells how a payment stands; ErrUnknown where the bank never heard of it.
	Ask(ctx context.Context, number string) (Answer, error)
}

// ErrUnknown says that the bank never heard of the payment.
var ErrUnknown = errors.New("payout: the bank does not know the payment")

// Refusal is the bank's refusal of a call. It tells nothing of whether the bank has the payments and ends none
// of them; only people can mend what it is about.
type Refusal struct {
	Code  string
	Cause error
}

func (r *Refusal) Error() string { return "payout: refused: " + r.Cause.Error() }

func (r *Refusal) Unwrap() error { return r.Cause }

// Batch is payments of one merchant that are handed in together.
type Batch struct {
	Number  string
	Purpose Purpose
	Orders  []Order
}

// Order is one payment to a card.
type Order struct {
	Number  string
	MchID   int64
	Holder  string
	Bank    string
	Account string // whole
	Amount  money.Fen
	Memo    string
}

// Verdict is what the bank says of a payment.
type Verdict string

// The verdicts.
const (
	Processing   Verdict = "PROCESSING"
	BankSuccess  Verdict = "SUCCESS"
	BankFailed   Verdict = "FAILED"
	BankReturned Verdict = "RETURNED"
)

// Known tells whether the verdict is one of ours.
func (v Verdict) Known() bool {
	return v == Processing || v == BankSuccess || v == BankFailed || v == BankReturned
}

// Answer is a verdict with its reason, and the amount that the bank says it is about.
type Answer struct {
	Verdict Verdict
	Amount  money.Fen
	Reason  string
}
