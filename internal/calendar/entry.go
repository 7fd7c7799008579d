package calendar

import (
	"strings"
	"time"
	"unicode/utf8"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// Entry is a span of days that operators enter under one name.
type Entry struct {
	From, To clock.Day
	Kind     Kind
	Name     string // 春节
}

// Limits of an entry.
const (
	spanMax = 31
	nameMax = 16
)

// Refusals of an entry.
var (
	ErrFrom    = fault.New("calendar.from").On("from")
	ErrTo      = fault.New("calendar.to").On("to")
	ErrSpan    = fault.New("calendar.span").On("to").With("Max", spanMax)
	ErrYear    = fault.New("calendar.year").On("from").With("First", YearMin).With("Last", YearMax)
	ErrYears   = fault.New("calendar.years").On("to")
	ErrBegun   = fault.New("calendar.begun").On("from")
	ErrKind    = fault.New("calendar.kind").On("kind")
	ErrName    = fault.New("calendar.name").On("name").With("Max", nameMax)
	ErrWeekday = fault.New("calendar.weekday").On("kind")
	ErrTaken   = fault.New("calendar.taken").On("from")
	ErrNothing = fault.New("calendar.nothing").On("from")
)

// Parse reads an entry as it was typed; an empty to is a single day. All that is wrong comes back at once.
func Parse(from, to, kind, name string) (Entry, error) {
	e := Entry{Kind: Kind(kind), Name: strings.TrimSpace(name)}
	var f fault.Form
	var err error
	if e.From, err = clock.ParseDay(strings.TrimSpace(from)); err != nil {
		f.Add(ErrFrom)
	}
	if to = strings.TrimSpace(to); to == "" {
		e.To = e.From
	} else if e.To, err = clock.ParseDay(to); err != nil {
		f.Add(ErrTo)
	}
	if len(f) == 0 {
		e.checkSpan(&f)
	}
	if !e.Kind.Known() {
		f.Add(ErrKind)
	} else if len(f) == 0 && e.Kind == Workday && !e.allWeekend() {
		f.Add(ErrWeekday)
	}
	if n := utf8.RuneCountInString(e.Name); n < 1 || n > nameMax || strings.ContainsFunc(e.Name, isControl) {
		f.Add(ErrName)
	}
	return e, f.Err()
}

func (e Entry) checkSpan(f *fault.Form) {
	switch days := e.length(); {
	case Year(e.From) < YearMin || Year(e.To) > YearMax:
		f.Add(ErrYear)
	case days < 1:
		f.Add(ErrTo)
	case days > spanMax:
		f.Add(ErrSpan)
	case Year(e.From) != Year(e.To):
		f.Add(ErrYears)
	}
}

// length counts the days; below 1 the end lies before the beginning.
func (e Entry) length() int {
	return int(e.To.Next().Start().Sub(e.From.Start()).Hours()) / 24
}

// Days lists the days of the entry.
func (e Entry) Days() (days []clock.Day) {
	for d := e.From; d <= e.To; d = d.Next() {
		days = append(days, d)
	}
	return days
}

func (e Entry) allWeekend() bool {
	for _, d := range e.Days() {
		if !weekend(d) {
			return false
		}
	}
	return true
}

// begun refuses days that are over or run already.
func (e Entry) begun(now time.Time) error {
	if e.From <= clock.DayOf(now) {
		return ErrBegun
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }
