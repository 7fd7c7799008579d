package platform

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
)

// Overview is what an operator sees first: how much there is, and what needs somebody.
type Overview struct {
	Merchants     int64
	SuspendedNow  int64
	OpenedMonth   int64
	AdminsUnbound int64 // merchants whose super admin has no WeChat yet
	Operators     int64 // that can come in
	Requests      int64 // operators' bindings that wait for an admin
	JobsDue       int64
	JobsDead      int64
	OldestDue     *time.Time
	Differences   int64 // with the channel, in the last week
	VerifiedAt    *time.Time
	VerifiedOK    *bool
	Missing       []int // years of the calendar
}

// Overview reads it, in one query.
func (o *Office) Overview(ctx context.Context, _ access.Platform) (Overview, error) {
	now := o.clock.Now()
	v, years, err := readOverview(ctx, o.db.PG(), now)
	days := map[clock.Day]calendar.Kind{}
	for _, d := range years {
		days[clock.Day(d)] = calendar.Holiday
	}
	v.Missing = calendar.New(days).Missing(clock.DayOf(now))
	return v, err
}

// CalendarMissing lists the years that should be entered by now, for the calendar's own page.
func CalendarMissing(c calendar.Calendar, now time.Time) []int { return c.Missing(clock.DayOf(now)) }
