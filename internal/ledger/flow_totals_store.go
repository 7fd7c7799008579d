package ledger

import (
	"context"
	"fmt"
	"time"

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
	return "SELECT t.*, " + q.balance(true) + " AS opening, " + q.balance(false) + " AS closing FROM (" + q.counted() + ") t"
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
		FROM account_days d WHERE d.merchant_id = ` + q.merchant + ` AND ` + q.ofAccounts("d.account") + ` AND d.day >= ` + q.arg(f.From.Day.String()) + `::date`
	if !f.To.None() {
		sql += " AND d.day <= " + q.arg(f.To.Day.String()) + "::date"
	}
	if f.Type != "" {
		sql += " AND " + q.ofTypes("d.row_type")
	}
	return sql
}

// balance is how the accounts stood where the span begins, or where it ends. It frames the totals of all rows
// alone.
func (q *flowSQL) balance(begin bool) string {
	at := q.filter.until()
	if begin {
		at = q.filter.since()
	}
	switch all := q.filter.accounts(); {
	case !q.filter.Whole():
		return "0::bigint"
	case at.IsZero():
		return "(SELECT coalesce(sum(b.balance), 0)::bigint FROM accounts b WHERE b.merchant_id = " + q.merchant + " AND " + q.ofAccounts("b.account") + ")"
	case len(all) == 1:
		return "coalesce((" + q.balanceAt(q.arg(string(all[0])), at) + "), 0)"
	default:
		return `(SELECT coalesce(sum(b.balance_after), 0)::bigint FROM unnest(` + q.arg(namesOf(all)) + `::text[]) AS a (account) CROSS JOIN LATERAL (` +
			q.balanceAt("a.account", at) + `) b)`
	}
}

func (q *flowSQL) balanceAt(account string, at time.Time) string {
	return "SELECT e.balance_after FROM entries e WHERE e.merchant_id = " + q.merchant + " AND e.account = " + account + " AND e.booked_at < " + q.arg(at) +
		" ORDER BY e.booked_at DESC, e.seq DESC LIMIT 1"
}

// ofAccounts limits a table to the accounts that are meant, and ofTypes to the lines.
func (q *flowSQL) ofAccounts(column string) string {
	return q.among(column, namesOf(q.filter.accounts()))
}
func (q *flowSQL) ofTypes(column string) string { return q.among(column, q.filter.types()) }

// among is one of a list; one alone is none, so that the index is read at it.
func (q *flowSQL) among(column string, all []string) string {
	if len(all) == 1 {
		return column + " = " + q.arg(all[0])
	}
	return column + " = ANY (" + q.arg(all) + ")"
}
