package trade

import (
	"context"
	"slices"

	"zhanggui/internal/db"
)

// What must hold whatever was imported in whatever order. Each names the rows that break it.
var invariants = []string{
	// An order's refunded is the sum of its refunds that did not fail.
	`SELECT format('order %s of %s: refunded %s, its refunds come to %s', t.transaction_id, t.merchant_id, t.refunded, r.sum)
	FROM trades t JOIN (SELECT merchant_id, transaction_id, coalesce(sum(refund) FILTER (WHERE status <> 'FAIL'), 0) AS sum
		FROM bill_refunds GROUP BY 1, 2) r USING (merchant_id, transaction_id)
	WHERE t.refunded <> r.sum LIMIT $1`,
	`SELECT format('order %s of %s: refunded %s without a refund', transaction_id, merchant_id, refunded)
	FROM trades t WHERE refunded <> 0 AND source = 'bill' AND NOT EXISTS (SELECT FROM bill_refunds r
		WHERE r.merchant_id = t.merchant_id AND r.transaction_id = t.transaction_id) LIMIT $1`,
	// The daily roll-up equals the rows.
	`SELECT format('day %s of %s (provider %s): roll-up has %s orders of %s fen, the rows %s of %s', day, merchant_id, sp_mchid,
		coalesce(d.orders, 0), coalesce(d.total, 0), coalesce(r.orders, 0), coalesce(r.total, 0))
	FROM trade_days d FULL JOIN (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, count(*) AS orders,
			sum(total) AS total, sum(settlement_total) AS settlement_total, sum(coupon) AS coupon, sum(fee) AS fee,
			sum(refunded) AS refunded, count(*) FILTER (WHERE ` + isPaid + `) AS paid_count,
			coalesce(sum(total) FILTER (WHERE ` + isPaid + `), 0) AS paid_total
		FROM trades GROUP BY 1, 2, 3) r USING (merchant_id, sp_mchid, day)
	WHERE (coalesce(d.orders, 0), coalesce(d.total, 0), coalesce(d.settlement_total, 0), coalesce(d.coupon, 0),
			coalesce(d.fee, 0), coalesce(d.refunded, 0), coalesce(d.paid_count, 0), coalesce(d.paid_total, 0))
		<> (coalesce(r.orders, 0), coalesce(r.total, 0), coalesce(r.settlement_total, 0), coalesce(r.coupon, 0),
			coalesce(r.fee, 0), coalesce(r.refunded, 0), coalesce(r.paid_count, 0), coalesce(r.paid_total, 0)) LIMIT $1`,
	`SELECT format('day %s of %s (provider %s): roll-up has %s refunds of %s fen, the rows %s of %s', day, merchant_id, sp_mchid,
		coalesce(d.refund_count, 0), coalesce(d.refund_total, 0), coalesce(r.refund_count, 0), coalesce(r.refund_total, 0))
	FROM trade_days d FULL JOIN (
		SELECT merchant_id, sp_mchid, (create_time AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS refund_count,
			sum(refund) AS refund_total
		FROM bill_refunds WHERE status <> 'FAIL' GROUP BY 1, 2, 3) r USING (merchant_id, sp_mchid, day)
	WHERE (coalesce(d.refund_count, 0), coalesce(d.refund_total, 0)) <> (coalesce(r.refund_count, 0), coalesce(r.refund_total, 0))
	LIMIT $1`,
	// An upload's pieces go when its import has ended.
	`SELECT DISTINCT format('import %s of %s has ended and still holds its file', i.id, i.merchant_id)
	FROM trade_import_chunks c JOIN trade_imports i ON i.merchant_id = c.merchant_id AND i.id = c.import_id
	WHERE i.finished_at IS NOT NULL LIMIT $1`,
}

// Verify checks the orders against their refunds, their daily sums and the books.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "trades", Table: "trades", Hold: slices.Concat(invariants, bookInvariants)}.Check(ctx, q)
}
