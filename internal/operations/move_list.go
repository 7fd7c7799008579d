package operations

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// Names of the filter's fields, beside the direction.
const (
	FieldNumber = "no"
	FieldFrom   = "from"
	FieldTo     = "to"
	FieldCursor = "cursor"
	FieldSize   = "size"
)

// PageSizes are the sizes a page of the list can have; the first is the usual.
var PageSizes = []int{20, 50, 100}

// spanMonths bounds how far from and to may lie apart.
const spanMonths = 12

const numberMax = 64

// Filter chooses moves; the zero value is all of them.
type Filter struct {
	Direction Direction
	Number    string
	From, To  clock.Day
	Before    int64 // cursor: those whose own count is smaller
}

func (f Filter) from() *time.Time {
	if f.From == "" {
		return nil
	}
	at := f.From.Start()
	return &at
}

func (f Filter) until() *time.Time {
	if f.To == "" {
		return nil
	}
	at := f.To.Next().Start()
	return &at
}

// ParseFilter reads the address; every field that is wrong is named.
func ParseFilter(asked func(string) string) (f Filter, err error) {
	var bad fault.Form
	day := func(field string) clock.Day {
		text := asked(field)
		if text == "" {
			return ""
		}
		d, err := clock.ParseDay(text)
		if err != nil {
			bad.Add(fault.New("operations.day").On(field))
		}
		return d
	}
	f = Filter{Direction: Direction(asked(FieldDirection)), Number: strings.TrimSpace(asked(FieldNumber)), From: day(FieldFrom), To: day(FieldTo)}
	if f.Direction != "" && !slices.Contains(Directions, f.Direction) {
		bad.Add(ErrDirection)
	}
	if len(f.Number) > numberMax {
		bad.Add(fault.New("operations.number").On(FieldNumber))
	}
	if f.From != "" && f.To != "" && (f.To < f.From || f.To.Start().After(f.From.Start().AddDate(0, spanMonths, 0))) {
		bad.Add(fault.New("operations.span").On(FieldFrom).With("Months", spanMonths))
	}
	if text := asked(FieldCursor); text != "" {
		if f.Before, err = strconv.ParseInt(text, 10, 64); err != nil || f.Before <= 0 {
			bad.Add(fault.New("trade.page_cursor").On(FieldCursor))
		}
	}
	return f, bad.Err()
}
