package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Redeem lets the browser that shows a confirmed ticket come in, once, with a fresh session. Every
// other browser gets fault.ErrNotFound. It refuses with ErrTicketEnded (not confirmed, or redeemed
// before), ErrTicketExpired, and ErrSuspended or ErrNotBound when that came true since the confirm.
func (g *Gate) Redeem(ctx context.Context, id uuid.UUID, b Browser) (Session, string, error) {
	b = b.tidy()
	var secret string
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		t, err := lockTicketID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !t.shownBy(b) {
			return fault.ErrNotFound
		}
		before := t
		if refusal = t.move(redeems, g.clock.Now()); refusal != nil {
			return g.trail(ctx, tx, t.step("redeem", nil), refusal)
		}
		s, err := seatOf(ctx, tx.PG(), t.MerchantID, t.AccountID)
		if err != nil {
			return err
		}
		if refusal = mayEnter(t, s); refusal != nil {
			return g.failRedeem(ctx, tx, before, s, refusal)
		}
		if err := saveTicket(ctx, tx, before.State, t); err != nil {
			return err
		}
		secret, err = g.enter(ctx, tx, t, s, b)
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Session{}, "", err
	}
	s, err := g.Session(ctx, secret)
	return s, secret, err
}

// mayEnter looks again at what may have changed since the phone confirmed.
func mayEnter(t ticket, s seat) error {
	switch {
	case s.Suspended:
		return ErrSuspended
	case s.OpenID != t.OpenID:
		return ErrNotBound
	}
	return nil
}

func (g *Gate) failRedeem(ctx context.Context, tx db.Tx, t ticket, s seat, why error) error {
	from := t.State
	if err := t.end(fails, why, g.clock.Now()); err != nil {
		return err
	}
	if err := saveTicket(ctx, tx, from, t); err != nil {
		return err
	}
	return g.trail(ctx, tx, t.step("redeem", []seat{s}), why)
}

// enter begins the session, ends those that only led to the binding, and tells the person.
func (g *Gate) enter(ctx context.Context, tx db.Tx, t ticket, s seat, b Browser) (string, error) {
	stage, err := g.stageOf(s)
	if err != nil {
		return "", err
	}
	if err := endBindingSessions(ctx, tx, s.MerchantID, s.AccountID); err != nil {
		return "", err
	}
	secret, err := g.begin(ctx, tx, beginning{seat: s, stage: stage, browser: b, ticket: &t.ID, action: "signin.redeem"})
	if err != nil {
		return "", err
	}
	return secret, g.tellSignIn(ctx, tx, t, s, b)
}
