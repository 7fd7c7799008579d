package difference

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

func raise(ctx context.Context, tx db.Tx, m int64, o Operation, number, said, stood string, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO channel_differences AS d (merchant_id, operation, number, said, stood, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (merchant_id, operation, number, said) DO UPDATE SET times = d.times + 1, last_at = greatest(d.last_at, $6), stood = $5`,
		m, o, number, said, stood, at)
	if err != nil {
		return fmt.Errorf("difference about %s %s: %w", o, number, err)
	}
	return nil
}

func list(ctx context.Context, q db.Querier, f Filter) ([]Difference, bool, error) {
	var before *time.Time
	if f.Before.Number != "" {
		before = &f.Before.At
	}
	rows, err := q.Query(ctx, `SELECT d.merchant_id, m.short_name, d.operation, d.number, d.said, d.stood, d.times, d.first_at, d.last_at
		FROM channel_differences d JOIN merchants m USING (merchant_id)
		WHERE ($1 = '' OR d.operation = $1) AND ($2::timestamptz IS NULL OR (d.last_at, d.number, d.said) < ($2, $3, $4))
		ORDER BY d.last_at DESC, d.number DESC, d.said DESC LIMIT $5`, string(f.Operation), before, f.Before.Number, f.Before.Said, f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("differences: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Difference])
	return all[:min(f.Limit, len(all))], len(all) > f.Limit, err
}
