package product

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
)

// Open opens a product by an agreement that the scope's actor signed, or hands it to the operators where they
// look first. It may be part of a larger act, such as the account upgrade; whoever confirms that act on the
// phone writes its audit row. It refuses with ErrOpen what is open already, so that nothing is opened twice.
func (c *Catalogue) Open(ctx context.Context, tx db.Tx, s access.Scope, g Signed, at time.Time) (Opening, error) {
	if err := s.Require(access.ProductOpen); err != nil {
		return Opening{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return Opening{}, err
	}
	i, err := c.admit(ctx, tx.PG(), s, g, at)
	if err != nil {
		return Opening{}, err
	}
	o := Opening{Merchant: s.Merchant(), Code: i.Code, State: Reviewing, AskedBy: s.Actor().Name, AskerID: known(s.Actor().Account),
		AskedAt: at, Confirmation: known(confirm.Current(ctx)), Agreement: i.Agreement, SignedHash: i.Agreement.Hash()}
	if o.N, err = nextCount(ctx, tx, s.Merchant()); err != nil {
		return o, err
	}
	if !i.Reviewed {
		o.State, o.OpenedAt = Open, &at
	}
	if err := insert(ctx, tx, o); err != nil || o.State != Open {
		return o, err
	}
	return o, c.took(ctx, tx, s, i.Declaration, o, at)
}

// admit refuses what cannot be opened by the agreement.
func (c *Catalogue) admit(ctx context.Context, q db.Querier, s access.Scope, g Signed, at time.Time) (Item, error) {
	i, err := c.Look(ctx, q, s, g.Code, at)
	if err != nil {
		return i, err
	}
	if err := i.refusal(); err != nil {
		return i, err
	}
	if g != i.Signing() {
		return i, ErrAgreement
	}
	return i, nil
}

// took does what opening does besides, and tells people.
func (c *Catalogue) took(ctx context.Context, tx db.Tx, s access.Scope, d Declaration, o Opening, at time.Time) error {
	if d.Open != nil {
		if err := d.Open(ctx, tx, s, at); err != nil {
			return err
		}
	}
	return tell(ctx, tx, "product_opened", o, at)
}

// Close closes a product that can be. Closing does not end what already runs; the product's own effect decides that.
func (c *Catalogue) Close(ctx context.Context, tx db.Tx, s access.Scope, code Code, at time.Time) (Opening, error) {
	if err := s.Require(access.ProductOpen); err != nil {
		return Opening{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return Opening{}, err
	}
	d, o, err := c.closable(ctx, tx.PG(), s, code, at)
	if err != nil {
		return o, err
	}
	if err := o.move(Closed); err != nil {
		return o, err
	}
	o.ClosedAt, o.ClosedBy = &at, s.Actor().Name
	if err := save(ctx, tx, o); err != nil {
		return o, err
	}
	if d.Close != nil {
		if err := d.Close(ctx, tx, s, at); err != nil {
			return o, err
		}
	}
	return o, tell(ctx, tx, "product_closed", o, at)
}

func (c *Catalogue) closable(ctx context.Context, q db.Querier, s access.Scope, code Code, at time.Time) (Declaration, Opening, error) {
	i, err := c.Look(ctx, q, s, code, at)
	switch {
	case err != nil:
		return i.Declaration, Opening{}, err
	case i.Last == nil || i.State() != Open:
		return i.Declaration, Opening{}, ErrState
	case i.Lasting:
		return i.Declaration, *i.Last, ErrLasting
	}
	return i.Declaration, *i.Last, nil
}

// Look reads how a product stands for the scope's merchant; one that is not for it is fault.ErrNotFound.
func (c *Catalogue) Look(ctx context.Context, q db.Querier, s access.Scope, code Code, at time.Time) (Item, error) {
	return c.look(ctx, q, s.Merchant(), code, at)
}

func (c *Catalogue) look(ctx context.Context, q db.Querier, merchant int64, code Code, at time.Time) (Item, error) {
	all, err := c.read(ctx, q, merchant, at)
	if err != nil {
		return Item{}, err
	}
	for _, i := range all {
		if i.Code == code {
			return i, nil
		}
	}
	return Item{}, fault.ErrNotFound
}

// known is an id, unless there is none.
func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
