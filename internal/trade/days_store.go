package trade

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// DayFigure is one business day: what was paid, revoked orders and stubs left out, and what refunds
// were asked for on it, failed ones left out.
type DayFigure struct {
	Day         clock.Day
	Count       int64
	Gross       money.Fen
	RefundCount int64
	Refunds     money.Fen
}

// DayFigures reads every day from one to the other, both included; days without anything are zeros.
func DayFigures(ctx context.Context, q db.Querier, s access.Scope, from, to clock.Day) ([]DayFigure, error) {
	if err := s.Require(access.TradeRead); err != nil {
		return nil, err
	}
	c := days(s, Filter{From: from, To: to})
	rows, err := q.Query(ctx, `SELECT t.day, sum(t.paid_count)::bigint, sum(t.paid_total)::bigint,
			sum(t.refund_count)::bigint, sum(t.refund_total)::bigint
		FROM trade_days t WHERE `+c.String()+" GROUP BY t.day", c.args...)
	if err != nil {
		return nil, fmt.Errorf("day figures: %w", err)
	}
	known := map[clock.Day]DayFigure{}
	var f DayFigure
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&at, &f.Count, &f.Gross, &f.RefundCount, &f.Refunds}, func() error {
		f.Day = clock.Day(at.Format(time.DateOnly)) // a date comes at midnight UTC
		known[f.Day] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("day figures: %w", err)
	}
	var all []DayFigure
	for d := from; d <= to; d = d.Next() {
		f := known[d]
		f.Day = d
		all = append(all, f)
	}
	return all, nil
}

// Paid is what was paid between two moments of at most a few days, order by order; for comparing a day
// that is not over with the same hours of another.
func Paid(ctx context.Context, q db.Querier, s access.Scope, from, to time.Time) (count int64, gross money.Fen, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return 0, 0, err
	}
	c := &clause{}
	c.whose("t", s, 0)
	c.and("t.success_time >= ? AND t.success_time < ?", from, to)
	err = q.QueryRow(ctx, `SELECT count(*), coalesce(sum(t.total), 0)::bigint FROM trades t
		WHERE `+c.String()+" AND "+isPaid, c.args...).Scan(&count, &gross)
	if err != nil {
		return 0, 0, fmt.Errorf("paid orders: %w", err)
	}
	return count, gross, nil
}
