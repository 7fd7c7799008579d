// Package calendar decides which business days banks work on. Mondays to Fridays are working days and
// weekends are not, but for the public holidays and the weekend days worked in their place (调休) that
// operators entered. It refuses changes of days that have begun, because what was due on them has been
// decided. A year nobody entered is Mondays to Fridays, and operators are warned of it in time.
package calendar

import (
	"time"

	"zhanggui/internal/clock"
)

// Kind is why a day is not what its weekday says.
type Kind string

// The kinds. Words: catalogue id "calendar.kind." + code.
const (
	Holiday Kind = "holiday"
	Workday Kind = "workday" // a Saturday or Sunday that is worked
)

// Known tells whether the kind is one of ours.
func (k Kind) Known() bool { return k == Holiday || k == Workday }

// Years that the calendar can hold.
const (
	YearMin = 2020
	YearMax = 2099
)

// Calendar is what is entered for some years.
type Calendar struct {
	days  map[clock.Day]Kind
	years map[int]bool
}

// New makes a calendar of entered days.
func New(days map[clock.Day]Kind) Calendar {
	c := Calendar{days: days, years: map[int]bool{}}
	for d := range days {
		c.years[Year(d)] = true
	}
	return c
}

// Workday tells whether banks work on the day.
func (c Calendar) Workday(d clock.Day) bool {
	switch c.days[d] {
	case Holiday:
		return false
	case Workday:
		return true
	}
	return !weekend(d)
}

// Next is the first working day after d.
func (c Calendar) Next(d clock.Day) clock.Day { return c.From(d.Next()) }

// From is d itself where it is a working day, else the first one after it: when what is due on d reaches
// the bank.
func (c Calendar) From(d clock.Day) clock.Day {
	for range restMax {
		if c.Workday(d) {
			return d
		}
		d = d.Next()
	}
	return d
}

// restMax bounds how long a row of days off can be: entered holidays end some time.
const restMax = 370

// Entered tells whether anything is known of the year.
func (c Calendar) Entered(year int) bool { return c.years[year] }

// Missing lists the years that should be entered by now and are not: this one, and from 1 December the
// next.
func (c Calendar) Missing(today clock.Day) (years []int) {
	year := Year(today)
	if !c.Entered(year) {
		years = append(years, year)
	}
	if Month(today) == time.December && !c.Entered(year+1) {
		years = append(years, year+1)
	}
	return years
}

// Year of a day.
func Year(d clock.Day) int { return d.Start().Year() }

// Month of a day.
func Month(d clock.Day) time.Month { return d.Start().Month() }

func weekend(d clock.Day) bool {
	w := d.Start().Weekday()
	return w == time.Saturday || w == time.Sunday
}
