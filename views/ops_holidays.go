package views

import (
	"context"
	"strconv"
	"time"

	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// OpsHolidays is a year of the calendar.
type OpsHolidays struct {
	Year    int
	Today   clock.Day
	Now     time.Time
	Days    []calendar.Entered // of the year
	Missing []int
	Write   bool // the reader may enter and remove days
	From    ui.Field
	To      ui.Field
	Kind    ui.Field
	Name    ui.Field
	Faults  []ui.Fault
}

const opsHolidaysPath = "/ops/holidays"

func opsYearHref(year int) string { return opsHolidaysPath + "?year=" + strconv.Itoa(year) }

// years lead one back and one on.
func (m OpsHolidays) years(ctx context.Context) (tabs []ui.ViewTab) {
	for y := max(m.Year-1, calendar.YearMin); y <= min(m.Year+1, calendar.YearMax); y++ {
		tabs = append(tabs, ui.ViewTab{Word: words.F(ctx, "ops.year", words.Args{"Year": y}), Href: opsYearHref(y), Current: y == m.Year})
	}
	return tabs
}

func (m OpsHolidays) calendar() calendar.Calendar { return calendar.Of(m.Days) }

// tag says whether the year is known.
func (m OpsHolidays) tag(ctx context.Context) (ui.State, string) {
	if m.calendar().Entered(m.Year) {
		return ui.Done, say(ctx, "calendar.entered")
	}
	return ui.Needs, say(ctx, "calendar.not_entered")
}

func (m OpsHolidays) note(ctx context.Context) string {
	return words.F(ctx, "calendar.workdays", words.Args{"Count": m.calendar().Workdays(m.Year)})
}

func (m OpsHolidays) exports(ctx context.Context) []ui.Act {
	year := "?year=" + strconv.Itoa(m.Year)
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: opsHolidaysPath + ".csv" + year},
		{Word: say(ctx, "trades.export_json"), Href: opsHolidaysPath + ".json" + year}}
}

// calendarCell is a day of a month's table; the zero one stands outside of the month.
type calendarCell struct {
	Number string
	Class  string
	Word   string // 休, 班: beside the colour
	Title  string
	Now    bool
}

// weeks are a month's days, Mondays first.
func (m OpsHolidays) weeks(ctx context.Context, month time.Month) (weeks [][]calendarCell) {
	entered := map[clock.Day]calendar.Entered{}
	for _, d := range m.Days {
		entered[d.Day] = d
	}
	first := time.Date(m.Year, month, 1, 0, 0, 0, 0, clock.Beijing)
	week := make([]calendarCell, (int(first.Weekday())+6)%7)
	for t := first; t.Month() == month; t = t.AddDate(0, 0, 1) {
		if len(week) == 7 {
			weeks, week = append(weeks, week), nil
		}
		week = append(week, m.cell(ctx, t, entered[clock.DayOf(t)]))
	}
	return append(weeks, append(week, make([]calendarCell, 7-len(week))...))
}

func (m OpsHolidays) cell(ctx context.Context, t time.Time, e calendar.Entered) calendarCell {
	c := calendarCell{Number: strconv.Itoa(t.Day()), Title: e.Name, Now: clock.DayOf(t) == m.Today}
	switch {
	case e.Kind == calendar.Holiday:
		c.Class, c.Word = "off", say(ctx, "calendar.off")
	case e.Kind == calendar.Workday:
		c.Class, c.Word = "on", say(ctx, "calendar.on")
	case t.Weekday() == time.Saturday || t.Weekday() == time.Sunday:
		c.Class = "rest"
	}
	return c
}

func monthName(ctx context.Context, month time.Month) string {
	return words.F(ctx, "calendar.month", words.Args{"Month": int(month)})
}

// weekdays are the heads of a month's table.
func weekdays(ctx context.Context) (all []string) {
	for i := 1; i <= 7; i++ {
		all = append(all, say(ctx, "calendar.weekday."+strconv.Itoa(i)))
	}
	return all
}

// spanText is when a span is.
func spanText(ctx context.Context, e calendar.Entry) string {
	if e.From == e.To {
		return e.From.String()
	}
	return e.From.String() + " " + say(ctx, "ui.to") + " " + e.To.String()
}

func (m OpsHolidays) none(ctx context.Context) ui.Nothing {
	return ui.Nothing{Title: words.F(ctx, "calendar.none_title", words.Args{"Year": m.Year}), Text: say(ctx, "calendar.none_text")}
}
