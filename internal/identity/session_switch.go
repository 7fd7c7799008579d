package identity

import (
	"context"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Switch takes the person to another merchant that the same WeChat is bound in. The session gets a
// fresh id, the old one ends, and its last moment stays the same. It refuses with fault.ErrNotFound
// where the WeChat is not bound or may not come in.
func (g *Gate) Switch(ctx context.Context, secret string, merchant int64, b Browser) (Session, string, error) {
	b = b.tidy()
	if _, err := g.Session(ctx, secret); err != nil { // also rechecks the seat that is left
		return Session{}, "", err
	}
	var fresh string
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		old, err := lockSession(ctx, tx, hashed(secret), g.wall.Now())
		if err != nil {
			return err
		}
		target, err := otherSeat(ctx, tx, old, merchant)
		if err != nil {
			return err
		}
		stage, err := g.stageOf(target)
		if err != nil {
			return err
		}
		if _, err := endSession(ctx, tx, old.MerchantID, old.AccountID, old.Handle); err != nil {
			return err
		}
		fresh, err = g.begin(ctx, tx, beginning{seat: target, stage: stage, browser: b,
			until: old.ExpiresAt, action: "session.switch"})
		return err
	})
	if err != nil {
		return Session{}, "", err
	}
	s, err := g.Session(ctx, fresh)
	return s, fresh, err
}

// otherSeat finds the seat of the session's WeChat in another merchant.
func otherSeat(ctx context.Context, tx db.Tx, from session, merchant int64) (seat, error) {
	here, err := seatOf(ctx, tx.PG(), from.MerchantID, from.AccountID)
	if err != nil || from.Stage != Full || here.OpenID == "" || here.platform() {
		return seat{}, firstOf(err, fault.ErrNotFound)
	}
	seats, err := seatsOf(ctx, tx.PG(), here.OpenID, false)
	if err != nil {
		return seat{}, err
	}
	for _, s := range usable(seats) {
		if s.MerchantID == merchant && s.MerchantID != from.MerchantID {
			return s, nil
		}
	}
	return seat{}, fault.ErrNotFound
}
