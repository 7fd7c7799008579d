package trade

import (
	"context"
	"fmt"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// TotalsMax is how many orders are summed one by one; beyond it a list says "more than".
const TotalsMax = 10_000

// Totals are the sums over all orders of a filter, not only a page. With Capped there are more than
// TotalsMax of them and no sums.
type Totals struct {
	Count      int64
	Capped     bool
	Total      money.Fen
	Settlement money.Fen
	Coupon     money.Fen
	Fee        money.Fen
	Refunded   money.Fen
}

// Sum reads a filter's totals: from the daily roll-up where the filter is days alone, else by
// looking at no more than TotalsMax + 1 orders.
func Sum(ctx context.Context, q db.Querier, s access.Scope, f Filter) (t Totals, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return t, err
	}
	c, sql := sums(s, f)
	if err = q.QueryRow(ctx, sql, c.args...).Scan(t.fields()...); err != nil {
		return t, fmt.Errorf("sum orders: %w", err)
	}
	return t.capped(f), nil
}

// sumsAndViews is the query of a filter's totals and the reader's saved views of a page.
func sumsAndViews(s access.Scope, f Filter, page string) (*clause, string) {
	c, sql := sums(s, f)
	return c, `SELECT sums.*, (SELECT coalesce(json_agg(v ORDER BY v."Slot"), '[]') FROM (SELECT merchant_id AS "MerchantID",
			id AS "ID", account_id AS "AccountID", page AS "Page", name AS "Name", query AS "Query", slot AS "Slot",
			saved_at AS "SavedAt" FROM saved_views
			WHERE merchant_id = ` + c.arg(s.Merchant()) + " AND account_id = " + c.arg(s.Actor().Account) + " AND page = " + c.arg(page) + `) v)
		FROM (` + sql + ") sums"
}

func (t *Totals) fields() []any {
	return []any{&t.Count, &t.Total, &t.Settlement, &t.Coupon, &t.Fee, &t.Refunded}
}

// capped takes back what was only looked at to see that there is too much.
func (t Totals) capped(f Filter) Totals {
	if !f.wholeDays() && t.Count > TotalsMax {
		return Totals{Count: TotalsMax, Capped: true}
	}
	return t
}

// sums is the query of a filter's totals.
func sums(s access.Scope, f Filter) (*clause, string) {
	if f.wholeDays() {
		c := days(s, f)
		return c, `SELECT coalesce(sum(orders), 0)::bigint, coalesce(sum(total), 0)::bigint AS b,
			coalesce(sum(settlement_total), 0)::bigint AS c, coalesce(sum(coupon), 0)::bigint AS d,
			coalesce(sum(fee), 0)::bigint AS e, coalesce(sum(refunded), 0)::bigint AS f
			FROM trade_days t WHERE ` + c.String()
	}
	c := filtered(s, f)
	return c, `SELECT count(*), coalesce(sum(total), 0)::bigint AS b, coalesce(sum(settlement_total), 0)::bigint AS c,
			coalesce(sum(coupon), 0)::bigint AS d, coalesce(sum(fee), 0)::bigint AS e, coalesce(sum(refunded), 0)::bigint AS f
		FROM (SELECT t.total, t.settlement_total, t.coupon, t.fee, t.refunded FROM trades t
			WHERE ` + c.String() + newestFirst + ` LIMIT ` + c.arg(TotalsMax+1) + `) shown`
}

// days limits the roll-up to the filter's days.
func days(s access.Scope, f Filter) *clause {
	c := &clause{}
	c.whose("t", s, f.SubMchID)
	if f.From != "" {
		c.and("t.day >= ?::date", f.From.String())
	}
	if f.To != "" {
		c.and("t.day <= ?::date", f.To.String())
	}
	return c
}
