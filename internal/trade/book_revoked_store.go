package trade

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
)

// revokeOpen takes over that orders were revoked which the books have as paid, by a notice of the channel or by
// another bill, and have not settled yet: the payer has their money back, and a settlement would pay it a second
// time. They stand as if their row had come first. What refunds took of them is given up once their money is booked.
const revokeOpen = `
	WITH old AS (
		SELECT t.* FROM trades t
		WHERE t.due_at IS NOT NULL AND t.settled_at IS NULL AND NOT t.stub AND t.trade_state <> 'REVOKED'
			AND (t.merchant_id, t.transaction_id) IN (
				SELECT merchant_id, transaction_id FROM bill_rows WHERE refund_id IS NULL AND trade_state = 'REVOKED')
	), changed AS (
		UPDATE trades t SET trade_state = 'REVOKED', due_at = NULL FROM old o
		WHERE t.merchant_id = o.merchant_id AND t.transaction_id = o.transaction_id
		RETURNING 1
	), kept AS (
		INSERT INTO pg_temp.bill_earnings
		SELECT merchant_id, transaction_id, out_trade_no, body, settlement_total, true, true, given_back, -charged FROM old
	), deltas AS (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, 0 AS orders, 0 AS total, 0 AS settlement_total, 0 AS coupon,
			0 AS fee, 0 AS refunded, -count(*) FILTER (WHERE ` + isPaid + `) AS paid_count,
			-coalesce(sum(total) FILTER (WHERE ` + isPaid + `), 0) AS paid_total
		FROM old GROUP BY 1, 2, 3
	), ` + addDays + `
	SELECT count(*) FROM changed`

// revokeKnown gives known orders back that the file tells as revoked.
func revokeKnown(ctx context.Context, tx db.Tx, b *booking) error {
	if b.report.Revoked == 0 {
		return nil
	}
	if _, err := tx.PG().Exec(ctx, revokeOpen); err != nil {
		return fmt.Errorf("revoke known orders: %w", err)
	}
	return nil
}
