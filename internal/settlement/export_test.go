package settlement

import (
	"context"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// SettleBy is Settle with smaller transactions.
func (d Deps) SettleBy(ctx context.Context, m int64, until time.Time, by int) error {
	return d.SettleTelling(ctx, m, until, by, quiet)
}

// SettleTelling is SettleBy that can be broken off.
func (d Deps) SettleTelling(ctx context.Context, m int64, until time.Time, by int, tell func(int64) error) error {
	return d.settle(ctx, m, until, by, tell)
}

// CutBy is Cut with smaller transactions.
func (d Deps) CutBy(ctx context.Context, m int64, today clock.Day, by int) error {
	return d.CutTelling(ctx, m, today, by, quiet)
}

// CutTelling is CutBy that can be broken off.
func (d Deps) CutTelling(ctx context.Context, m int64, today clock.Day, by int, tell func(int64) error) error {
	return cutting{Deps: d, merchant: m, today: today, by: by}.run(ctx, tell, func(db.Tx) error { return nil })
}
