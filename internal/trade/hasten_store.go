package trade

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// Hasten makes the open orders of a merchant due anew, as its terms are now and as if they were booked at this
// moment. It tells the seconds at which they are due.
func Hasten(ctx context.Context, tx db.Tx, merchant int64, at time.Time) ([]time.Time, error) {
	rows, err := tx.PG().Query(ctx, `
		WITH moved AS (
			UPDATE trades t SET due_at = x.due FROM (
				SELECT transaction_id, `+dueAt+` AS due FROM (
					SELECT transaction_id, success_time AS at, account_system, settlement_cycle FROM trades JOIN merchants USING (merchant_id)
					WHERE merchant_id = $2 AND due_at IS NOT NULL) m) x
			WHERE t.merchant_id = $2 AND t.transaction_id = x.transaction_id
			RETURNING t.due_at
		)
		SELECT DISTINCT date_trunc('second', due_at) FROM moved ORDER BY 1`, at, merchant)
	if err != nil {
		return nil, fmt.Errorf("hasten orders of %d: %w", merchant, err)
	}
	dues, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return nil, fmt.Errorf("hasten orders of %d: %w", merchant, err)
	}
	return dues, nil
}
