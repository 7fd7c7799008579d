package trade

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Due is an order that is to be settled.
type Due struct {
	TransactionID   string
	OutTradeNo      string
	SettlementTotal money.Fen
	GivenBack       money.Fen // the merchant's share refunded so far
	Fee             money.Fen // as the list shows it
	Rate            money.Rate
	SuccessTime     time.Time
	DueAt           time.Time
}

// DueTrades reads a merchant's orders that are due until the moment, the longest due first, and locks
// them; after is the last one of a reading before, or nothing. The merchant's books are held already.
func DueTrades(ctx context.Context, tx db.Tx, merchant int64, until time.Time, after Due, limit int) ([]Due, error) {
	rows, err := tx.PG().Query(ctx, `
		SELECT transaction_id, out_trade_no, settlement_total, given_back, fee, rate, success_time, due_at
		FROM trades WHERE merchant_id = $1 AND due_at <= $2 AND (due_at, transaction_id) > ($3, $4)
		ORDER BY due_at, transaction_id LIMIT $5 FOR NO KEY UPDATE`,
		merchant, until, after.DueAt, after.TransactionID, limit)
	if err != nil {
		return nil, fmt.Errorf("due orders: %w", err)
	}
	due, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Due, err error) {
		err = row.Scan(&d.TransactionID, &d.OutTradeNo, &d.SettlementTotal, &d.GivenBack, &d.Fee, &d.Rate, &d.SuccessTime, &d.DueAt)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("due orders: %w", err)
	}
	return due, nil
}

// CountDue counts a merchant's orders that are due until the moment.
func CountDue(ctx context.Context, q db.Querier, merchant int64, until time.Time) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT count(*) FROM trades WHERE merchant_id = $1 AND due_at <= $2", merchant, until).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count due orders: %w", err)
	}
	return n, nil
}

// OpenSum is what a merchant's orders that are not settled yet stand for: what they are settled for, less
// what was refunded of them.
func OpenSum(ctx context.Context, q db.Querier, merchant int64) (sum money.Fen, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(settlement_total - given_back), 0)::bigint FROM trades WHERE merchant_id = $1 AND due_at IS NOT NULL`,
		merchant).Scan(&sum)
	if err != nil {
		return 0, fmt.Errorf("sum of open orders: %w", err)
	}
	return sum, nil
}

// Settled is an order that was just settled, with the fee taken for it.
type Settled struct {
	TransactionID string
	Charged       money.Fen
}

// MarkSettled keeps that a merchant's orders are settled; line is the day of the settlement line of a legacy
// merchant. It fails when one of them was not to be settled.
func MarkSettled(ctx context.Context, tx db.Tx, merchant int64, at time.Time, line clock.Day, settled []Settled) error {
	ids, fees := make([]string, len(settled)), make([]int64, len(settled))
	for i, s := range settled {
		ids[i], fees[i] = s.TransactionID, int64(s.Charged)
	}
	tag, err := tx.PG().Exec(ctx, `
		UPDATE trades t SET settled_at = $2, due_at = NULL, charged = t.charged + s.fee, line_day = nullif($3, '')::date
		FROM unnest($4::text[], $5::bigint[]) AS s (id, fee)
		WHERE t.merchant_id = $1 AND t.transaction_id = s.id AND t.due_at IS NOT NULL`, merchant, at, string(line), ids, fees)
	if err != nil {
		return fmt.Errorf("mark orders settled: %w", err)
	}
	if n := tag.RowsAffected(); n != int64(len(settled)) {
		return fmt.Errorf("trade: %d of %d orders were to be settled", n, len(settled))
	}
	return nil
}
