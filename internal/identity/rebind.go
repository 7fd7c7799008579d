package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// AdmitRebind refuses a person who has no WeChat that could be unbound.
func (g *Gate) AdmitRebind(ctx context.Context, q db.Querier, s access.Scope) error {
	own, err := seatOf(ctx, q, s.Merchant(), s.Actor().Account)
	if err == nil && own.OpenID == "" {
		err = ErrMemberUnbound
	}
	return err
}

// Unbind takes a person's own WeChat away, inside the confirmation of that very WeChat. Every session
// ends but the one that asked, which leads to the binding and to nothing else; the returned initial
// password leads there, too, should that session end before another WeChat is bound.
func (g *Gate) Unbind(ctx context.Context, tx db.Tx, s access.Scope, session uuid.UUID) (password string, err error) {
	if s.Actor().Account == uuid.Nil {
		return "", fault.ErrNotFound
	}
	if err := access.Hold(ctx, tx, s.Merchant()); err != nil {
		return "", err
	}
	if err := g.AdmitRebind(ctx, tx.PG(), s); err != nil {
		return "", err
	}
	password, hash, err := g.initialPassword(ctx, "")
	if err != nil {
		return "", err
	}
	merchant, account := s.Merchant(), s.Actor().Account
	if err := g.tellUnbound(ctx, tx, merchant, account, "own_unbound"); err != nil {
		return "", err
	}
	if err := unbind(ctx, tx, merchant, account, hash, g.clock.Now()); err != nil {
		return "", err
	}
	if _, err := endOtherSessions(ctx, tx, merchant, account, session); err != nil {
		return "", err
	}
	_, err = toBinding(ctx, tx, session)
	return password, err
}
