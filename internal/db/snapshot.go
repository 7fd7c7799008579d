package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Snapshot lets f read everything as it is at one moment, however long it takes. f cannot write.
func (d *DB) Snapshot(ctx context.Context, f func(q Querier) error) error {
	if d.pinned != nil {
		return f(d.pinned.pg)
	}
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return f(tx)
}

// Sweep is Snapshot for checks of whole tables: joins go by hash or by order, never row by row. Every index
// leads with the merchant, so a planner without figures takes any of them for as good as the right one.
func (d *DB) Sweep(ctx context.Context, f func(q Querier) error) error {
	return d.Snapshot(ctx, func(q Querier) error {
		if _, err := q.Exec(ctx, "SET LOCAL enable_nestloop = off"); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		return f(q)
	})
}
