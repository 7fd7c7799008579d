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

// insertTrip adds a round trip and removes two that never came back: anyone may set out, so the
// table must not grow by it.
func insertTrip(ctx context.Context, q db.Querier, t roundTrip) error {
	_, err := q.Exec(ctx, `
		WITH lost AS (DELETE FROM oauth_states WHERE state_hash IN (
			SELECT state_hash FROM oauth_states WHERE expires_at < $7 ORDER BY expires_at LIMIT 2 FOR UPDATE SKIP LOCKED))
		INSERT INTO oauth_states (state_hash, browser_hash, purpose, next, ticket_id, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		t.StateHash, t.BrowserHash, t.Purpose, t.Next, t.TicketID, t.ExpiresAt, t.ExpiresAt.Add(-stateLife))
	if err != nil {
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
