package trade

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

const rowColumns = `t.transaction_id, t.out_trade_no, t.merchant_id, t.sp_mchid, t.openid, t.trade_type, t.trade_state,
	t.bank_type, t.body, t.total, t.settlement_total, t.coupon, t.fee, t.refunded, t.success_time, t.settled_at, t.stub`

// rowOrder is newest first; transaction numbers part what happened in the same second.
const (
	newestFirst = " ORDER BY t.success_time DESC, t.transaction_id DESC, t.merchant_id DESC"
	oldestFirst = " ORDER BY t.success_time, t.transaction_id, t.merchant_id"
)

// fields are where the columns of selectRows go. A list has one row scanned into again and again.
func (r *Row) fields() []any {
	return []any{&r.TransactionID, &r.OutTradeNo, &r.MerchantID, &r.SPMchID, &r.OpenID, &r.TradeType, &r.TradeState,
		&r.BankType, &r.Body, &r.Total, &r.SettlementTotal, &r.Coupon, &r.Fee, &r.Refunded, &r.SuccessTime, &r.SettledAt, &r.Stub, &r.SubName}
}

// selectRows reads orders with, for a service provider, the sub-merchants' names.
func selectRows(s access.Scope) string {
	if !s.Provider() {
		return "SELECT " + rowColumns + ", '' FROM trades t WHERE "
	}
	return "SELECT " + rowColumns + `, coalesce((SELECT short_name FROM merchants m WHERE m.merchant_id = t.merchant_id), '')
		FROM trades t WHERE `
}

// List reads one page of orders, newest first. next and prev are cursors, empty where nothing is.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, p Page) (list []Row, next, prev string, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return nil, "", "", err
	}
	size := p.Size
	if size < 1 || size > PageSizes[len(PageSizes)-1] {
		size = PageSizes[0]
	}
	c, newer := filtered(s, f), p.cursor != nil && !p.cursor.older
	if k := p.cursor; k != nil {
		than := "<"
		if newer {
			than = ">"
		}
		c.and("(t.success_time, t.transaction_id, t.merchant_id) "+than+" (?, ?, ?)", k.at(), k.id, k.merchant)
	}
	order := newestFirst
	if newer {
		order = oldestFirst
	}
	rows, err := q.Query(ctx, selectRows(s)+c.String()+order+" LIMIT "+c.arg(size+1), c.args...)
	if err != nil {
		return nil, "", "", fmt.Errorf("orders: %w", err)
	}
	list = make([]Row, 0, size+1)
	var r Row
	if _, err = pgx.ForEachRow(rows, r.fields(), func() error { list = append(list, r); return nil }); err != nil {
		return nil, "", "", fmt.Errorf("orders: %w", err)
	}
	more := len(list) > size
	list = list[:min(len(list), size)]
	if newer {
		slices.Reverse(list)
	}
	next, prev = ends(list, more, newer, p.cursor != nil)
	return list, next, prev, nil
}

// ends are the cursors of a page: in the direction one came from there is always something.
func ends(list []Row, more, newer, cursored bool) (next, prev string) {
	if len(list) == 0 {
		return "", ""
	}
	if newer || more {
		next = list[len(list)-1].cursor(true)
	}
	if (newer && more) || (!newer && cursored) {
		prev = list[0].cursor(false)
	}
	return next, prev
}
