package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
)

// flowSQL is a query of rows under construction. Its parts are fixed texts of this package; values only
// ever become parameters.
type flowSQL struct {
	filter   FlowFilter
	merchant string // its parameter
	cursor   *flowCursor
	limit    string
	loose    bool // amounts are left to whoever adds up
	near     int  // how many of the nearest rows are looked through; 0: all
	args     []any
}

func flowQuery(merchant int64, f FlowFilter, c *flowCursor, limit int) *flowSQL {
	q := &flowSQL{filter: f, cursor: c}
	q.merchant, q.limit = q.arg(merchant), most(limit)
	return q
}

func (q *flowSQL) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// most writes a limit into the query's text: there are few of them, and a plan is only kept when it knows how
// few rows are wanted.
func most(limit int) string { return strconv.Itoa(limit) }

// newer tells whether rows are read towards newer ones.
func (q *flowSQL) newer() bool { return q.cursor != nil && !q.cursor.older }

// order is that of the list, or its reverse.
func (q *flowSQL) order(rank string) string {
	if q.newer() {
		return "e.booked_at, " + rank + " DESC, e.seq"
	}
	return "e.booked_at DESC, " + rank + ", e.seq DESC"
}

// rows is the part behind FROM that gives the limit's entries as e, each with its account's rank: every
// account is read by its own index no further than the limit.
func (q *flowSQL) rows() string {
	order := "e.booked_at DESC, e.seq DESC"
	if q.newer() {
		order = "e.booked_at, e.seq"
	}
	cut := " ORDER BY " + order + " LIMIT "
	var from, where string
	if q.near > 0 {
		from, where = "(SELECT "+rowColumns+" FROM entries e WHERE "+q.within()+cut+most(q.near)+") e", "true"
	} else {
		from, where = q.source(), q.within()
	}
	return "(SELECT e.*, a.rank FROM " + q.accounts() + " CROSS JOIN LATERAL (SELECT " + rowColumns + " FROM " + from + " WHERE " + where + q.chosen() +
		cut + q.limit + ") e ORDER BY " + q.order("a.rank") + " LIMIT " + q.limit + ") e"
}

const (
	rowColumns = "e.account, e.seq, e.booked_at, e.row_type, e.amount, e.balance_after, e.transfer_id"
	// flowNear is how many of an account's nearest rows are looked through for those of a filter: what is not
	// rare stands among them.
	flowNear = 1000
)

// accounts are those that are meant, with where the cursor cuts each of them. One alone is no list, so that
// the planner sees through it.
func (q *flowSQL) accounts() string {
	all := q.filter.accounts()
	bounds := make([]int64, len(all))
	for i, a := range all {
		if q.cursor != nil {
			bounds[i] = q.cursor.bound(a)
		}
	}
	if len(all) == 1 {
		return "(SELECT " + q.arg(string(all[0])) + "::text AS account, " + q.arg(bounds[0]) + "::bigint AS bound, 1::bigint AS rank) AS a"
	}
	return "unnest(" + q.arg(namesOf(all)) + "::text[], " + q.arg(bounds) + "::bigint[]) WITH ORDINALITY AS a (account, bound, rank)"
}

// source is where one account's entries are taken from: found by a number, out of the days that have such
// lines, or all of them.
func (q *flowSQL) source() string {
	switch f := q.filter; {
	case f.Number != "":
		return q.numbered() + " f JOIN entries e ON e.merchant_id = " + q.merchant + " AND e.account = a.account AND e.seq = f.seq"
	case f.byDays():
		return q.days() + " d CROSS JOIN LATERAL (SELECT * FROM entries e WHERE e.merchant_id = " + q.merchant + ` AND e.account = a.account
			AND e.booked_at >= d.day::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.booked_at < (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') e`
	}
	return "entries e"
}

// days are the days of the account whose lines of the filter fill the limit, from the cursor on. Of the day
// at which the reading begins nobody knows how many lines lie before the beginning, so it counts as none.
func (q *flowSQL) days() string {
	first, last, order := q.span()
	begin := last
	if q.newer() {
		begin = first
	}
	lines := map[string]string{"": "sum(d.ins + d.outs)", In: "sum(d.ins)", Out: "sum(d.outs)"}[q.filter.Direction]
	types := ""
	if q.filter.Type != "" {
		types = " AND " + q.ofTypes("d.row_type")
	}
	return `(SELECT s.day FROM (SELECT d.day, ` + lines + ` AS lines, sum(CASE WHEN d.day = ` + q.arg(begin.String()) + `::date THEN 0
			ELSE ` + lines + ` END) OVER (ORDER BY ` + order + ` ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
		FROM account_days d WHERE d.merchant_id = ` + q.merchant + ` AND d.account = a.account
			AND d.day BETWEEN ` + q.arg(first.String()) + `::date AND ` + q.arg(last.String()) + `::date` + types + `
		GROUP BY d.day) s WHERE s.lines > 0 AND coalesce(s.before, 0) < ` + q.limit + `)`
}

// span are the days between the filter's ends and the cursor, and the order they are read in.
func (q *flowSQL) span() (first, last clock.Day, order string) {
	first, last, order = clock.DayOf(q.filter.since()), dayMax, "d.day DESC"
	if to := q.filter.until(); !to.IsZero() {
		last = clock.DayOf(to.Add(-time.Microsecond))
	}
	switch c := q.cursor; {
	case c == nil:
	case q.newer():
		first, order = max(first, clock.DayOf(c.at())), "d.day"
	default:
		last = min(last, clock.DayOf(c.at()))
	}
	return first, last, order
}

// numbered finds the account's rows that have the number: through the tails of their transfers' numbers,
// and through the place that a flow number ends with.
func (q *flowSQL) numbered() string {
	no := q.filter.Number
	whole, tail := q.arg(no), q.arg(no[max(0, len(no)-FlowTailMin):])
	is := func(column string) string {
		if len(no) < FlowTailMin {
			return fmt.Sprintf("right(%[1]s, %[2]d) = %[3]s AND %[1]s = %[4]s", column, FlowTailMin, tail, whole)
		}
		return fmt.Sprintf("right(%[1]s, %[2]d) = %[3]s AND right(%[1]s, %[4]d) = %[5]s", column, FlowTailMin, tail, len(no), whole)
	}
	part := func(condition string) string {
		return `SELECT l.seq FROM transfers t CROSS JOIN LATERAL unnest(t.accounts, t.seqs) AS l (account, seq)
			WHERE t.merchant_id = ` + q.merchant + ` AND l.account = a.account AND ` + condition
	}
	all := part(is("t.business_no")) + " UNION " + part(is("t.voucher_no")+" AND t.voucher_no <> ''")
	if flow := q.flowNumbered(whole); flow != "" {
		all += " UNION " + flow
	}
	return "(" + all + ")"
}

// flowNumbered finds rows whose flow number ends with the filter's number: their places in the account end
// with its last digits, so there are few of them.
func (q *flowSQL) flowNumbered(whole string) string {
	no := q.filter.Number
	if len(no) < FlowTailMin || len(no) > flowLength || strings.IndexFunc(no, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return ""
	}
	last := min(len(no), flowTailDigits)
	begin, err := strconv.ParseInt(no[len(no)-last:], 10, 64)
	if err != nil {
		return ""
	}
	step := int64(flowTail)
	for i := last; i < flowTailDigits; i++ {
		step /= 10
	}
	return `SELECT x.seq FROM accounts c CROSS JOIN LATERAL generate_series(` + q.arg(begin) + `::bigint, c.seq, ` + q.arg(step) + `::bigint) AS p (seq)
		JOIN entries x ON x.merchant_id = ` + q.merchant + ` AND x.account = a.account AND x.seq = p.seq
		WHERE c.merchant_id = ` + q.merchant + ` AND c.account = a.account AND right(x.merchant_id::text
			|| to_char(x.booked_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || '10' || array_position(` + q.arg(shownNames()) + `::text[], x.account)::text
			|| lpad((x.seq % ` + q.arg(int64(flowTail)) + `)::text, ` + strconv.Itoa(flowTailDigits) + `, '0'), ` + strconv.Itoa(len(no)) + `) = ` + whole
}

// flowTailDigits is how many digits of a row's place its flow number ends with.
const flowTailDigits = 7

func shownNames() []string { return namesOf(shown) }

// within limits one account's entries to the filter's span and to what lies beyond the cursor.
func (q *flowSQL) within() string {
	f := q.filter
	parts := []string{"e.merchant_id = " + q.merchant, "e.account = a.account"}
	from, to := f.since(), f.until()
	if c := q.cursor; c != nil { // of two bounds on one side only the nearer: the index begins to read at one
		than := "<"
		switch at := c.at(); {
		case q.newer():
			than = ">"
			if !at.Before(from) {
				from = time.Time{}
			}
		case at.Before(to):
			to = time.Time{}
		}
		parts = append(parts, "(e.booked_at, e.seq) "+than+" ("+q.arg(c.at())+", a.bound)")
	}
	if !from.IsZero() {
		parts = append(parts, "e.booked_at >= "+q.arg(from))
	}
	if !to.IsZero() {
		parts = append(parts, "e.booked_at < "+q.arg(to))
	}
	return strings.Join(parts, " AND ")
}

// chosen limits entries to the filter's lines.
func (q *flowSQL) chosen() (sql string) {
	switch q.filter.Direction {
	case In:
		sql = " AND e.amount > 0"
	case Out:
		sql = " AND e.amount < 0"
	}
	if q.filter.Type != "" {
		sql += " AND " + q.ofTypes("e.row_type")
	}
	if !q.loose {
		sql += " AND " + q.amounts()
	}
	return sql
}

// amounts limits entries to the filter's amounts, which no index knows.
func (q *flowSQL) amounts() string {
	parts := []string{"true"}
	if f := q.filter; f.Min != nil {
		parts = append(parts, "abs(e.amount) >= "+q.arg(int64(*f.Min)))
	}
	if f := q.filter; f.Max != nil {
		parts = append(parts, "abs(e.amount) <= "+q.arg(int64(*f.Max)))
	}
	return strings.Join(parts, " AND ")
}
