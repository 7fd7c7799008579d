package trade

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
)

// The business day of a moment, and what of an order stands as income, in SQL.
const (
	dayOf  = "(success_time AT TIME ZONE 'Asia/Shanghai')::date"
	isPaid = "(NOT stub AND trade_state IN ('SUCCESS', 'REFUND'))"
)

// addDays adds what a statement collected under the name "deltas" to the roll-up. A delta below zero
// always meets a day that is there; a new day may be opened by another writer at the same moment.
// Days are held in the order of their keys, so that two writers never wait for each other.
const addDays = `held AS (
		SELECT d.merchant_id, d.sp_mchid, d.day FROM trade_days d JOIN deltas USING (merchant_id, sp_mchid, day)
		ORDER BY 1, 2, 3 FOR UPDATE OF d
	), added AS (
		UPDATE trade_days d SET orders = d.orders + x.orders, total = d.total + x.total,
			settlement_total = d.settlement_total + x.settlement_total, coupon = d.coupon + x.coupon, fee = d.fee + x.fee,
			refunded = d.refunded + x.refunded, paid_count = d.paid_count + x.paid_count, paid_total = d.paid_total + x.paid_total
		FROM deltas x JOIN held USING (merchant_id, sp_mchid, day)
		WHERE d.merchant_id = x.merchant_id AND d.sp_mchid = x.sp_mchid AND d.day = x.day
	), opened AS (
		INSERT INTO trade_days AS d (merchant_id, sp_mchid, day, orders, total, settlement_total, coupon, fee, refunded,
			paid_count, paid_total, refund_count, refund_total)
		SELECT merchant_id, sp_mchid, day, orders, total, settlement_total, coupon, fee, refunded, paid_count, paid_total, 0, 0
		FROM deltas LEFT JOIN held USING (merchant_id, sp_mchid, day) WHERE held.day IS NULL ORDER BY 1, 2, 3
		ON CONFLICT (merchant_id, sp_mchid, day) DO UPDATE SET
			orders = d.orders + excluded.orders, total = d.total + excluded.total,
			settlement_total = d.settlement_total + excluded.settlement_total, coupon = d.coupon + excluded.coupon,
			fee = d.fee + excluded.fee, refunded = d.refunded + excluded.refunded,
			paid_count = d.paid_count + excluded.paid_count, paid_total = d.paid_total + excluded.paid_total
	)`

// Both ways an order comes in, by bill and by notice, write the same statements: bill_rows are the staged
// rows of a bill, or what a notice's statement calls so. $1 is when they are booked, $2 the import or none.

// insertTrades books every staged order that is not there yet, and counts it in its day.
const insertTrades = `
	fresh AS (
		INSERT INTO trades (merchant_id, sp_mchid, total, settlement_total, coupon, fee, success_time, recorded_at,
			import_id, rate, source, due_at, transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid,
			device, rate_note, body, attach)
		SELECT merchant_id, sp_mchid, total, settlement_total, coupon, fee, at, $1, $2, rate,
			CASE WHEN $2::uuid IS NULL THEN 'channel' ELSE 'bill' END, CASE WHEN trade_state <> 'REVOKED' THEN ` + dueAt + ` END,
			transaction_id, out_trade_no, trade_type, trade_state, bank_type, s.appid, openid, device, rate_note, body, attach
		FROM bill_rows s JOIN merchants m USING (merchant_id) WHERE refund_id IS NULL
		ON CONFLICT DO NOTHING
		RETURNING *
	), `

// dayDeltas counts the new orders in their days.
const dayDeltas = `deltas AS (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, count(*) AS orders, sum(total) AS total,
			sum(settlement_total) AS settlement_total, sum(coupon) AS coupon, sum(fee) AS fee, 0 AS refunded,
			count(*) FILTER (WHERE ` + isPaid + `) AS paid_count,
			coalesce(sum(total) FILTER (WHERE ` + isPaid + `), 0) AS paid_total
		FROM fresh GROUP BY 1, 2, 3
	), ` + addDays + `
	SELECT coalesce(sum(orders), 0)::bigint FROM deltas`

// fillStubs gives stubs their own row, which has come now. The refunds they were opened by stay, and
// what the refunds did to the state stays with them. An order smaller than its refunds fills nothing.
const fillStubs = `
	own AS (
		SELECT DISTINCT ON (merchant_id, transaction_id) * FROM bill_rows WHERE refund_id IS NULL
		ORDER BY merchant_id, transaction_id, line
	), old AS (
		SELECT t.merchant_id, t.sp_mchid, t.transaction_id, t.success_time, t.refunded
		FROM trades t JOIN own USING (merchant_id, transaction_id)
		WHERE t.stub AND t.out_trade_no = own.out_trade_no AND t.sp_mchid = own.sp_mchid
			AND t.refunded <= own.total AND t.taken_back <= own.settlement_total
	), filled AS (
		UPDATE trades t SET stub = false, total = o.total, settlement_total = o.settlement_total, coupon = o.coupon,
			fee = o.fee, success_time = o.at, recorded_at = $1, import_id = $2, rate = o.rate,
			source = CASE WHEN $2::uuid IS NULL THEN 'channel' ELSE 'bill' END,
			due_at = CASE WHEN o.trade_state <> 'REVOKED' THEN ` + dueAt + ` END,
			trade_type = o.trade_type, bank_type = o.bank_type, appid = o.appid, openid = o.openid, device = o.device,
			rate_note = o.rate_note, body = o.body, attach = o.attach,
			trade_state = CASE WHEN o.trade_state = 'SUCCESS' THEN t.trade_state ELSE o.trade_state END
		FROM own o JOIN old USING (merchant_id, transaction_id) JOIN merchants m USING (merchant_id)
		WHERE t.merchant_id = o.merchant_id AND t.transaction_id = o.transaction_id
		RETURNING t.*
	), `

// dayMoves takes filled stubs out of their old days and counts them in their own.
const dayMoves = `moves AS (
		SELECT merchant_id, sp_mchid, ` + dayOf + ` AS day, -1 AS orders, 0::bigint AS total, 0::bigint AS settlement_total,
			0::bigint AS coupon, 0::bigint AS fee, -refunded AS refunded, 0 AS paid_count, 0::bigint AS paid_total
		FROM old JOIN (SELECT merchant_id AS m, transaction_id AS x FROM filled) f ON m = merchant_id AND x = transaction_id
		UNION ALL
		SELECT merchant_id, sp_mchid, ` + dayOf + `, 1, total, settlement_total, coupon, fee, refunded,
			` + isPaid + `::int, CASE WHEN ` + isPaid + ` THEN total ELSE 0 END
		FROM filled
	), deltas AS (
		SELECT merchant_id, sp_mchid, day, sum(orders) AS orders, sum(total) AS total,
			sum(settlement_total) AS settlement_total, sum(coupon) AS coupon, sum(fee) AS fee, sum(refunded) AS refunded,
			sum(paid_count) AS paid_count, sum(paid_total) AS paid_total
		FROM moves GROUP BY 1, 2, 3
	), ` + addDays + `
	SELECT count(*) FROM filled`

// conflicts finds staged orders that the books tell otherwise: another amount, another number, an
// order number that belongs to another order. It also counts rows whose state has gone on since.
const conflicts = `
	SELECT s.line, s.transaction_id, s.out_trade_no, t.transaction_id IS NULL AS taken,
		coalesce(t.out_trade_no, ''), coalesce(t.sp_mchid, 0) <> s.sp_mchid,
		ARRAY[s.total, s.settlement_total, s.coupon, s.fee],
		ARRAY[coalesce(t.total, 0), coalesce(t.settlement_total, 0), coalesce(t.coupon, 0), coalesce(t.fee, 0)],
		count(*) OVER ()
	FROM bill_rows s LEFT JOIN trades t USING (merchant_id, transaction_id)
	WHERE s.refund_id IS NULL AND (s.out_trade_no, s.total, s.settlement_total, s.coupon, s.fee, s.sp_mchid)
		IS DISTINCT FROM (t.out_trade_no, t.total, t.settlement_total, t.coupon, t.fee, t.sp_mchid)
	ORDER BY s.line LIMIT $1`

// overdrawn finds staged orders that are smaller than what is known to have been refunded of them.
const overdrawn = `
	SELECT s.line, s.transaction_id, s.total, t.refunded, s.settlement_total, t.taken_back, count(*) OVER ()
	FROM bill_rows s JOIN trades t USING (merchant_id, transaction_id)
	WHERE t.stub AND s.refund_id IS NULL AND (s.total < t.refunded OR s.settlement_total < t.taken_back)
	ORDER BY s.line LIMIT $1`

// keepFresh and keepFilled put orders whose money is to be booked aside, in the order they came.
const (
	keepFresh = `kept AS (INSERT INTO pg_temp.bill_earnings
		SELECT merchant_id, transaction_id, out_trade_no, body, settlement_total, trade_state = 'REVOKED' FROM fresh), `
	keepFilled = `kept AS (INSERT INTO pg_temp.bill_earnings
		SELECT merchant_id, transaction_id, out_trade_no, body, settlement_total, trade_state = 'REVOKED' AND due_at IS NULL,
			false, 0, -charged FROM filled), `
)

// bookTrades books the staged orders.
func bookTrades(ctx context.Context, tx db.Tx, b *booking) error {
	p := &b.report
	if p.Orders == 0 {
		return nil
	}
	if err := tx.PG().QueryRow(ctx, "WITH "+insertTrades+keepFresh+dayDeltas, b.at, b.importID).Scan(&p.NewTrades); err != nil {
		return fmt.Errorf("book orders: %w", err)
	}
	if p.NewTrades == p.Orders {
		return nil
	}
	if err := b.refuseRows(ctx, tx, overdrawn, scanOverdrawn); err != nil || p.FaultLines > 0 {
		return err
	}
	if err := tx.PG().QueryRow(ctx, "WITH "+fillStubs+keepFilled+dayMoves, b.at, b.importID).Scan(&p.Filled); err != nil {
		return fmt.Errorf("fill stubs: %w", err)
	}
	p.KnownTrades = p.Orders - p.NewTrades - p.Filled
	if err := b.refuseRows(ctx, tx, conflicts, scanConflict); err != nil || p.FaultLines > 0 {
		return err
	}
	if err := revokeKnown(ctx, tx, b); err != nil {
		return err
	}
	err := tx.PG().QueryRow(ctx, `
		SELECT count(*) FROM bill_rows s JOIN trades t USING (merchant_id, transaction_id)
		WHERE s.refund_id IS NULL AND t.trade_state <> s.trade_state
			AND NOT (s.trade_state = 'SUCCESS' AND t.trade_state = 'REFUND')`).Scan(&p.OtherState)
	if err != nil {
		return fmt.Errorf("compare states: %w", err)
	}
	return nil
}
