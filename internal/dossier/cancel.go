package dossier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// CancelCard takes a request for another card back; the card in use stays. One that was taken back
// before stays so; one of others, or none, is fault.ErrNotFound.
func CancelCard(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, from audit.From, at time.Time) error {
	if err := s.Require(access.MerchantCard); err != nil {
		return err
	}
	c, _, err := lockCard(ctx, tx, s.Merchant(), id)
	if err != nil || !c.State.Open() {
		return err
	}
	c.State, c.EndedBy, c.EndedAt = Cancelled, s.Actor().Name, &at
	if err := saveCard(ctx, tx, s.Merchant(), c); err != nil {
		return err
	}
	if err := tellCard(ctx, tx, s, "card_cancelled", c); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account,
		Action: "card.cancel", Object: c.shown(), Outcome: audit.Done, From: from,
		Details: map[string]any{"tail": c.Tail}, At: at})
}
