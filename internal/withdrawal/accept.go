package withdrawal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
)

// The transfers of a withdrawal; the key is its number.
const (
	KindAccepted ledger.Kind = "withdrawal"
	KindPaid     ledger.Kind = "withdrawal.paid"
	KindFailed   ledger.Kind = "withdrawal.failed" // closed, too
	KindReturned ledger.Kind = "withdrawal.returned"
)

// Outcome is what became of an ask.
type Outcome struct {
	Withdrawal Withdrawal
	Known      bool  // it was accepted before; this is how it stands
	Refused    error // one of the refusals of this package, or ledger.ErrInsufficient
}

// Accept accepts one withdrawal: AcceptMany of one, its refusal as the error.
func (d Deps) Accept(ctx context.Context, tx db.Tx, a Ask) (Withdrawal, error) {
	all, err := d.AcceptMany(ctx, tx, []Ask{a})
	if err != nil {
		return Withdrawal{}, err
	}
	return all[0].Withdrawal, all[0].Refused
}

// AcceptMany takes money out of the accounts and puts the withdrawals down to be handed to the bank, in the
// order they are asked for, of one merchant or several: a refused ask never fails its neighbours. The same
// number with the same facts is the one withdrawal in its present state.
func (d Deps) AcceptMany(ctx context.Context, tx db.Tx, asks []Ask) ([]Outcome, error) {
	if len(asks) > ManyMax {
		return nil, fmt.Errorf("withdrawal: %d asks at once, %d are done", len(asks), ManyMax)
	}
	out := make([]Outcome, len(asks))
	byHouse := map[int64][]int{}
	for i, a := range asks {
		if out[i].Refused = a.admitted(); out[i].Refused == nil {
			byHouse[a.Scope.Merchant()] = append(byHouse[a.Scope.Merchant()], i)
		}
	}
	houses := slices.Sorted(maps.Keys(byHouse))
	if len(houses) == 0 {
		return out, nil
	}
	if err := ledger.Hold(ctx, tx, houses...); err != nil {
		return nil, err
	}
	for _, m := range houses {
		c, err := d.counter(ctx, tx, m, d.Clock.Now(), asks, byHouse[m])
		if err != nil {
			return nil, err
		}
		for _, i := range byHouse[m] {
			out[i] = c.take(asks[i])
		}
		if err := c.save(ctx, tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// counter is what accepting withdrawals of one merchant looks at and changes. Nothing of it reaches the
// database before save.
type counter struct {
	merchant int64
	now      time.Time
	from     clock.Day // when the bank can have it: today, or when the card's rest is over
	calendar calendar.Calendar
	left     map[ledger.Account]money.Fen
	next     int64
	known    map[string]Withdrawal
	fresh    []Withdrawal
}

func (d Deps) counter(ctx context.Context, tx db.Tx, m int64, now time.Time, asks []Ask, which []int) (*counter, error) {
	c := &counter{merchant: m, now: now}
	var numbers []string
	for _, i := range which {
		if no := asks[i].RequestNo; no != "" {
			numbers = append(numbers, no)
		}
	}
	var err error
	if c.left, err = ledger.Balances(ctx, tx.PG(), m); err != nil {
		return nil, err
	}
	if c.next, err = nextN(ctx, tx, m); err != nil {
		return nil, err
	}
	if c.known, err = byRequest(ctx, tx, m, numbers); err != nil {
		return nil, err
	}
	c.from, c.calendar, err = reach(ctx, tx.PG(), m, c.now)
	return c, err
}

// reach is the first day on which the bank can have money of the merchant, and the calendar.
func reach(ctx context.Context, q db.Querier, m int64, now time.Time) (clock.Day, calendar.Calendar, error) {
	cal, err := calendar.Load(ctx, q, now)
	if err != nil {
		return "", cal, err
	}
	rest, err := merchant.PayoutsFrom(ctx, q, m)
	if err == nil && rest != nil && rest.After(now) {
		now = *rest
	}
	return clock.DayOf(now), cal, err
}

// promise is when money that the bank can have from a day on is expected: what a person asks for on the next
// working day, what leaves in the morning on the same day if banks work.
func promise(cal calendar.Calendar, kind Kind, from clock.Day) clock.Day {
	if kind == Automatic {
		return cal.From(from)
	}
	return cal.Next(from)
}

// take decides about one ask.
func (c *counter) take(a Ask) Outcome {
	if w, ok := c.known[a.RequestNo]; ok && a.RequestNo != "" {
		if w.Account != a.Account || w.Amount != a.Amount || w.Remark != a.Remark || w.Memo != a.Memo {
			return Outcome{Refused: ErrOther}
		}
		return Outcome{Withdrawal: w, Known: true}
	}
	left, open := c.left[a.Account]
	if !open {
		return Outcome{Refused: ledger.ErrNotOpen.With("Account", string(a.Account)).On(FieldAccount)}
	}
	if a.Amount > left {
		return Outcome{Refused: short(a.Account, a.Amount, left)}
	}
	w := c.withdrawal(a)
	c.left[a.Account] -= a.Amount
	c.known[w.RequestNo] = w
	c.fresh = append(c.fresh, w)
	return Outcome{Withdrawal: w}
}

// short refuses what an account cannot cover.
func short(account ledger.Account, amount, left money.Fen) error {
	return ledger.Short(account, left, amount-left).On(FieldAmount)
}

// withdrawal is the ask, accepted.
func (c *counter) withdrawal(a Ask) Withdrawal {
	w := Withdrawal{Merchant: c.merchant, N: c.next, Amount: a.Amount, MadeAt: c.now, MovedAt: c.now, Day: clock.DayOf(c.now),
		Promised: promise(c.calendar, a.Kind, c.from), Kind: a.Kind, State: Made, Account: a.Account, RequestNo: a.RequestNo, Remark: a.Remark,
		Memo: a.Memo, Actor: a.Scope.Actor().Name}
	c.next++
	if w.RequestNo == "" {
		w.RequestNo = w.No()
	}
	if account := a.Scope.Actor().Account; account != uuid.Nil {
		w.AccountID = &account
	}
	return w
}

// save writes what was accepted: the withdrawals, their lines of the books, and the payments to the bank.
func (c *counter) save(ctx context.Context, tx db.Tx) error {
	if len(c.fresh) == 0 {
		return nil
	}
	moves := make([]ledger.Transfer, len(c.fresh))
	for i, w := range c.fresh {
		moves[i] = w.transfer(KindAccepted, w.Remark, ledger.Leg{Account: w.Account, Amount: -w.Amount, Row: ledger.RowWithdraw},
			ledger.Leg{Account: ledger.InWithdraw, Amount: w.Amount})
		if err := add(ctx, tx, w); err != nil {
			return err
		}
		if err := w.pay(ctx, tx); err != nil {
			return err
		}
	}
	done, err := ledger.PostMany(ctx, tx, c.now, moves)
	if err != nil {
		return err
	}
	for i, o := range done {
		if o.Refused != nil || o.Known {
			return fmt.Errorf("withdrawal %s is admitted; booked before: %v, refused: %w", moves[i].Key, o.Known, o.Refused)
		}
	}
	return nil
}

// pay puts its payment down.
func (w Withdrawal) pay(ctx context.Context, tx db.Tx) error {
	err := payout.Make(ctx, tx, w.Merchant, payout.Payment{Number: w.BankNo(), BatchNo: w.BankNo(), Purpose: payout.ForWithdrawal, Amount: w.Amount,
		Try: 1, Memo: w.Memo, MadeAt: w.MadeAt})
	if err != nil {
		return err
	}
	return payout.HandInAt(ctx, tx, w.Merchant, w.BankNo(), w.MadeAt)
}

func (w Withdrawal) transfer(kind ledger.Kind, note string, legs ...ledger.Leg) ledger.Transfer {
	return ledger.Transfer{Merchant: w.Merchant, Kind: kind, Key: w.No(), BusinessNo: w.No(), VoucherNo: w.RequestNo, Applicant: w.Actor, Note: note, Legs: legs}
}
