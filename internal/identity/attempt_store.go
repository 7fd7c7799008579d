package identity

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/db"
)

// bump counts one more attempt of the subject in its window of wall time, and says the how-manieth
// it is. Whoever counts at the same time waits for the same row, so the count is exact.
func bump(ctx context.Context, q db.Querier, subject string, window time.Duration, wall time.Time) (int, error) {
	var n int
	err := q.QueryRow(ctx, `
		INSERT INTO attempt_windows (subject, window_at, count) VALUES ($1, $2, 1)
		ON CONFLICT (subject, window_at) DO UPDATE SET count = attempt_windows.count + 1
		RETURNING count`, subject, wall.Truncate(window)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count attempts: %w", err)
	}
	return n, nil
}

// forget clears a subject's attempts.
func forget(ctx context.Context, q db.Querier, subject string) error {
	if _, err := q.Exec(ctx, "DELETE FROM attempt_windows WHERE subject = $1", subject); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}
