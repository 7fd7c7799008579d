package identity

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"zhanggui/internal/db"
)

// TableName names the table.
func (roundTrip) TableName() string { return "oauth_states" }

// TableName names the table.
func (phoneSession) TableName() string { return "phone_sessions" }

func insertTrip(ctx context.Context, d *gorm.DB, trip roundTrip) error {
	if err := gorm.G[roundTrip](d).Create(ctx, &trip); err != nil {
		return fmt.Errorf("set out: %w", err)
	}
	return nil
}

// takeTrip reads a round trip and removes it, so that it ends once.
func takeTrip(ctx context.Context, q db.Querier, stateHash []byte) (t roundTrip, err error) {
	err = q.QueryRow(ctx, `DELETE FROM oauth_states WHERE state_hash = $1
		RETURNING state_hash, browser_hash, purpose, next, ticket_id, expires_at`, stateHash).
		Scan(&t.StateHash, &t.BrowserHash, &t.Purpose, &t.Next, &t.TicketID, &t.ExpiresAt)
	return t, noRows(err, ErrRoundTrip, "round trip")
}

func insertPhone(ctx context.Context, d *db.DB, p phoneSession) error {
	if err := gorm.G[phoneSession](d.Gorm(ctx)).Create(ctx, &p); err != nil {
		return fmt.Errorf("begin phone session: %w", err)
	}
	return nil
}

func readPhone(ctx context.Context, d *db.DB, idHash []byte, wall time.Time) (phoneSession, error) {
	p, err := gorm.G[phoneSession](d.Gorm(ctx)).Where("id_hash = ? AND expires_at > ?", idHash, wall).Take(ctx)
	return p, missing(err, ErrNoSession, "phone session")
}
