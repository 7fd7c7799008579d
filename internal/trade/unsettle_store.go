package trade

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Unsettle takes the orders of a line out of it: they are unsettled again, and due at once. It tells what
// was charged of them, less what was given back since.
func Unsettle(ctx context.Context, tx db.Tx, merchant int64, line clock.Day, due time.Time) (charged money.Fen, err error) {
	err = tx.PG().QueryRow(ctx, `
		WITH gone AS (SELECT transaction_id, charged FROM trades WHERE merchant_id = $1 AND line_day = $2::text::date FOR UPDATE),
			back AS (UPDATE trades t SET settled_at = NULL, line_day = NULL, charged = 0, due_at = $3,
					given_back = given_back + taken_back, taken_back = 0
				FROM gone WHERE t.merchant_id = $1 AND t.transaction_id = gone.transaction_id)
		SELECT coalesce(sum(charged), 0)::bigint FROM gone`, merchant, line.String(), due).Scan(&charged)
	if err != nil {
		return 0, fmt.Errorf("orders of line %s of %d: %w", line, merchant, err)
	}
	return charged, nil
}
