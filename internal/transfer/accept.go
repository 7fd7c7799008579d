package transfer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/product"
	"zhanggui/internal/vault"
)

// Outcome is what became of an ask.
type Outcome struct {
	Payment Payment
	Known   bool  // it was accepted before; this is how it stands
	Refused error // one of the refusals of this package, or ledger.ErrInsufficient
}

// Accept accepts one payment: AcceptMany of one, its refusal as the error.
func (d Deps) Accept(ctx context.Context, tx db.Tx, a Ask) (Payment, error) {
	all, err := d.AcceptMany(ctx, tx, []Ask{a})
	if err != nil {
		return Payment{}, err
	}
	return all[0].Payment, all[0].Refused
}

// AcceptMany takes money out of the paying accounts and puts the payments down to be sent, in the order they
// are asked for, of one merchant or several: a refused ask never fails its neighbours. The same number with
// the same facts is the one payment in its present state.
func (d Deps) AcceptMany(ctx context.Context, tx db.Tx, asks []Ask) ([]Outcome, error) {
	if len(asks) > ManyMax {
		return nil, fmt.Errorf("transfer: %d asks at once, %d are done", len(asks), ManyMax)
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
	now := d.Clock.Now()
	for _, m := range houses {
		if err := d.acceptOf(ctx, tx, m, asks, byHouse[m], out, now); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// admitted looks at the right to ask, and at the ask itself.
func (a Ask) admitted() error {
	if err := a.Scope.Require(access.TransferMake); err != nil {
		return err
	}
	return a.check()
}

// acceptOf accepts what is asked of one merchant, whose books are held.
func (d Deps) acceptOf(ctx context.Context, tx db.Tx, m int64, asks []Ask, which []int, out []Outcome, now time.Time) error {
	open, err := product.IsOpen(ctx, tx.PG(), m, Code)
	if err != nil {
		return err
	}
	if !open {
		for _, i := range which {
			out[i].Refused = ErrProduct
		}
		return nil
	}
	c, err := d.counter(ctx, tx, m, asks, which, now)
	if err != nil {
		return err
	}
	for _, i := range which {
		out[i] = c.take(asks[i])
	}
	return c.save(ctx, tx)
}

// counter is what accepting payments of one merchant looks at and changes. Nothing of it reaches the database
// before save.
type counter struct {
	vault    *vault.Vault
	merchant int64
	now      time.Time
	day      clock.Day
	account  ledger.Account // that pays
	left     money.Fen      // on it
	next     int64          // the count of the next payment
	tallies  map[string]tally
	known    map[string]Payment
	fresh    []Payment
}

func (d Deps) counter(ctx context.Context, tx db.Tx, m int64, asks []Ask, which []int, now time.Time) (*counter, error) {
	c := &counter{vault: d.Vault, merchant: m, now: now, day: clock.DayOf(now)}
	var err error
	if c.account, err = operations.PayFrom(ctx, tx, m); err != nil {
		return nil, err
	}
	balances, err := ledger.Balances(ctx, tx.PG(), m)
	if err != nil {
		return nil, err
	}
	c.left = balances[c.account]
	payees, numbers := []string{""}, []string{}
	for _, i := range which {
		payees = append(payees, asks[i].OpenID)
		if asks[i].Number != "" {
			numbers = append(numbers, asks[i].Number)
		}
	}
	if c.next, c.tallies, c.known, err = standing(ctx, tx, m, payees, numbers); err != nil {
		return nil, err
	}
	return c, nil
}

// take decides about one ask.
func (c *counter) take(a Ask) Outcome {
	if p, ok := c.known[a.Number]; ok && a.Number != "" {
		if !c.same(p, a) {
			return Outcome{Refused: ErrOther}
		}
		return Outcome{Payment: p, Known: true}
	}
	if count(a.Number) > 0 {
		return Outcome{Refused: ErrNumber} // only we make numbers like that
	}
	payee, house := c.tallies[a.OpenID].on(c.day), c.tallies[""].on(c.day)
	due, err := admit(a, payee, house, c.now)
	if err == nil && a.Amount > c.left {
		err = ledger.Short(c.account, c.left, a.Amount-c.left)
	}
	if err != nil {
		return Outcome{Refused: err}
	}
	p := c.payment(a, due)
	c.left -= a.Amount
	c.tallies[a.OpenID], c.tallies[""] = payee.with(a.Amount, due), house.with(a.Amount, c.now)
	c.known[p.Number] = p
	c.fresh = append(c.fresh, p)
	return Outcome{Payment: p}
}

// payment is the ask, accepted.
func (c *counter) payment(a Ask, due time.Time) Payment {
	p := Payment{Merchant: c.merchant, N: c.next, Amount: a.Amount, MadeAt: c.now, DueAt: &due, Day: c.day, State: Waiting, PaidFrom: c.account,
		Check: a.Check, Number: a.Number, OpenID: a.OpenID, Description: a.Description, Address: a.Address, Actor: a.Scope.Actor().Name}
	c.next++
	if p.Number == "" {
		p.Number = p.No()
	}
	if a.Name != "" {
		p.Masked, p.name = vault.MaskName(a.Name), c.vault.Seal(nameAt(p), a.Name)
	}
	if account := a.Scope.Actor().Account; account != uuid.Nil {
		p.AccountID = &account
	}
	if a.FileID != uuid.Nil {
		p.FileID, p.FileLine = &a.FileID, &a.FileLine
	}
	return p
}

// nameAt is where a payee's name is sealed.
func nameAt(p Payment) vault.At {
	return vault.At{Table: "enterprise_payments", Column: "name", Row: p.No(), Merchant: p.Merchant}
}

// same tells whether an ask is the payment that stands under its number.
func (c *counter) same(p Payment, a Ask) bool {
	name, err := revealName(c.vault, p)
	return err == nil && p.OpenID == a.OpenID && p.Amount == a.Amount && p.Check == a.Check && name == a.Name && p.Description == a.Description
}

func revealName(v *vault.Vault, p Payment) (string, error) {
	if len(p.name) == 0 {
		return "", nil
	}
	return v.Reveal(nameAt(p), p.name)
}

// save writes what was accepted: the payments, their lines of the books, what the limits count, and the work.
func (c *counter) save(ctx context.Context, tx db.Tx) error {
	if len(c.fresh) == 0 {
		return nil
	}
	moves := make([]ledger.Transfer, len(c.fresh))
	first := *c.fresh[0].DueAt
	for i, p := range c.fresh {
		moves[i] = p.accepted()
		if p.DueAt.Before(first) {
			first = *p.DueAt
		}
	}
	if err := insertPayments(ctx, tx, c.fresh); err != nil {
		return err
	}
	done, err := ledger.PostMany(ctx, tx, c.now, moves)
	if err != nil {
		return err
	}
	for i, o := range done {
		if o.Refused != nil || o.Known {
			return fmt.Errorf("transfer: payment %s is admitted, and the books say %w, known %v", moves[i].Key, o.Refused, o.Known)
		}
	}
	if err := saveTallies(ctx, tx, c.merchant, c.tallies); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, job.Job{Merchant: c.merchant, Kind: WorkKind, Key: "from/" + c.fresh[0].No(), Lane: lane, Payload: struct{}{}, Due: first})
}
