package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

const (
	standingNow  = `c.balance, c.seq > 0 AND c.closed_at IS NULL`
	standingThen = `coalesce(b.balance_after, 0), b.balance_after IS NOT NULL`
	readPosition = `, coalesce(d.in_today, 0), coalesce(d.out_today, 0), coalesce(d.in_before, 0), coalesce(d.out_before, 0)
		FROM accounts c LEFT JOIN LATERAL (SELECT sum(in_amount) FILTER (WHERE day = $2::date)::bigint AS in_today,
				sum(out_amount) FILTER (WHERE day = $2::date)::bigint AS out_today,
				sum(in_amount) FILTER (WHERE day = $3::date)::bigint AS in_before,
				sum(out_amount) FILTER (WHERE day = $3::date)::bigint AS out_before
			FROM account_days d WHERE d.merchant_id = c.merchant_id AND d.account = c.account AND d.day IN ($2::date, $3::date)) d ON true`
	lastBefore = ` LEFT JOIN LATERAL (SELECT e.balance_after FROM entries e WHERE e.merchant_id = c.merchant_id AND e.account = c.account
			AND e.booked_at < $4 ORDER BY e.booked_at DESC, e.seq DESC LIMIT 1) b ON true`
	ofMerchant  = ` WHERE c.merchant_id = $1 AND c.account NOT IN ('CHANNEL', 'BANK', 'SUSPENSE') ORDER BY c.account`
	readDayEnds = `
		SELECT d.day::date::text, coalesce(b.balance_after, 0) FROM generate_series($3::date, $4::date, interval '1 day') AS d (day)
		LEFT JOIN LATERAL (SELECT e.balance_after FROM entries e WHERE e.merchant_id = $1 AND e.account = $2
			AND e.booked_at < LEAST((d.day::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', $5::timestamptz)
			ORDER BY e.booked_at DESC, e.seq DESC LIMIT 1) b ON true ORDER BY 1`
)

// PositionAt reads how the accounts of the scope's merchant stood at a second; a zero moment is now. What
// came and went is of whole days: the moment's, and the one before.
func PositionAt(ctx context.Context, q db.Querier, s access.Scope, asOf, now time.Time) (p Position, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return p, err
	}
	p.Day = clock.DayOf(now)
	sql, args := "SELECT c.account, "+standingNow+readPosition+ofMerchant, []any{s.Merchant(), p.Day.String(), p.Day.Add(-1).String()}
	if !asOf.IsZero() {
		p.Day = clock.DayOf(asOf)
		args = []any{s.Merchant(), p.Day.String(), p.Day.Add(-1).String(), momentOr(asOf)}
		sql = "SELECT c.account, " + standingThen + readPosition + lastBefore + ofMerchant
	}
	rows, _ := q.Query(ctx, sql, args...) // rows know of an error, too
	var one Standing
	_, err = pgx.ForEachRow(rows, []any{(*string)(&one.Account), (*int64)(&one.Balance), &one.Used, (*int64)(&one.Today.In), (*int64)(&one.Today.Out),
		(*int64)(&one.Yesterday.In), (*int64)(&one.Yesterday.Out)}, func() error { p.Accounts = append(p.Accounts, one); return nil })
	if err != nil {
		return p, fmt.Errorf("position of %d: %w", s.Merchant(), err)
	}
	return p, nil
}

// DayEnds reads how an account stood at the ends of the last days up to a day, and not after a second
// where asOf is one.
func DayEnds(ctx context.Context, q db.Querier, s access.Scope, a Account, last clock.Day, days int, asOf time.Time) (all []DayEnd, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	rows, _ := q.Query(ctx, readDayEnds, s.Merchant(), string(a), last.Add(1-days).String(), last.String(), momentOr(asOf))
	var one DayEnd
	_, err = pgx.ForEachRow(rows, []any{(*string)(&one.Day), (*int64)(&one.Balance)}, func() error { all = append(all, one); return nil })
	if err != nil {
		return nil, fmt.Errorf("day ends of %s of %d: %w", a, s.Merchant(), err)
	}
	return all, nil
}
