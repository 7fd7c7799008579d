package trade

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade/bill"
)

const tradeColumns = `t.merchant_id, t.sp_mchid, t.total, t.settlement_total, t.coupon, t.fee, t.refunded, t.success_time,
	t.settled_at, t.recorded_at, t.import_id, t.rate, t.stub, t.source, t.transaction_id, t.out_trade_no, t.trade_type,
	t.trade_state, t.bank_type, t.appid, t.openid, t.device, t.rate_note, t.body, t.attach`

// refundColumns are those of a refund that may not be there: its number is empty then.
const refundColumns = `coalesce(r.refund, 0), coalesce(r.settlement_refund, 0), coalesce(r.coupon_refund, 0), coalesce(r.fee_back, 0),
	coalesce(r.create_time, t.recorded_at), r.success_time, coalesce(r.recorded_at, t.recorded_at), r.import_id,
	coalesce(r.refund_id, ''), coalesce(r.out_refund_no, ''), coalesce(r.status, ''), coalesce(r.trade_state, ''), coalesce(r.channel, '')`

// scanDetail reads an order with one of its refunds, if it has any.
func scanDetail(row pgx.CollectableRow) (d Detail, err error) {
	t, r := &d.Trade, BillRefund{}
	var importID *uuid.UUID
	err = row.Scan(&t.MerchantID, &t.SPMchID, &t.Total, &t.SettlementTotal, &t.Coupon, &t.Fee, &t.Refunded, &t.SuccessTime,
		&t.SettledAt, &t.RecordedAt, &t.ImportID, &t.Rate, &t.Stub, &t.Source, &t.TransactionID, &t.OutTradeNo, &t.TradeType,
		&t.TradeState, &t.BankType, &t.Appid, &t.Openid, &t.Device, &t.RateNote, &t.Body, &t.Attach, &d.SubName, &d.File,
		&r.Refund, &r.SettlementRefund, &r.CouponRefund, &r.FeeBack, &r.CreateTime, &r.SuccessTime, &r.RecordedAt, &importID,
		&r.RefundID, &r.OutRefundNo, &r.Status, &r.TradeState, &r.Channel)
	if err == nil && importID != nil {
		r.MerchantID, r.SPMchID, r.TransactionID, r.ImportID = t.MerchantID, t.SPMchID, t.TransactionID, *importID
		d.Refunds = []BillRefund{r}
	}
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
			coalesce((SELECT file_name FROM trade_imports i WHERE i.merchant_id = $1 AND i.id = t.import_id), ''), %[4]s
		FROM (SELECT t.* FROM (SELECT t.* FROM trades t WHERE t.merchant_id %[2]s AND t.transaction_id = %[3]s
				UNION ALL SELECT t.* FROM trades t WHERE t.merchant_id %[2]s AND t.out_trade_no = %[3]s) t
			ORDER BY t.transaction_id = %[3]s DESC, t.success_time DESC, t.merchant_id LIMIT 1) t
		LEFT JOIN bill_refunds r ON r.merchant_id = t.merchant_id AND r.transaction_id = t.transaction_id
		ORDER BY r.create_time, r.refund_id`,
		tradeColumns, owner, number, refundColumns), c.args...)
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
	for _, more := range found[1:] {
		d.Refunds = append(d.Refunds, more.Refunds...)
	}
	return d, nil
}
