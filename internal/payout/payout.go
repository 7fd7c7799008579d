// Package payout decides when money is handed to the bank, to which card, and what the bank's answers mean:
// for settlements, for checks of new cards and for withdrawals alike. Each purpose has an owner, who is told
// of every move of a payment in the transaction that makes it, and books it.
//
// A payment is made once under its number, for ever. The card in use when it is first handed in is the one it
// goes to, and a card that was changed rests before anything is. An answer that did not come is no answer: the
// payment is handed in again and asked after under the same number until it has ended. It refuses to believe
// the bank where it contradicts itself: nothing changes, and operators see it.
package payout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/difference"
	"zhanggui/internal/job"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

// Purpose is what a payment is for, as the channel calls it.
type Purpose string

// The purposes.
const (
	ForSettlement Purpose = "settlement"
	ForCheck      Purpose = "check"  // a small amount that proves a new card
	ForWithdrawal Purpose = "payout" // what a merchant withdraws
)

// State is where a payment stands. Words: "payout.state." + code.
type State string

// The states of a payment.
const (
	Waiting   State = "waiting"
	Sending   State = "sending" // handed in, and nobody knows yet whether the bank has it
	Sent      State = "sent"
	Paid      State = "paid"
	Failed    State = "failed"
	Returned  State = "returned"
	Cancelled State = "cancelled"
)

// Payment is one payment as it is kept.
type Payment struct {
	Number     string
	BatchNo    string // handed in together; alone: the number itself
	Purpose    Purpose
	Day        clock.Day // of a line of the settlement record
	Request    uuid.UUID // of a check
	Amount     money.Fen
	Try        int
	State      State
	Bank       string // empty until it is first handed in, unless the card was named when it was made
	Tail       string
	Account    []byte // sealed for CardAt
	Memo       string
	Reason     string
	MadeAt     time.Time
	SentAt     *time.Time
	EndedAt    *time.Time
	ReturnedAt *time.Time
}

// Owner does what a move of a payment brings to that for which it was made, and books it.
type Owner func(ctx context.Context, tx db.Tx, m int64, p Payment, s Step) error

// Deps are what payments need.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock // business time
	Vault  *vault.Vault
	Bank   Bank
	Owners map[Purpose]Owner
}

var errNoOwner = errors.New("payout: nobody owns payments of this purpose")

// Register says which of the work is done by whom.
func (d Deps) Register(r *job.Registry) {
	r.Handle(SendKind, d.Send)
	r.Handle(AskKind, d.Ask)
	r.Daily(SweepKind, SweepAt, d.Sweep)
}

// Make puts a payment down that waits to be handed in.
func Make(ctx context.Context, tx db.Tx, m int64, p Payment) error {
	p.State = Waiting
	return addPayment(ctx, tx, m, p)
}

// Cancel takes a payment back that was never handed in, and tells whether it did.
func Cancel(ctx context.Context, tx db.Tx, m int64, number string) (bool, error) {
	p, err := lockPayment(ctx, tx, m, number)
	if err != nil || p.State != Waiting {
		return false, err
	}
	p.State = Cancelled
	return true, savePayment(ctx, tx, m, p)
}

// CardAt is where a payment keeps the card it goes to.
func CardAt(m int64, number string) vault.At {
	return vault.At{Table: "bank_payments", Column: "account", Row: number, Merchant: m}
}

// raise writes down that the bank contradicts what stands, or refuses it.
func (d Deps) raise(ctx context.Context, tx db.Tx, m int64, p Payment, said string) error {
	return difference.Raise(ctx, tx, m, difference.Operation(p.Purpose), p.Number, said[:min(len(said), difference.WordMax)], string(p.State), d.Clock.Now())
}

// told tells the owner.
func (d Deps) told(ctx context.Context, tx db.Tx, m int64, p Payment, s Step) error {
	owner := d.Owners[p.Purpose]
	if owner == nil {
		return fmt.Errorf("%w: %s", errNoOwner, p.Purpose)
	}
	return owner(ctx, tx, m, p, s)
}
