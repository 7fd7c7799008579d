package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/wire"
)

// bookChecks recomputes the books, of a moment of its own.
func bookChecks(d *db.DB, key *wire.PrivateKey) inspect {
	v := ledger.Verifier{DB: d, Keys: headKeys{key}}
	return func(ctx context.Context, _ db.Querier) (int64, []string, error) { return v.Verify(ctx) }
}

// seedPause is how often the closing of days looks whether the demo's history is there.
const seedPause = 200 * time.Millisecond

// closeDays is the daily job that signs the heads of the days that are over. While the demo's history is
// written it waits: what that books lies in days that are over.
func (a *app) closeDays(ctx context.Context, _ job.Run) error {
	if a.signer == nil {
		return errors.New("no platform key: days stay open")
	}
	if err := a.awaitSeed(ctx); err != nil {
		return err
	}
	signed, err := ledger.CloseDays(ctx, a.db, a.signer, a.clock.Now())
	if signed > 0 {
		slog.InfoContext(ctx, "days closed", "heads", signed)
	}
	return err
}

// awaitSeed returns once the demo's history is there; in production at once.
func (a *app) awaitSeed(ctx context.Context) error {
	tick := time.NewTicker(seedPause)
	defer tick.Stop()
	for !a.seeded.Load() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}
