package trade

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// FindMax is how many hits a search shows.
const FindMax = 10

// Hit is an order or a refund that has the number looked for.
type Hit struct {
	Kind          string // "trade" or "refund"
	Number        string // of the channel
	OwnNumber     string // of the merchant
	TransactionID string // of the order, for the link
	State         string
	Amount        money.Fen
	At            time.Time
}

// Find looks for any number of orders and refunds, whole or by their last TailMin characters or more. What
// cannot be a number finds nothing.
func Find(ctx context.Context, q db.Querier, s access.Scope, number string) ([]Hit, error) {
	if err := s.Require(access.TradeRead); err != nil {
		return nil, err
	}
	if !bill.IsNumber(number) {
		return nil, nil
	}
	c := &clause{}
	c.whose("t", s, 0)
	found, is := c.numbered(s, number), c.named(number)
	rows, err := q.Query(ctx, `
		WITH found AS (SELECT DISTINCT merchant_id, transaction_id FROM (`+found+`) f)
		SELECT * FROM (
			SELECT 'trade', t.transaction_id, t.out_trade_no, t.transaction_id, t.trade_state, t.total, t.success_time AS at
			FROM found JOIN trades t USING (merchant_id, transaction_id) WHERE `+c.String()+`
			UNION ALL
			SELECT 'refund', t.refund_id, t.out_refund_no, t.transaction_id, t.status, t.refund, t.create_time
			FROM found JOIN bill_refunds t USING (merchant_id, transaction_id)
			WHERE `+c.String()+` AND (`+is("t.refund_id")+` OR `+is("t.out_refund_no")+`)
		) hits ORDER BY at DESC LIMIT `+c.arg(FindMax), c.args...)
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Hit, err error) {
		err = row.Scan(&h.Kind, &h.Number, &h.OwnNumber, &h.TransactionID, &h.State, &h.Amount, &h.At)
		return h, err
	})
}
