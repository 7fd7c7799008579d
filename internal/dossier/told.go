package dossier

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// tellCard tells those who answer for the merchant's money what becomes of its settlement card.
func tellCard(ctx context.Context, tx db.Tx, s access.Scope, kind string, c CardChange) error {
	at := c.AskedAt
	if c.EndedAt != nil {
		at = *c.EndedAt
	}
	for _, role := range []access.Role{access.SuperAdmin, access.Finance} {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: s.Merchant(), Role: role, Kind: kind, At: at, Link: Path,
			Args: map[string]string{"By": s.Actor().Name, "Bank": c.Bank, "Tail": c.Tail, "Old": c.OldTail, "Time": clock.Text(at)}})
		if err != nil {
			return err
		}
	}
	return nil
}
