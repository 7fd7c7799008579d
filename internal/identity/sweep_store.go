package identity

import (
	"context"
	"fmt"
	"time"
)

// sweepBatch bounds one statement of a sweep.
const sweepBatch = 5000

// leftovers are rows that nobody can use any more: by business time $1, or by wall time $1.
var leftovers = []struct {
	business bool
	age      time.Duration
	from     string
}{
	{true, ticketsKept, "login_tickets WHERE id IN (SELECT id FROM login_tickets WHERE expires_at < $1 LIMIT $2)"},
	{false, 0, "sessions WHERE id_hash IN (SELECT id_hash FROM sessions WHERE expires_at < $1 LIMIT $2)"},
	{false, 0, "phone_sessions WHERE id_hash IN (SELECT id_hash FROM phone_sessions WHERE expires_at < $1 LIMIT $2)"},
	{false, 0, "oauth_states WHERE state_hash IN (SELECT state_hash FROM oauth_states WHERE expires_at < $1 LIMIT $2)"},
	{false, 2 * passwordWindow, "attempt_windows WHERE ctid IN (SELECT ctid FROM attempt_windows WHERE window_at < $1 LIMIT $2)"},
	{false, markLife, "known_browsers WHERE ctid IN (SELECT ctid FROM known_browsers WHERE seen_at < $1 LIMIT $2)"},
}

// Sweep removes what nobody can use any more. It may run at any time, in several processes at once.
func (g *Gate) Sweep(ctx context.Context) error {
	for _, l := range leftovers {
		before := g.wall.Now().Add(-l.age)
		if l.business {
			before = g.clock.Now().Add(-l.age)
		}
		for full := true; full; {
			tag, err := g.db.PG().Exec(ctx, "DELETE FROM "+l.from, before, sweepBatch)
			if err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
			full = tag.RowsAffected() == sweepBatch
		}
	}
	return nil
}
