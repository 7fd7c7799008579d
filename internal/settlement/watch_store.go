package settlement

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// watch reads the lines under way by the index of open lines; the cut that runs tells its progress.
func watch(ctx context.Context, q db.Querier, f WatchFilter) ([]Open, bool, error) {
	rows, err := q.Query(ctx, "SELECT l.merchant_id, m.short_name, "+lineColumns+`,
			coalesce((SELECT reason FROM bank_payments p WHERE p.merchant_id = l.merchant_id AND p.number = l.bank_no), ''),
			coalesce(j.done_units, 0), coalesce(j.total_units, 0), coalesce(j.last_error, '')
		FROM settlement_lines l JOIN merchants m ON m.merchant_id = l.merchant_id
		LEFT JOIN LATERAL (SELECT done_units, total_units, last_error FROM jobs
			WHERE jobs.merchant_id = l.merchant_id AND kind = 'settlement.cut' AND jobs.state <> 'done' ORDER BY due_at DESC LIMIT 1) j ON l.state = 'cutting'
		WHERE l.state IN ('cutting', 'cut', 'sent', 'failed', 'returned') AND ($1 = '' OR l.state = $1)
			AND ($2 = 0 OR (l.merchant_id, l.day) > ($2, nullif($3, '')::date))
		ORDER BY l.merchant_id, l.day LIMIT $4`, string(f.State), f.After.Merchant, f.After.Day.String(), f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("open settlements: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Open, err error) {
		targets := append([]any{&o.Merchant, &o.Name}, o.Line.targets()...)
		return o, row.Scan(append(targets, &o.Reason, &o.Done, &o.Total, &o.Error)...)
	})
	return all[:min(f.Limit, len(all))], len(all) > f.Limit, err
}
