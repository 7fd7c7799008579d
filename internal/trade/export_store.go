package trade

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Stream writes the filter's orders, newest first, as List shows them, while they are read; it stops
// when ctx ends. More than ExportMax orders are refused before the first byte.
func Stream(ctx context.Context, q db.Querier, s access.Scope, f Filter, w io.Writer) error {
	if err := s.Require(access.TradeRead); err != nil {
		return err
	}
	if err := checkExport(ctx, q, s, f); err != nil {
		return err
	}
	c := filtered(s, f)
	rows, err := q.Query(ctx, selectRows(s, true)+c.String()+newestFirst+" LIMIT "+c.arg(ExportMax), c.args...)
	if err != nil {
		return fmt.Errorf("export orders: %w", err)
	}
	defer rows.Close()
	out := newExport(ctx, w)
	var r Row
	fields := r.fields(s, true)
	for rows.Next() {
		if err := rows.Scan(fields...); err != nil {
			return fmt.Errorf("export orders: %w", err)
		}
		if err := out.add(r); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("export orders: %w", err)
	}
	return out.out.Flush()
}

// checkExport refuses what is too much. The roll-up bounds the count first, so that small exports
// are not counted.
func checkExport(ctx context.Context, q db.Querier, s access.Scope, f Filter) error {
	most, err := Sum(ctx, q, s, Filter{From: f.From, To: f.To, SubMchID: f.SubMchID})
	if err != nil || most.Count <= ExportMax {
		return err
	}
	c := filtered(s, f)
	rows, err := q.Query(ctx, "SELECT 1 FROM trades t WHERE "+c.String()+newestFirst+
		" OFFSET "+c.arg(ExportMax)+" LIMIT 1", c.args...)
	if err != nil {
		return fmt.Errorf("bound export: %w", err)
	}
	over, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return fmt.Errorf("bound export: %w", err)
	}
	if len(over) > 0 {
		return fault.New("trade.export_large").With("Limit", fmt.Sprint(ExportMax))
	}
	return nil
}
