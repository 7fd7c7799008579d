package trade

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// Columns of an order: what a page shows of it, and what files and programs read besides.
const (
	shownColumns = `t.transaction_id, t.out_trade_no, t.merchant_id, t.trade_type, t.trade_state, t.bank_type, t.body,
	t.total, t.fee, t.refunded, t.success_time, t.stub`
	otherColumns = `, t.sp_mchid, t.openid, t.settlement_total, t.coupon, t.settled_at`
)

// rowOrder is newest first; transaction numbers part what happened in the same second.
const (
	newestFirst = " ORDER BY t.success_time DESC, t.transaction_id DESC, t.merchant_id DESC"
	oldestFirst = " ORDER BY t.success_time, t.transaction_id, t.merchant_id"
)

// selectRows reads orders, whole or as a page shows them, and for a service provider the sub-merchants' names.
func selectRows(s access.Scope, whole bool) string {
	columns := shownColumns
	if whole {
		columns += otherColumns
	}
	if s.Provider() {
		columns += `, coalesce((SELECT short_name FROM merchants m WHERE m.merchant_id = t.merchant_id), '')`
	}
	return "SELECT " + columns + " FROM trades t WHERE "
}

// fields are where the columns of selectRows go. A list has one row scanned into again and again; amounts
// go there as the integers they are, because pgx would convert each of them by reflection.
func (r *Row) fields(s access.Scope, whole bool) []any {
	fields := []any{&r.TransactionID, &r.OutTradeNo, &r.MerchantID, &r.TradeType, &r.TradeState, &r.BankType, &r.Body,
		(*int64)(&r.Total), (*int64)(&r.Fee), (*int64)(&r.Refunded), &r.SuccessTime, &r.Stub}
	if whole {
		fields = append(fields, &r.SPMchID, &r.OpenID, (*int64)(&r.SettlementTotal), (*int64)(&r.Coupon), &r.SettledAt)
	}
	if s.Provider() {
		fields = append(fields, &r.SubName)
	}
	return fields
}

// List reads one page of orders, newest first. next and prev are cursors, empty where nothing is.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, p Page) (list []Row, next, prev string, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return nil, "", "", err
	}
	l := listed(s, f, p, true)
	rows, _ := q.Query(ctx, l.sql, l.args...) // rows know of an error, too
	return l.read(rows)
}

// Shown is what a list's page shows. Its rows are without the columns that only files and programs read.
type Shown struct {
	Rows       []Row
	Next, Prev string
	Found      Totals
	Views      []SavedView
}

// Show reads a page of orders, the filter's totals and the reader's saved views of the page, in one round trip.
func Show(ctx context.Context, q db.Querier, s access.Scope, f Filter, p Page, page string) (m Shown, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return m, err
	}
	var b pgx.Batch
	l := listed(s, f, p, false)
	b.Queue(l.sql, l.args...).Query(func(rows pgx.Rows) (err error) {
		m.Rows, m.Next, m.Prev, err = l.read(rows)
		return err
	})
	c, sql := sumsAndViews(s, f, page)
	b.Queue(sql, c.args...).QueryRow(func(row pgx.Row) error { return row.Scan(append(m.Found.fields(), &m.Views)...) })
	if err := q.SendBatch(ctx, &b).Close(); err != nil {
		return Shown{}, fmt.Errorf("show orders: %w", err)
	}
	m.Found = m.Found.capped(f)
	return m, nil
}

// listing is one page of a list, on its way out of the books.
type listing struct {
	scope           access.Scope
	whole           bool
	size            int
	newer, cursored bool // read towards newer rows; from a place in the list
	sql             string
	args            []any
}

func listed(s access.Scope, f Filter, p Page, whole bool) listing {
	l := listing{scope: s, whole: whole, size: p.Size, newer: p.cursor != nil && !p.cursor.older, cursored: p.cursor != nil}
	if l.size < 1 || l.size > PageSizes[len(PageSizes)-1] {
		l.size = PageSizes[0]
	}
	c, than, order := filtered(s, f), "<", newestFirst
	if l.newer {
		than, order = ">", oldestFirst
	}
	if k := p.cursor; k != nil {
		c.and("(t.success_time, t.transaction_id, t.merchant_id) "+than+" (?, ?, ?)", k.at(), k.id, k.merchant)
	}
	l.sql = selectRows(s, whole) + c.String() + order + " LIMIT " + c.arg(l.size+1)
	l.args = c.args
	return l
}

// read takes the page's rows; one row too many says that there are more.
func (l listing) read(rows pgx.Rows) (list []Row, next, prev string, err error) {
	list = make([]Row, 0, l.size+1)
	var r Row
	if _, err = pgx.ForEachRow(rows, r.fields(l.scope, l.whole), func() error { list = append(list, r); return nil }); err != nil {
		return nil, "", "", fmt.Errorf("orders: %w", err)
	}
	more := len(list) > l.size
	list = list[:min(len(list), l.size)]
	if l.newer {
		slices.Reverse(list)
	}
	next, prev = ends(list, more, l.newer, l.cursored)
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
