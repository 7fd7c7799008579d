package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// flowColumns are what a row is read from, in the order of fields.
const flowColumns = `e.account, e.seq, e.booked_at, e.row_type, e.amount, e.balance_after, e.transfer_id,
	t.kind, t.business_no, t.voucher_no, t.applicant, t.note`

// fields are where flowColumns go. A list has one row scanned into again and again; amounts go there as the
// integers they are, because pgx would convert each of them by reflection.
func (r *FlowRow) fields() []any {
	return []any{(*string)(&r.Account), &r.Seq, &r.BookedAt, (*string)(&r.Row), (*int64)(&r.Amount), (*int64)(&r.Balance),
		&r.Transfer, (*string)(&r.Kind), &r.BusinessNo, &r.VoucherNo, &r.Applicant, &r.Note}
}

// flowListing is one page of rows, on its way out of the books.
type flowListing struct {
	merchant int64
	size     int
	*flowSQL
	sql string
}

// listedFlow is the question after a page. With near only so many of the nearest rows of the one account are
// looked through: what is found among them is the page if that is full.
func listedFlow(s access.Scope, f FlowFilter, p FlowPage, near int) flowListing {
	l := flowListing{merchant: s.Merchant(), size: p.Size}
	if l.size < 1 {
		l.size = FlowSizes[0]
	}
	l.flowSQL = flowQuery(l.merchant, f, p.cursor, l.size+1)
	l.flowSQL.near = near
	l.sql = "SELECT " + flowColumns + " FROM " + l.rows() + " JOIN transfers t ON t.merchant_id = " + l.flowSQL.merchant +
		" AND t.id = e.transfer_id ORDER BY " + l.order("e.rank")
	return l
}

// read takes the page's rows; one row too many says that there are more.
func (l flowListing) read(rows pgx.Rows) (list []FlowRow, next, prev string, err error) {
	list = make([]FlowRow, 0, l.size+1)
	r := FlowRow{Merchant: l.merchant}
	if _, err = pgx.ForEachRow(rows, r.fields(), func() error { list = append(list, r); return nil }); err != nil {
		return nil, "", "", fmt.Errorf("fund flow: %w", err)
	}
	more := len(list) > l.size
	list = list[:min(len(list), l.size)]
	if l.newer() {
		slices.Reverse(list)
	}
	next, prev = flowEnds(list, more, l.newer(), l.cursor != nil)
	return list, next, prev, nil
}

// full tells whether there were more rows than the page holds.
func (l flowListing) full(next, prev string) bool {
	if l.newer() {
		return prev != ""
	}
	return next != ""
}

// Flow reads one page of rows of the scope's own merchant, newest first. next and prev are cursors, empty
// where nothing is.
func Flow(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter, p FlowPage) (list []FlowRow, next, prev string, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, "", "", err
	}
	l := listedFlow(s, f, p, 0)
	rows, _ := q.Query(ctx, l.sql, l.args...) // rows know of an error, too
	return l.read(rows)
}

// FlowView is a filter that the reader has kept.
type FlowView struct {
	ID    uuid.UUID
	Name  string
	Query string
}

// FlowShown is what the page of rows shows.
type FlowShown struct {
	Rows       []FlowRow
	Next, Prev string
	Found      FlowTotals
	Accounts   []Account // of the merchant, those that were ever used and are shown
	Views      []FlowView
}

// ShowFlow reads a page of rows, the filter's totals, and the reader's saved views of the page, in one
// round trip. Rows of a filter that are not among the nearest take another.
func ShowFlow(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter, p FlowPage, page string) (FlowShown, error) {
	return showFlow(ctx, q, s, f, p, page, flowNear)
}

func showFlow(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter, p FlowPage, page string, near int) (m FlowShown, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return m, err
	}
	var b pgx.Batch
	if f.steady() {
		db.KeepPlans(&b)
	}
	if !f.byDays() || f.Account == "" {
		near = 0
	}
	l := listedFlow(s, f, p, near)
	b.Queue(l.sql, l.args...).Query(func(rows pgx.Rows) (err error) {
		m.Rows, m.Next, m.Prev, err = l.read(rows)
		return err
	})
	queueTotals(&b, s, f, page, &m)
	if err := q.SendBatch(ctx, &b).Close(); err != nil {
		return FlowShown{}, fmt.Errorf("show fund flow: %w", err)
	}
	if near > 0 && !l.full(m.Next, m.Prev) {
		if m.Rows, m.Next, m.Prev, err = Flow(ctx, q, s, f, p); err != nil {
			return FlowShown{}, err
		}
	}
	return m, nil
}

// FlowMargin reads what stands around the page when its filter was refused: accounts and saved views.
func FlowMargin(ctx context.Context, q db.Querier, s access.Scope, page string) (m FlowShown, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return m, err
	}
	var used []string
	err = q.QueryRow(ctx, "SELECT "+marginColumns, s.Merchant(), shownNames(), s.Actor().Account, page).Scan(&used, &m.Views)
	if err != nil {
		return m, fmt.Errorf("margin of fund flow: %w", err)
	}
	m.Accounts = accountsNamed(used)
	return m, nil
}
