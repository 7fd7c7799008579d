package calendar

import (
	"time"

	"zhanggui/internal/clock"
)

// Entered is a day as it was entered.
type Entered struct {
	Day  clock.Day
	Kind Kind
	Name string
}

// Of makes the calendar of entered days.
func Of(days []Entered) Calendar {
	all := make(map[clock.Day]Kind, len(days))
	for _, d := range days {
		all[d.Day] = d.Kind
	}
	return New(all)
}

// Spans puts days that follow one another under one name and kind together, as people enter them.
func Spans(days []Entered) (spans []Entry) {
	for _, d := range days {
		if n := len(spans); n > 0 && spans[n-1].Kind == d.Kind && spans[n-1].Name == d.Name && spans[n-1].To.Next() == d.Day {
			spans[n-1].To = d.Day
			continue
		}
		spans = append(spans, Entry{From: d.Day, To: d.Day, Kind: d.Kind, Name: d.Name})
	}
	return spans
}

// Length counts the days of a span.
func (e Entry) Length() int { return e.length() }

// Begun tells whether a span can no longer be changed as a whole.
func (e Entry) Begun(now time.Time) bool { return e.begun(now) != nil }

// Workdays counts the working days of a year.
func (c Calendar) Workdays(year int) (n int) {
	first := clock.DayOf(time.Date(year, time.January, 1, 12, 0, 0, 0, clock.Beijing))
	for d := first; Year(d) == year; d = d.Next() {
		if c.Workday(d) {
			n++
		}
	}
	return n
}
