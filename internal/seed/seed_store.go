package seed

import (
	"context"
	"fmt"
	"time"

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

// begin tells until when the demo is led, and from which day on; the first start fixes it.
func begin(ctx context.Context, d *db.DB, now time.Time, first clock.Day) (until time.Time, day clock.Day, done bool, err error) {
	if _, err = d.PG().Exec(ctx, "INSERT INTO sandbox.seed (until, day) VALUES ($1, $2::text::date) ON CONFLICT DO NOTHING", now, string(first)); err == nil {
		err = d.PG().QueryRow(ctx, "SELECT until, day::text, done FROM sandbox.seed").Scan(&until, (*string)(&day), &done)
	}
	if err != nil {
		return until, day, false, fmt.Errorf("begin of the seed: %w", err)
	}
	return until, day, done, nil
}

// reached keeps which day comes next.
func reached(ctx context.Context, d *db.DB, day clock.Day) error {
	if _, err := d.PG().Exec(ctx, "UPDATE sandbox.seed SET day = $1::text::date", string(day)); err != nil {
		return fmt.Errorf("way of the seed: %w", err)
	}
	return nil
}

func finished(ctx context.Context, d *db.DB) error {
	if _, err := d.PG().Exec(ctx, "UPDATE sandbox.seed SET done = true"); err != nil {
		return fmt.Errorf("end of the seed: %w", err)
	}
	return nil
}
