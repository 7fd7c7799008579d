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
	t.trade_state, t.bank_type, t.appid, t.openid, t.device, t.rate_note, t.body, t.attach`

func scanDetail(row pgx.CollectableRow) (d Detail, err error) {
	t := &d.Trade
	err = row.Scan(&t.MerchantID, &t.SPMchID, &t.Total, &t.SettlementTotal, &t.Coupon, &t.Fee, &t.Refunded, &t.SuccessTime,
		&t.SettledAt, &t.RecordedAt, &t.ImportID, &t.Rate, &t.Stub, &t.Source, &t.TransactionID, &t.OutTradeNo, &t.TradeType,
		&t.TradeState, &t.BankType, &t.Appid, &t.Openid, &t.Device, &t.RateNote, &t.Body, &t.Attach, &d.SubName, &d.File)
	return d, err
}

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
			coalesce((SELECT file_name FROM trade_imports i WHERE i.merchant_id = $1 AND i.id = t.import_id), '')
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
	d := found[0]
	d.Refunds, err = refundsOf(ctx, q, d.Trade)
	return d, err
}

func refundsOf(ctx context.Context, q db.Querier, t Trade) ([]BillRefund, error) {
	rows, err := q.Query(ctx, `
		SELECT merchant_id, sp_mchid, refund, settlement_refund, coupon_refund, fee_back, create_time, success_time,
			recorded_at, import_id, refund_id, out_refund_no, transaction_id, status, trade_state, channel
		FROM bill_refunds WHERE merchant_id = $1 AND transaction_id = $2 ORDER BY create_time, refund_id`,
		t.MerchantID, t.TransactionID)
	if err != nil {
		return nil, fmt.Errorf("refunds of order: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r BillRefund, err error) {
		err = row.Scan(&r.MerchantID, &r.SPMchID, &r.Refund, &r.SettlementRefund, &r.CouponRefund, &r.FeeBack, &r.CreateTime,
			&r.SuccessTime, &r.RecordedAt, &r.ImportID, &r.RefundID, &r.OutRefundNo, &r.TransactionID, &r.Status,
			&r.TradeState, &r.Channel)
		return r, err
	})
}
