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

// Takings are the days up to now, today last, and what yesterday had come to at this time of the day.
type Takings struct {
	Days     []DayFigure
	SameTime DayFigure // of it, Count and Gross alone
	Any      bool      // there is an order at all, stubs and revoked ones too
}

// TakingsOf reads the last n days in one query.
func TakingsOf(ctx context.Context, q db.Querier, s access.Scope, now time.Time, n int) (t Takings, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return t, err
	}
	today := clock.DayOf(now)
	from := today.Add(1 - n)
	c := days(s, Filter{From: from, To: today})
	hours := &clause{args: c.args}
	hours.whose("t", s, 0)
	hours.and("t.success_time >= ? AND t.success_time < ?", today.Add(-1).Start(), now.AddDate(0, 0, -1))
	all := &clause{args: hours.args}
	all.whose("t", s, 0)
	rows, err := q.Query(ctx, `SELECT t.day, sum(t.paid_count)::bigint, sum(t.paid_total)::bigint,
			sum(t.refund_count)::bigint, sum(t.refund_total)::bigint, true FROM trade_days t WHERE `+c.String()+` GROUP BY t.day
		UNION ALL SELECT NULL, count(*), coalesce(sum(t.total), 0)::bigint, 0, 0,
			EXISTS (SELECT FROM trades t WHERE `+all.String()+`)
			FROM trades t WHERE `+hours.String()+" AND "+isPaid, all.args...)
	if err != nil {
		return t, fmt.Errorf("takings: %w", err)
	}
	known := map[clock.Day]DayFigure{}
	var f DayFigure
	var at *time.Time // nil in the row that is no day
	var some bool
	_, err = pgx.ForEachRow(rows, []any{&at, &f.Count, &f.Gross, &f.RefundCount, &f.Refunds, &some}, func() error {
		if at == nil {
			f.Day = today.Add(-1)
			t.SameTime, t.Any = f, some
			return nil
		}
		f.Day = clock.Day(at.Format(time.DateOnly)) // a date comes at midnight UTC
		known[f.Day] = f
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("takings: %w", err)
	}
	for d := from; d <= today; d = d.Next() {
		f := known[d]
		f.Day = d
		t.Days = append(t.Days, f)
	}
	return t, nil
}
