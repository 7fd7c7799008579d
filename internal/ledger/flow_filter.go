package ledger

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Limits of the fund flow's filter.
const (
	FlowSpanMonths = 12
	FlowTailMin    = 6 // shortest end of a number that is looked up; shorter texts are whole numbers
)

// FlowSizes are the sizes a page of rows can have; the first is the default.
var FlowSizes = []int{20, 50, 100}

// The names of the filter's fields, in URLs and beside refusals.
const (
	FlowAccount   = "account"
	FlowFrom      = "from"
	FlowTo        = "to"
	FlowDirection = "direction"
	FlowType      = "business_type"
	FlowMin       = "min"
	FlowMax       = "max"
	FlowNumber    = "no"
	FlowAsOf      = "as_of"
	FlowSize      = "size"
	FlowCursor    = "cursor"
)

// Edge is an end of a span of time: a whole day, or a second of one.
type Edge struct {
	Day clock.Day
	At  time.Time // zero: the whole day
}

// None tells whether there is no such end.
func (e Edge) None() bool { return e.Day == "" }

// Moment is the edge as one second: the last one of a whole day.
func (e Edge) Moment() time.Time { return e.end().Add(-time.Second) }

func (e Edge) start() time.Time {
	if e.At.IsZero() {
		return e.Day.Start()
	}
	return e.At
}

// end is the first moment behind it.
func (e Edge) end() time.Time {
	if e.At.IsZero() {
		return e.Day.Next().Start()
	}
	return e.At.Add(time.Second)
}

// String writes the edge as ParseFlowFilter reads it.
func (e Edge) String() string {
	if e.At.IsZero() {
		return e.Day.String()
	}
	return e.At.In(clock.Beijing).Format(secondFormat)
}

// FlowFilter chooses rows. The zero value, resolved, is the last twelve months of the accounts that a
// merchant can dispose of.
type FlowFilter struct {
	Account    Account // empty: all that are shown but UNSETTLED
	From, To   Edge    // both included; no To is open
	Direction  string
	Type       string // a line's code, or a 业务类型 in the words of bills
	Min, Max   *money.Fen
	Number     string    // any number of the row or its transfer, whole or from its end
	AsOf       time.Time // rows as one saw them at that second; zero: now
	defaulted  bool      // the span is the default one; it stays out of the URL
	openEnding bool      // To was not asked for
}

// ParseFlowFilter reads a filter out of a URL. The refusals name the fields; the filter then holds what
// could be read.
func ParseFlowFilter(v url.Values, today clock.Day) (FlowFilter, error) {
	var f FlowFilter
	var bad fault.Form
	f.Account = flowAccount(v, &bad)
	f.Number = flowNumber(v, &bad)
	f.From, f.To = flowEdge(v, FlowFrom, &bad), flowEdge(v, FlowTo, &bad)
	f.Direction = flowChoice(v, FlowDirection, &bad, In, Out)
	f.Type = flowType(v, &bad)
	f.Min, f.Max = flowAmount(v, FlowMin, &bad), flowAmount(v, FlowMax, &bad)
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		bad.Add(fault.New("ledger.filter_amounts").On(FlowMax))
	}
	if e := flowEdge(v, FlowAsOf, &bad); !e.None() {
		f.AsOf = e.Moment()
		today = clock.DayOf(f.AsOf)
	}
	f.resolve(today, &bad)
	return f, bad.Err()
}

// resolve sets the ends that were left out and bounds their span.
func (f *FlowFilter) resolve(today clock.Day, bad *fault.Form) {
	switch {
	case f.From.None() && f.To.None():
		f.From, f.defaulted, f.openEnding = Edge{Day: months(today, -FlowSpanMonths)}, true, true
	case f.From.None():
		f.From = Edge{Day: months(f.To.Day, -FlowSpanMonths)}
	case f.To.None():
		f.openEnding = true
		if last := months(f.From.Day, FlowSpanMonths); last < today {
			f.To = Edge{Day: last}
		}
	case !f.From.start().Before(f.To.end()):
		bad.Add(fault.New("ledger.filter_days").On(FlowTo))
	case f.To.Day > months(f.From.Day, FlowSpanMonths):
		bad.Add(fault.New("ledger.filter_span").On(FlowTo).With("Months", strconv.Itoa(FlowSpanMonths)))
	}
}

// months is the same day of the month n months on, or the month's last where it has no such day.
func months(d clock.Day, n int) clock.Day {
	t := d.Start()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, clock.Beijing)
	last := first.AddDate(0, 1, -1).Day()
	return clock.DayOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Values writes the filter as ParseFlowFilter reads it; what is default stays out.
func (f FlowFilter) Values() url.Values {
	v := url.Values{}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	if !f.defaulted {
		set(FlowFrom, f.From.String())
		if !f.openEnding {
			set(FlowTo, f.To.String())
		}
	}
	set(FlowAccount, string(f.Account))
	set(FlowDirection, f.Direction)
	set(FlowType, f.Type)
	set(FlowNumber, f.Number)
	if f.Min != nil {
		set(FlowMin, f.Min.Plain())
	}
	if f.Max != nil {
		set(FlowMax, f.Max.Plain())
	}
	if !f.AsOf.IsZero() {
		set(FlowAsOf, f.AsOf.In(clock.Beijing).Format(secondFormat))
	}
	return v
}

// accounts are those whose rows are meant, in the order of their rank.
func (f FlowFilter) accounts() []Account {
	if f.Account != "" {
		return []Account{f.Account}
	}
	return slices.DeleteFunc(Shown(), func(a Account) bool { return a == Unsettled })
}

// types are the lines that are meant; none: all.
func (f FlowFilter) types() []string {
	var all []string
	for _, w := range wordings {
		if f.Type != "" && (f.Type == string(w.row) || f.Type == w.kind) {
			all = append(all, string(w.row))
		}
	}
	return all
}

// since is the first moment that is meant.
func (f FlowFilter) since() time.Time { return f.From.start() }

// until is the first moment behind those that are meant; zero: open.
func (f FlowFilter) until() time.Time {
	var end time.Time
	if !f.To.None() {
		end = f.To.end()
	}
	if asOf := f.AsOf.Add(time.Second); !f.AsOf.IsZero() && (end.IsZero() || asOf.Before(end)) {
		end = asOf
	}
	return end
}

// inDays tells whether the daily sums know the filter's totals.
func (f FlowFilter) inDays() bool {
	return f.From.At.IsZero() && f.To.At.IsZero() && f.AsOf.IsZero() && f.Min == nil && f.Max == nil && f.Number == "" && f.named()
}

// byDays tells whether rows are chosen by what daily sums know.
func (f FlowFilter) byDays() bool {
	return f.Number == "" && (f.Type != "" || f.Direction != "") && f.Min == nil && f.Max == nil && f.named()
}

// steady tells whether the page is read the same way whatever the filter's values are: neither a number nor
// the days of a rare line lead to its rows.
func (f FlowFilter) steady() bool { return f.Number == "" && (!f.byDays() || f.inDays()) }

// byAmount tells whether rows are chosen by what no index knows.
func (f FlowFilter) byAmount() bool { return f.Number == "" && (f.Min != nil || f.Max != nil) }

// named tells whether all entries of the accounts that are meant say what they are, so that daily sums count them.
func (f FlowFilter) named() bool { return f.Account == "" || f.Account.named() }

// Whole tells whether every row of the span is meant, so that opening and closing balance frame the totals.
func (f FlowFilter) Whole() bool {
	return f.Direction == "" && f.Type == "" && f.Min == nil && f.Max == nil && f.Number == ""
}
