package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

func (s store) book(ctx context.Context) ([]Entry, error) {
	rows, err := s.db.PG().Query(ctx, `
		SELECT operation, out_no, merchant_id::text, amount, status, effects FROM sandbox.book
		ORDER BY booked_at, operation, merchant_id, out_no`)
	if err != nil {
		return nil, fmt.Errorf("book: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Entry])
}

// enter adds lines, or their new status and effects to lines that stand.
func (s store) enter(ctx context.Context, tx db.Tx, all []Entry, at time.Time) error {
	var b pgx.Batch
	for _, e := range all {
		b.Queue(`
			INSERT INTO sandbox.book (operation, merchant_id, out_no, amount, status, effects, booked_at)
			VALUES ($1, $2::text::bigint, $3, $4, $5, $6, $7)
			ON CONFLICT (operation, merchant_id, out_no) DO UPDATE SET status = excluded.status, effects = book.effects + excluded.effects`,
			e.Operation, e.MchID, e.OutNo, e.Amount, e.Status, e.Effects, at)
	}
	if err := tx.PG().SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("book: %w", err)
	}
	return nil
}
