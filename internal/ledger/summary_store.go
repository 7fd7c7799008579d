package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// theAccount is the account that was asked for ($2), or else the first of $3 that was ever used.
const (
	theAccount = `coalesce(nullif($2, ''), (SELECT account FROM accounts WHERE merchant_id = $1 AND account = ANY ($3) AND seq > 0
		ORDER BY array_position($3::text[], account) LIMIT 1), 'BASIC')`
	readDays = `
		SELECT day::text, row_type, ins, in_amount, outs, out_amount FROM account_days
		WHERE merchant_id = $1 AND account = ` + theAccount + ` AND day BETWEEN $4::date AND $5::date ORDER BY day, row_type`
	readOpening = `
		SELECT ` + theAccount + `, coalesce((SELECT balance_after FROM entries WHERE merchant_id = $1 AND account = ` + theAccount + ` AND booked_at < $4
			ORDER BY booked_at DESC, seq DESC LIMIT 1), 0),
			(SELECT coalesce(array_agg(account ORDER BY array_position($3::text[], account)), '{}') FROM accounts
			WHERE merchant_id = $1 AND account = ANY ($3) AND seq > 0)`
)

// summed are the accounts that can be summed up, in the order of pages.
var summed = []Account{Basic, Operation, Available, Fees, Unsettled}

// Summarize adds up an account's days or months out of the daily sums, in one round trip.
func Summarize(ctx context.Context, q db.Querier, s access.Scope, a SummaryAsk, today clock.Day) (m Summary, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return m, err
	}
	m.SummaryAsk = a
	first, last := a.span()
	all := a.periods(today)
	args := []any{s.Merchant(), string(a.Account), namesOf(summed)}
	var b pgx.Batch
	b.Queue(readOpening, append(slices.Clone(args), first.Start())...).QueryRow(func(row pgx.Row) error {
		var used []string
		err := row.Scan((*string)(&m.Account), (*int64)(&m.Whole.Opening), &used)
		m.Accounts = accountsNamed(used)
		return err
	})
	b.Queue(readDays, append(args, first.String(), last.String())...).Query(func(rows pgx.Rows) error { return m.take(rows, all) })
	if err := q.SendBatch(ctx, &b).Close(); err != nil {
		return m, fmt.Errorf("summary of %s of %d: %w", a.Account, s.Merchant(), err)
	}
	m.close(all)
	m.Whole.First, m.Whole.Last = first, last
	return m, nil
}

// take reads the daily sums into their periods.
func (s *Summary) take(rows pgx.Rows, all []Period) error {
	var d clock.Day
	var t TypeSum
	_, err := pgx.ForEachRow(rows, []any{(*string)(&d), (*string)(&t.Row), &t.Ins, (*int64)(&t.InAmount), &t.Outs, (*int64)(&t.OutAmount)}, func() error {
		if i := s.index(all, d); i >= 0 {
			all[i].take(t)
			s.Whole.take(t)
		}
		return nil
	})
	return err
}

// close carries the balance through the periods and puts them newest first.
func (s *Summary) close(all []Period) {
	balance := s.Whole.Opening
	for i := range all {
		all[i].Opening = balance
		balance += all[i].InAmount - all[i].OutAmount
		all[i].Closing = balance
	}
	s.Whole.Closing = balance
	slices.Reverse(all)
	s.Periods = all
}
