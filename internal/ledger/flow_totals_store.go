package ledger

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// marginColumns are the shown accounts that were ever used and the reader's saved views; their parameters
// are the merchant, the shown accounts, the reader and the page.
const marginColumns = `(SELECT coalesce(array_agg(c.account ORDER BY array_position($2::text[], c.account)), '{}') FROM accounts c
		WHERE c.merchant_id = $1 AND c.account = ANY ($2) AND c.seq > 0),
	(SELECT coalesce(json_agg(v ORDER BY v."Slot"), '[]') FROM (SELECT id AS "ID", name AS "Name", query AS "Query", slot AS "Slot"
		FROM saved_views WHERE merchant_id = $1 AND account_id = $3 AND page = $4) v)`

func accountsNamed(names []string) []Account {
	all := make([]Account, len(names))
	for i, n := range names {
		all[i] = Account(n)
	}
	return all
}

func namesOf(all []Account) []string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = string(a)
	}
	return names
}

// FlowSum reads a filter's totals: from the daily sums where they know them, else by looking at no more
// than FlowTotalsMax + 1 rows.
func FlowSum(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter) (t FlowTotals, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return t, err
	}
	c, sql := totalsOf(s.Merchant(), f, FlowTotalsMax+1)
	if err := q.QueryRow(ctx, sql, c.args...).Scan(t.fields()...); err != nil {
		return t, fmt.Errorf("sum fund flow: %w", err)
	}
	return t.capped(f), nil
}

func (t *FlowTotals) fields() []any {
	return []any{&t.Ins, (*int64)(&t.InAmount), &t.Outs, (*int64)(&t.OutAmount), &t.Looked, (*int64)(&t.Opening), (*int64)(&t.Closing)}
}

// queueTotals puts the filter's totals and the page's margin on the way, in one statement.
func queueTotals(b *pgx.Batch, s access.Scope, f FlowFilter, page string, m *FlowShown) {
	c := &flowSQL{filter: f}
	c.merchant = c.arg(s.Merchant())
	c.arg(shownNames())
	c.arg(s.Actor().Account)
	c.arg(page)
	sql := "SELECT sums.*, " + marginColumns + " FROM (" + c.totals(FlowTotalsMax+1) + ") sums"
	b.Queue(sql, c.args...).QueryRow(func(row pgx.Row) error {
		var used []string
		if err := row.Scan(append(m.Found.fields(), &used, &m.Views)...); err != nil {
			return err
		}
		m.Accounts, m.Found = accountsNamed(used), m.Found.capped(f)
		return nil
	})
}

func totalsOf(merchant int64, f FlowFilter, limit int64) (*flowSQL, string) {
	c := &flowSQL{filter: f}
	c.merchant = c.arg(merchant)
	return c, c.totals(limit)
}

// totals is the query of a filter's totals with the balances at both ends of its span.
func (q *flowSQL) totals(limit int64) string {
	if limit == FlowTotalsMax+1 && q.filter.byAmount() {
		limit = FlowLookMax + 1
	}
	if !q.filter.inDays() {
		q.limit = q.arg(limit)
	}
	return "SELECT t.*, " + q.balanceBefore(true) + " AS opening, " + q.balanceBefore(false) + " AS closing FROM (" + q.counted() + ") t"
}

// counted are the filter's counts and sums.
func (q *flowSQL) counted() string {
	if !q.filter.inDays() {
		q.loose = q.filter.byAmount()
		looked := "0::bigint"
		if q.loose {
			looked = "count(*)"
		}
		fits := " AND " + q.amounts()
		return `SELECT count(*) FILTER (WHERE e.amount > 0` + fits + `) AS ins, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0` + fits + `), 0)::bigint AS in_amount,
			count(*) FILTER (WHERE e.amount < 0` + fits + `) AS outs, coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0` + fits + `), 0)::bigint AS out_amount,
			` + looked + ` AS looked FROM ` + q.rows()
	}
	f := q.filter
	in, out := "", ""
	switch f.Direction {
	case In:
		out = " FILTER (WHERE false)"
	case Out:
		in = " FILTER (WHERE false)"
	}
	sql := `SELECT coalesce(sum(d.ins)` + in + `, 0)::bigint AS ins, coalesce(sum(d.in_amount)` + in + `, 0)::bigint AS in_amount,
			coalesce(sum(d.outs)` + out + `, 0)::bigint AS outs, coalesce(sum(d.out_amount)` + out + `, 0)::bigint AS out_amount, 0::bigint AS looked
		FROM account_days d WHERE d.merchant_id = ` + q.merchant + ` AND d.account = ANY (` + q.arg(namesOf(q.filter.accounts())) + `) AND d.day >= ` + q.arg(f.From.Day.String()) + `::date`
	if !f.To.None() {
		sql += " AND d.day <= " + q.arg(f.To.Day.String()) + "::date"
	}
	if f.Type != "" {
		sql += " AND d.row_type = ANY (" + q.arg(f.types()) + ")"
	}
	return sql
}

// balanceBefore is how the accounts stood where the span begins, or where it ends.
func (q *flowSQL) balanceBefore(begin bool) string {
	at := q.filter.until()
	if begin {
		at = q.filter.since()
	}
	if at.IsZero() {
		at = dayMax.Next().Start()
	}
	return `(SELECT coalesce(sum(b.balance_after), 0)::bigint FROM unnest(` + q.arg(namesOf(q.filter.accounts())) + `::text[]) AS a (account) CROSS JOIN LATERAL (SELECT e.balance_after FROM entries e
		WHERE e.merchant_id = ` + q.merchant + ` AND e.account = a.account AND e.booked_at < ` + q.arg(at) + ` ORDER BY e.booked_at DESC, e.seq DESC LIMIT 1) b)`
}
