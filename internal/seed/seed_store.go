package seed

import (
	"context"
	"fmt"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

func seeded(ctx context.Context, d *db.DB, merchant int64, day clock.Day) (done bool, err error) {
	err = d.PG().QueryRow(ctx, "SELECT EXISTS (SELECT FROM sandbox.seeded_days WHERE merchant_id = $1 AND day = $2::text::date)",
		merchant, string(day)).Scan(&done)
	if err != nil {
		return false, fmt.Errorf("seeded days: %w", err)
	}
	return done, nil
}

func markSeeded(ctx context.Context, d *db.DB, merchant int64, day clock.Day) error {
	_, err := d.PG().Exec(ctx, "INSERT INTO sandbox.seeded_days VALUES ($1, $2::text::date) ON CONFLICT DO NOTHING", merchant, string(day))
	if err != nil {
		return fmt.Errorf("seeded days: %w", err)
	}
	return nil
}
