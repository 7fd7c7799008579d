package job

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// keptFor is how long an ended job is remembered, and with it that its work is not done again.
const keptFor = 400 * 24 * time.Hour

// Sweep forgets jobs that ended long ago.
func Sweep(ctx context.Context, d *db.DB) error {
	if _, err := d.PG().Exec(ctx, "DELETE FROM jobs WHERE state <> 'open' AND ended_at < $1", clock.Wall().Add(-keptFor)); err != nil {
		return fmt.Errorf("sweep jobs: %w", err)
	}
	return nil
}
