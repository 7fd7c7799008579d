package trade

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
)

// openStubs opens the orders that refunds speak of and nobody has told yet.
const openStubs = `
	WITH fresh AS (
		INSERT INTO trades (merchant_id, sp_mchid, total, settlement_total, coupon, fee, success_time, recorded_at,
			import_id, rate, stub, source, transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid,
			device, rate_note, body, attach)
		SELECT DISTINCT ON (merchant_id, transaction_id) merchant_id, sp_mchid, 0, 0, 0, 0, at, $1, $2, rate, true, 'bill',
			transaction_id, out_trade_no, trade_type, 'SUCCESS', bank_type, appid, openid, device, rate_note, body, attach
		FROM bill_rows s
		WHERE refund_id IS NOT NULL AND NOT EXISTS (SELECT FROM trades t
			WHERE t.merchant_id = s.merchant_id AND t.transaction_id = s.transaction_id)
		ORDER BY merchant_id, transaction_id, at, line
		ON CONFLICT DO NOTHING
		RETURNING merchant_id, sp_mchid, success_time
	), deltas AS (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, count(*) AS orders, 0 AS total, 0 AS settlement_total,
			0 AS coupon, 0 AS fee, 0 AS refunded, 0 AS paid_count, 0 AS paid_total
		FROM fresh GROUP BY 1, 2, 3
	), ` + addDays + `
	SELECT coalesce(sum(orders), 0)::bigint FROM deltas`

// strayRefunds finds staged refunds whose order is another one in the books.
const strayRefunds = `
	SELECT s.line, s.refund_id, s.out_trade_no, s.transaction_id, coalesce(t.out_trade_no, ''), count(*) OVER ()
	FROM bill_rows s LEFT JOIN trades t USING (merchant_id, transaction_id)
	WHERE s.refund_id IS NOT NULL AND (s.out_trade_no, s.sp_mchid) IS DISTINCT FROM (t.out_trade_no, t.sp_mchid)
	ORDER BY s.line LIMIT $1`

// insertRefunds books every staged refund that is not there yet, and counts it in the day it was asked for.
const insertRefunds = `
	WITH fresh AS (
		INSERT INTO bill_refunds (merchant_id, sp_mchid, refund, settlement_refund, coupon_refund, fee_back, create_time,
			success_time, recorded_at, import_id, refund_id, out_refund_no, transaction_id, status, trade_state, channel)
		SELECT merchant_id, sp_mchid, refund, settlement_refund, coupon_refund, -fee, at, succeeded_at, $1, $2,
			refund_id, out_refund_no, transaction_id, refund_state, trade_state, refund_type
		FROM bill_rows WHERE refund_id IS NOT NULL ORDER BY line
		ON CONFLICT DO NOTHING
		RETURNING *
	), kept AS (
		INSERT INTO pg_temp.bill_givings (merchant_id, refund_id, out_refund_no, transaction_id, status, share, told)
		SELECT merchant_id, refund_id, out_refund_no, transaction_id, status, settlement_refund, fee_back FROM fresh
	), added AS (
		INSERT INTO trade_days AS d (merchant_id, sp_mchid, day, orders, total, settlement_total, coupon, fee, refunded,
			paid_count, paid_total, refund_count, refund_total)
		SELECT merchant_id, sp_mchid, (create_time AT TIME ZONE 'Asia/Shanghai')::date AS day, 0, 0, 0, 0, 0, 0, 0, 0,
			count(*), sum(refund)
		FROM fresh WHERE status <> 'FAIL' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (merchant_id, sp_mchid, day) DO UPDATE SET refund_count = d.refund_count + excluded.refund_count,
			refund_total = d.refund_total + excluded.refund_total
		RETURNING 1
	)
	SELECT count(*) FROM fresh`

// refundConflicts finds staged refunds that the books tell otherwise.
const refundConflicts = `
	SELECT s.line, s.refund_id, s.out_refund_no, r.refund_id IS NULL, s.refund, coalesce(r.refund, 0), count(*) OVER ()
	FROM bill_rows s LEFT JOIN bill_refunds r USING (merchant_id, refund_id)
	WHERE s.refund_id IS NOT NULL
		AND (s.transaction_id, s.out_refund_no, s.refund, s.settlement_refund, s.coupon_refund, -s.fee)
		IS DISTINCT FROM (r.transaction_id, r.out_refund_no, r.refund, r.settlement_refund, r.coupon_refund, r.fee_back)
	ORDER BY s.line LIMIT $1`

// refundSums are, for each order that the staged refunds speak of, what its refunds come to. A failed
// refund leaves its order as it was.
const refundSums = `
	touched AS (
		SELECT merchant_id, transaction_id, min(line) AS line FROM bill_rows WHERE refund_id IS NOT NULL GROUP BY 1, 2
	), sums AS (
		SELECT merchant_id, transaction_id, x.line,
			coalesce(sum(r.refund) FILTER (WHERE r.status <> 'FAIL'), 0)::bigint AS refunded,
			coalesce(sum(r.settlement_refund) FILTER (WHERE r.status <> 'FAIL'), 0)::bigint AS share,
			bool_or(r.status <> 'FAIL') AS counted, bool_or(r.trade_state = 'REVOKED') AS revoked
		FROM touched x JOIN bill_refunds r USING (merchant_id, transaction_id) GROUP BY 1, 2, 3
	)`

// overRefunded finds orders whose refunds come to more than the order, or take more from the merchant than
// the order brought.
const overRefunded = `
	WITH ` + refundSums + `
	SELECT s.line, transaction_id, t.total, s.refunded, t.settlement_total, s.share, count(*) OVER ()
	FROM sums s JOIN trades t USING (merchant_id, transaction_id)
	WHERE NOT t.stub AND (s.refunded > t.total OR s.share > t.settlement_total) ORDER BY s.line LIMIT $1`

// applyRefunds carries the sums to the orders and their days.
const applyRefunds = `
	WITH ` + refundSums + `, old AS (
		SELECT t.*, s.refunded AS refunded_now,
			CASE WHEN s.revoked THEN 'REVOKED' WHEN t.trade_state = 'SUCCESS' AND s.counted THEN 'REFUND'
				ELSE t.trade_state END AS state_now
		FROM sums s JOIN trades t USING (merchant_id, transaction_id)
	), changed AS (
		UPDATE trades t SET refunded = o.refunded_now, trade_state = o.state_now FROM old o
		WHERE t.merchant_id = o.merchant_id AND t.transaction_id = o.transaction_id
			AND (t.refunded, t.trade_state) IS DISTINCT FROM (o.refunded_now, o.state_now)
		RETURNING 1
	), deltas AS (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, 0 AS orders, 0 AS total, 0 AS settlement_total, 0 AS coupon,
			0 AS fee, sum(refunded_now - refunded) AS refunded,
			-count(*) FILTER (WHERE ` + isPaid + ` AND state_now = 'REVOKED') AS paid_count,
			-coalesce(sum(total) FILTER (WHERE ` + isPaid + ` AND state_now = 'REVOKED'), 0) AS paid_total
		FROM old GROUP BY 1, 2, 3
	), ` + addDays + `
	SELECT count(*) FROM changed`

// What the new refunds are taken from, and what that does to their orders. Fees come back only where they
// were taken. A stub was settled before the books began. An order that its own row tells as revoked has given
// its money back already. A refund that failed and is larger than what is left of its unsettled order moves
// nothing: it would take other orders' money, and leave a claim that nothing it gives back could repay.
var placeRefunds = []string{
	"ANALYZE pg_temp.bill_givings",
	`UPDATE pg_temp.bill_givings g SET body = t.body, early = t.due_at IS NOT NULL,
		source = CASE WHEN t.trade_state = 'REVOKED' AND t.due_at IS NULL AND t.settled_at IS NULL AND NOT t.stub THEN 'NONE'
			WHEN m.account_system = 'legacy' OR t.due_at IS NOT NULL THEN 'UNSETTLED' ELSE 'BASIC' END,
		fee = CASE WHEN t.due_at IS NULL AND (t.settled_at IS NOT NULL OR t.stub) THEN g.told ELSE 0 END
	FROM trades t, merchants m
	WHERE t.merchant_id = g.merchant_id AND t.transaction_id = g.transaction_id AND m.merchant_id = g.merchant_id`,
	`UPDATE pg_temp.bill_givings g SET source = 'NONE'
	FROM trades t JOIN merchants m USING (merchant_id)
	LEFT JOIN (SELECT merchant_id, transaction_id, sum(share) AS share FROM pg_temp.bill_givings WHERE status <> 'FAIL' GROUP BY 1, 2) s
		USING (merchant_id, transaction_id)
	WHERE t.merchant_id = g.merchant_id AND t.transaction_id = g.transaction_id AND g.status = 'FAIL' AND g.early AND m.account_system = 'upgraded'
		AND g.share > t.settlement_total - t.given_back - coalesce(s.share, 0)`,
	`UPDATE bill_refunds r SET source = g.source, fee_taken = g.fee FROM pg_temp.bill_givings g
	WHERE r.merchant_id = g.merchant_id AND r.refund_id = g.refund_id`,
}

// overReturned finds orders of which the new refunds give more fee back than was taken: of a stub no more can have
// been than the refunds themselves. What failed is not given for good, but a fee larger than the order's whole one
// never was any. Bills round each part, so that it may be a fen more for each.
const overReturned = `
	WITH sums AS (
		SELECT merchant_id, transaction_id, bool_and(status = 'FAIL') AS failed, count(*) AS parts,
			(CASE WHEN bool_and(status = 'FAIL') THEN max(fee) ELSE sum(fee) END)::bigint AS back,
			(CASE WHEN bool_and(status = 'FAIL') THEN max(share) ELSE sum(share) END)::bigint AS share
		FROM pg_temp.bill_givings WHERE fee > 0 GROUP BY merchant_id, transaction_id, status = 'FAIL'
	), over AS (
		SELECT merchant_id, transaction_id, back, CASE WHEN t.stub THEN s.share WHEN failed THEN t.fee ELSE greatest(t.charged, 0) END AS most
		FROM sums s JOIN trades t USING (merchant_id, transaction_id)
		WHERE back > parts + CASE WHEN t.stub THEN s.share WHEN failed THEN t.fee ELSE greatest(t.charged, 0) END
	)
	SELECT min(r.line) AS line, transaction_id, most, back, count(*) OVER ()
	FROM over JOIN bill_rows r USING (merchant_id, transaction_id) WHERE r.refund_id IS NOT NULL
	GROUP BY merchant_id, transaction_id, most, back ORDER BY line LIMIT $1`

// chargeRefunds carries what they give back to their orders: before the settlement, or after.
const chargeRefunds = `
	WITH sums AS (
		SELECT merchant_id, transaction_id, early, sum(share)::bigint AS share, sum(fee)::bigint AS fee
		FROM pg_temp.bill_givings WHERE status <> 'FAIL' AND source <> 'NONE' GROUP BY 1, 2, 3
	)
	UPDATE trades t SET charged = t.charged - s.fee,
		given_back = t.given_back + CASE WHEN s.early THEN s.share ELSE 0 END,
		taken_back = t.taken_back + CASE WHEN s.early THEN 0 ELSE s.share END
	FROM sums s WHERE t.merchant_id = s.merchant_id AND t.transaction_id = s.transaction_id`

// bookRefunds books the staged refunds and what they do to their orders.
func bookRefunds(ctx context.Context, tx db.Tx, b *booking) error {
	p := &b.report
	if p.Refunds == 0 {
		return nil
	}
	if err := tx.PG().QueryRow(ctx, openStubs, b.at, b.importID).Scan(&p.Stubs); err != nil {
		return fmt.Errorf("open stubs: %w", err)
	}
	if err := b.refuseRows(ctx, tx, strayRefunds, scanStray); err != nil || p.FaultLines > 0 {
		return err
	}
	if err := tx.PG().QueryRow(ctx, insertRefunds, b.at, b.importID).Scan(&p.NewRefunds); err != nil {
		return fmt.Errorf("book refunds: %w", err)
	}
	p.KnownRefunds = p.Refunds - p.NewRefunds
	if p.KnownRefunds > 0 {
		if err := compareRefunds(ctx, tx, b); err != nil || p.FaultLines > 0 {
			return err
		}
	}
	if err := b.refuseRows(ctx, tx, overRefunded, scanOverdrawn); err != nil || p.FaultLines > 0 {
		return err
	}
	if err := chargeAll(ctx, tx, b); err != nil || p.FaultLines > 0 {
		return err
	}
	if _, err := tx.PG().Exec(ctx, applyRefunds); err != nil {
		return fmt.Errorf("apply refunds: %w", err)
	}
	return nil
}

// chargeAll carries the money of the new refunds to their orders.
func chargeAll(ctx context.Context, tx db.Tx, b *booking) error {
	for _, sql := range placeRefunds {
		if _, err := tx.PG().Exec(ctx, sql); err != nil {
			return fmt.Errorf("place refunds: %w", err)
		}
	}
	if err := b.refuseRows(ctx, tx, overReturned, scanOverReturned); err != nil || b.report.FaultLines > 0 {
		return err
	}
	if _, err := tx.PG().Exec(ctx, chargeRefunds); err != nil {
		return fmt.Errorf("charge refunds: %w", err)
	}
	return nil
}

// compareRefunds holds known refunds against the books, takes over a time of success that only the layout REFUND
// tells, and counts those of another state.
func compareRefunds(ctx context.Context, tx db.Tx, b *booking) error {
	if err := b.refuseRows(ctx, tx, refundConflicts, scanRefundConflict); err != nil || b.report.FaultLines > 0 {
		return err
	}
	_, err := tx.PG().Exec(ctx, `
		UPDATE bill_refunds r SET success_time = s.succeeded_at FROM bill_rows s
		WHERE r.merchant_id = s.merchant_id AND r.refund_id = s.refund_id AND r.success_time IS NULL
			AND r.status = 'SUCCESS' AND s.succeeded_at IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("times of success: %w", err)
	}
	var other int64
	err = tx.PG().QueryRow(ctx, `
		SELECT count(*) FROM bill_rows s JOIN bill_refunds r USING (merchant_id, refund_id) WHERE r.status <> s.refund_state`).Scan(&other)
	if err != nil {
		return fmt.Errorf("compare states: %w", err)
	}
	b.report.OtherState += other
	return nil
}
