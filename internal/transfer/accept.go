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
	houses := map[int64]*house{}
	for i, a := range asks {
		if out[i].Refused = a.admitted(); out[i].Refused == nil {
			houses[a.Scope.Merchant()] = nil
		}
	}
	if len(houses) == 0 {
		return out, nil
	}
	c := counter{vault: d.Vault, clock: d.Clock, houses: houses}
	if err := c.open(ctx, tx, asks); err != nil {
		return nil, err
	}
	for i, a := range asks {
		if out[i].Refused == nil {
			out[i] = c.take(a)
		}
	}
	return out, c.save(ctx, tx)
}

// admitted looks at the right to ask, and at the ask itself.
func (a Ask) admitted() error {
	if err := a.Scope.Require(access.TransferMake); err != nil {
		return err
	}
	return a.check()
}

// stood is how a merchant's payments stand.
type stood struct {
	next    int64 // the count of the next one
	tallies map[string]tally
	known   map[string]Payment // under their numbers
}

// day is the day on which the limits count: that of the merchant's newest payment where another clock was
// ahead of ours, for a day that went back would forget what was paid.
func (s *stood) day(now time.Time) clock.Day { return max(clock.DayOf(now), s.tallies[""].Day) }

// house is a merchant that pays.
type house struct {
	*stood
	day     clock.Day      // that the limits count on
	account ledger.Account // that pays
	left    money.Fen      // on it
}

// counter is what accepting payments looks at and changes. Nothing of it reaches the database before save.
type counter struct {
	vault  *vault.Vault
	clock  clock.Clock
	now    time.Time        // read once the merchants are held
	houses map[int64]*house // nil: without the product
	fresh  []Payment
}

// open holds the merchants, and reads how they stand: all of them by the same few statements. The time is
// read once they are held: whoever waited for them over midnight would forget what the new day counted.
func (c *counter) open(ctx context.Context, tx db.Tx, asks []Ask) error {
	all := slices.Sorted(maps.Keys(c.houses))
	if err := ledger.Hold(ctx, tx, all...); err != nil {
		return err
	}
	c.now = c.clock.Now()
	open, err := product.OpenOf(ctx, tx.PG(), Code, all...)
	if err != nil {
		return err
	}
	paying := slices.DeleteFunc(all, func(m int64) bool { return !open[m] })
	if len(paying) == 0 {
		return nil
	}
	purses, err := operations.PayFromEach(ctx, tx, paying...)
	if err != nil {
		return err
	}
	var payees, numbers texts
	for _, a := range asks {
		if m := a.Scope.Merchant(); open[m] {
			payees.add(m, a.OpenID)
			if a.Number != "" {
				numbers.add(m, a.Number)
			}
		}
	}
	stand, err := standing(ctx, tx, paying, payees, numbers)
	for m, s := range stand {
		c.houses[m] = &house{s, s.day(c.now), purses[m].Account, purses[m].Balance}
	}
	return err
}

// take decides about one ask.
func (c *counter) take(a Ask) Outcome {
	h := c.houses[a.Scope.Merchant()]
	if h == nil {
		return Outcome{Refused: ErrProduct}
	}
	if p, ok := h.known[a.Number]; ok && a.Number != "" {
		if !c.same(p, a) {
			return Outcome{Refused: ErrOther}
		}
		return Outcome{Payment: p, Known: true}
	}
	if count(a.Number) > 0 {
		return Outcome{Refused: ErrNumber} // only we make numbers like that
	}
	payee, whole := h.tallies[a.OpenID].on(h.day), h.tallies[""].on(h.day)
	due, err := admit(a, payee, whole, c.now)
	if err == nil && a.Amount > h.left {
		err = ledger.Short(h.account, h.left, a.Amount-h.left)
	}
	if err != nil {
		return Outcome{Refused: err}
	}
	p := c.payment(a, h, due)
	h.left -= a.Amount
	h.next++
	h.tallies[a.OpenID], h.tallies[""] = payee.with(a.Amount, due), whole.with(a.Amount, c.now)
	h.known[p.Number] = p
	c.fresh = append(c.fresh, p)
	return Outcome{Payment: p}
}

// payment is the ask, accepted.
func (c *counter) payment(a Ask, h *house, due time.Time) Payment {
	p := Payment{Merchant: a.Scope.Merchant(), N: h.next, Amount: a.Amount, MadeAt: c.now, DueAt: &due, Day: h.day, State: Waiting, PaidFrom: h.account,
		Check: a.Check, Number: a.Number, OpenID: a.OpenID, Description: a.Description, Address: a.Address, Actor: a.Scope.Actor().Name}
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

// save writes what was accepted: the payments, their lines of the books, what the limits count, and the work
// of each merchant.
func (c *counter) save(ctx context.Context, tx db.Tx) error {
	if len(c.fresh) == 0 {
		return nil
	}
	moves := make([]ledger.Transfer, len(c.fresh))
	work := map[int64]job.Job{}
	for i, p := range c.fresh {
		moves[i] = p.accepted()
		j, begun := work[p.Merchant]
		if !begun {
			j = job.Job{Merchant: p.Merchant, Kind: WorkKind, Key: "from/" + p.No(), Lane: lane, Payload: struct{}{}, Due: *p.DueAt}
		}
		if p.DueAt.Before(j.Due) {
			j.Due = *p.DueAt
		}
		work[p.Merchant] = j
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
	if err := saveTallies(ctx, tx, c.houses); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, slices.Collect(maps.Values(work))...)
}
