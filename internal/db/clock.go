package db

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/clock"
)

// TopicClock is the signal that somebody moved the clock.
const TopicClock = "clock"

// Clock is the business clock all processes share: wall time plus the offset of one row.
type Clock struct {
	clock.Shared
	db *DB
}

// NewClock reads the offset.
func NewClock(ctx context.Context, d *DB) (*Clock, error) {
	c := &Clock{db: d}
	return c, c.Reload(ctx)
}

// Reload takes over an offset that another process may have moved.
func (c *Clock) Reload(ctx context.Context) error {
	var us int64
	if err := c.db.PG().QueryRow(ctx, "SELECT offset_us FROM business_clock").Scan(&us); err != nil {
		return fmt.Errorf("business clock: %w", err)
	}
	c.SetOffset(time.Duration(us) * time.Microsecond)
	return nil
}

// Set moves business time forward to t, for every process. It never moves back.
func (c *Clock) Set(ctx context.Context, t time.Time) error { return c.Lead(ctx, t.Sub(clock.Wall())) }

// Lead sets how far business time stands ahead of the wall clock, for every process. It never becomes less.
func (c *Clock) Lead(ctx context.Context, offset time.Duration) error {
	var us int64
	err := c.db.PG().QueryRow(ctx, `
		UPDATE business_clock SET offset_us = greatest(offset_us, $1) RETURNING offset_us`,
		offset.Microseconds()).Scan(&us)
	if err != nil {
		return fmt.Errorf("move business clock: %w", err)
	}
	c.SetOffset(time.Duration(us) * time.Microsecond)
	_, err = c.db.PG().Exec(ctx, "SELECT pg_notify('zhanggui', $1), pg_notify('zhanggui', 'jobs')", TopicClock)
	return err
}
