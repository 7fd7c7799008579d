package main

import (
	"context"
	"errors"
	"log/slog"

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

// closeDays is the daily job that signs the heads of the days that are over.
func (a *app) closeDays(ctx context.Context, _ job.Run) error {
	if a.signer == nil {
		return errors.New("no platform key: days stay open")
	}
	signed, err := ledger.CloseDays(ctx, a.db, a.signer, a.clock.Now())
	if signed > 0 {
		slog.InfoContext(ctx, "days closed", "heads", signed)
	}
	return err
}
