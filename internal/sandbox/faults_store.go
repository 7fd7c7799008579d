package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

func (s store) setFaults(ctx context.Context, f Faults) error {
	_, err := s.db.PG().Exec(ctx, `
		INSERT INTO sandbox.faults (operation, outcome, delay_ms, timeout_after_effect, duplicate, reorder, contradict, signtest, seed, times)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (operation) DO UPDATE SET outcome = excluded.outcome, delay_ms = excluded.delay_ms,
			timeout_after_effect = excluded.timeout_after_effect, duplicate = excluded.duplicate, reorder = excluded.reorder,
			contradict = excluded.contradict, signtest = excluded.signtest, seed = excluded.seed, times = excluded.times, drawn = 0`,
		f.Operation, f.Outcome, time.Duration(f.Delay).Milliseconds(), f.TimeoutAfterEffect, f.Duplicate, f.Reorder, f.Contradict,
		f.SignTest, f.Seed, f.Times)
	if err != nil {
		return fmt.Errorf("faults of %s: %w", f.Operation, err)
	}
	return nil
}

// drawFaults counts one operation and tells the how-many-th it is; 0 where no fault holds.
func (s store) drawFaults(ctx context.Context, operation string) (f Faults, drawn int64, err error) {
	var delay int64
	err = s.db.PG().QueryRow(ctx, `
		UPDATE sandbox.faults SET drawn = drawn + 1 WHERE operation = $1 AND (times = 0 OR drawn < times)
		RETURNING outcome, delay_ms, timeout_after_effect, duplicate, reorder, contradict, signtest, seed, drawn`, operation).Scan(
		&f.Outcome, &delay, &f.TimeoutAfterEffect, &f.Duplicate, &f.Reorder, &f.Contradict, &f.SignTest, &f.Seed, &drawn)
	if errors.Is(err, pgx.ErrNoRows) {
		return Faults{}, 0, nil
	}
	if err != nil {
		return f, 0, fmt.Errorf("faults of %s: %w", operation, err)
	}
	f.Operation, f.Delay = operation, Duration(time.Duration(delay)*time.Millisecond)
	return f, drawn, nil
}
