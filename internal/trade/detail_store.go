package trade

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade/bill"
)

const tradeColumns = `t.merchant_id, t.sp_mchid, t.total, t.settlement_total, t.coupon, t.fee, t.refunded, t.success_time,
	t.settled_at, t.recorded_at, t.import_id, t.rate, t.stub, t.source, t.transaction_id, t.out_trade_no, t.trade_type,
	t.trade_state, t.bank_type, t.appid, t.openid, t.device, t.rate_note, t.body, t.attach, t.due_at, t.charged, t.given_back,
	t.taken_back, t.line_day`

func scanDetail(row pgx.CollectableRow) (d Detail, err error) {
	t := &d.Trade
	err = row.Scan(&t.MerchantID, &t.SPMchID, &t.Total, &t.SettlementTotal, &t.Coupon, &t.Fee, &t.Refunded, &t.SuccessTime,
		&t.SettledAt, &t.RecordedAt, &t.ImportID, &t.Rate, &t.Stub, &t.Source, &t.TransactionID, &t.OutTradeNo, &t.TradeType,
		&t.TradeState, &t.BankType, &t.Appid, &t.Openid, &t.Device, &t.RateNote, &t.Body, &t.Attach, &t.DueAt, &t.Charged,
		&t.GivenBack, &t.TakenBack, &t.LineDay, &d.SubName, &d.File, &d.Refunds)
	return d, err
}

// ofOrder are an order's refunds, oldest first, in the same statement: an order's page has few.
const ofOrder = `(SELECT coalesce(json_agg(r ORDER BY r."CreateTime", r."RefundID"), '[]') FROM (SELECT merchant_id AS "MerchantID",
		sp_mchid AS "SPMchID", refund AS "Refund", settlement_refund AS "SettlementRefund", coupon_refund AS "CouponRefund",
		fee_back AS "FeeBack", create_time AS "CreateTime", success_time AS "SuccessTime", recorded_at AS "RecordedAt",
		import_id AS "ImportID", refund_id AS "RefundID", out_refund_no AS "OutRefundNo", transaction_id AS "TransactionID",
		status AS "Status", trade_state AS "TradeState", channel AS "Channel", source AS "Source", fee_taken AS "FeeTaken"
		FROM bill_refunds b WHERE b.merchant_id = t.merchant_id AND b.transaction_id = t.transaction_id) r)`

// Get reads an order by its transaction number or its merchant's order number, with its refunds.
// What is not there and what is another's are both fault.ErrNotFound.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string) (Detail, error) {
	if err := s.Require(access.TradeRead); err != nil {
		return Detail{}, err
	}
	if !bill.IsNumber(no) {
		return Detail{}, fault.ErrNotFound
	}
	c := &clause{}
	owner := "= " + c.arg(s.Merchant())
	if s.Provider() {
		owner = `IN (SELECT merchant_id FROM merchants WHERE parent_mchid <> 0 AND parent_mchid = $1)
			AND t.sp_mchid = $1`
	}
	number := c.arg(no)
	rows, err := q.Query(ctx, fmt.Sprintf(`
		SELECT %[1]s, coalesce((SELECT short_name FROM merchants m WHERE m.merchant_id = t.merchant_id AND t.sp_mchid <> 0), ''),
			coalesce((SELECT file_name FROM trade_imports i WHERE i.merchant_id = $1 AND i.id = t.import_id), ''), `+ofOrder+`
		FROM (SELECT t.* FROM trades t WHERE t.merchant_id %[2]s AND t.transaction_id = %[3]s
			UNION ALL SELECT t.* FROM trades t WHERE t.merchant_id %[2]s AND t.out_trade_no = %[3]s) t
		ORDER BY t.transaction_id = %[3]s DESC, t.success_time DESC, t.merchant_id LIMIT 1`,
		tradeColumns, owner, number), c.args...)
	if err != nil {
		return Detail{}, fmt.Errorf("order: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanDetail)
	if err != nil {
		return Detail{}, fmt.Errorf("order: %w", err)
	}
	if len(found) == 0 {
		return Detail{}, fault.ErrNotFound
	}
	return found[0], nil
}
