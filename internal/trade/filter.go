package trade

import (
	"net/url"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Limits of a list's filter.
const (
	SpanMonths = 12
	TailMin    = 6 // shortest end of a number that is looked up; shorter texts are whole numbers
)

// PageSizes are the sizes a page of a list can have; the first is the default.
var PageSizes = []int{20, 50, 100}

// Filter chooses orders. The zero value, resolved, is the last twelve months.
type Filter struct {
	From, To   clock.Day // both days included; To empty is open
	State      string    // a trade state, StubState or PaidState
	Type       string
	Min, Max   *money.Fen // order amount
	Number     string     // any number of the order or of its refunds, whole or from its end
	SubMchID   int64      // one sub-merchant of a service provider
	defaulted  bool       // the days are the default ones; they stay out of the URL
	openEnding bool       // To was not asked for
}

// States that no bill uses: StubState chooses stubs, PaidState what stands as income.
const (
	StubState = "STUB"
	PaidState = "PAID"
)

// The names of the filter's fields, in URLs and beside refusals.
const (
	FieldFrom   = "from"
	FieldTo     = "to"
	FieldState  = "trade_state"
	FieldType   = "trade_type"
	FieldMin    = "min"
	FieldMax    = "max"
	FieldNumber = "no"
	FieldSub    = "sub_mchid"
	FieldSize   = "size"
	FieldCursor = "cursor"
)

// ParseFilter reads a filter out of a URL. The refusals name the fields; the filter then holds what
// could be read.
func ParseFilter(v url.Values, today clock.Day) (Filter, error) {
	var f Filter
	var bad fault.Form
	f.From = day(v, FieldFrom, &bad)
	f.To = day(v, FieldTo, &bad)
	f.State = word(v, FieldState, &bad)
	f.Type = word(v, FieldType, &bad)
	f.Min = amount(v, FieldMin, &bad)
	f.Max = amount(v, FieldMax, &bad)
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		bad.Add(fault.New("trade.filter_amounts").On(FieldMax))
	}
	f.Number = number(v, &bad)
	f.SubMchID = merchantID(v, &bad)
	f.resolve(today, &bad)
	return f, bad.Err()
}

// resolve sets the days that were left out and bounds their span.
func (f *Filter) resolve(today clock.Day, bad *fault.Form) {
	switch {
	case f.From == "" && f.To == "":
		f.From, f.defaulted, f.openEnding = months(today, -SpanMonths), true, true
	case f.From == "":
		f.From = months(f.To, -SpanMonths)
	case f.To == "":
		f.openEnding = true
		if last := months(f.From, SpanMonths); last < today {
			f.To = last
		}
	case f.To < f.From:
		bad.Add(fault.New("trade.filter_days").On(FieldTo))
	case f.To > months(f.From, SpanMonths):
		bad.Add(fault.New("trade.filter_span").On(FieldTo).With("Months", strconv.Itoa(SpanMonths)))
	}
}

// months is the same day of the month n months on, or the month's last where it has no such day.
func months(d clock.Day, n int) clock.Day {
	t := d.Start()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, clock.Beijing)
	last := first.AddDate(0, 1, -1).Day()
	return clock.DayOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Values writes the filter as ParseFilter reads it; what is default stays out.
func (f Filter) Values() url.Values {
	v := url.Values{}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	if !f.defaulted {
		set(FieldFrom, f.From.String())
		if !f.openEnding {
			set(FieldTo, f.To.String())
		}
	}
	set(FieldState, f.State)
	set(FieldType, f.Type)
	set(FieldNumber, f.Number)
	if f.Min != nil {
		set(FieldMin, f.Min.Plain())
	}
	if f.Max != nil {
		set(FieldMax, f.Max.Plain())
	}
	if f.SubMchID != 0 {
		set(FieldSub, strconv.FormatInt(f.SubMchID, 10))
	}
	return v
}

// Set counts the fields that narrow the list beyond its default.
func (f Filter) Set() int { return len(f.Values()) }

// wholeDays tells whether the filter is days alone, so that the daily roll-up knows its sums.
func (f Filter) wholeDays() bool {
	return f.State == "" && f.Type == "" && f.Min == nil && f.Max == nil && f.Number == ""
}
