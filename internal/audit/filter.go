package audit

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// Limits of the log's filter.
const (
	SpanMonths = 12
	numberMax  = 64 // characters of a text that is looked for
)

// Filter chooses acts. The zero value, resolved, is the last twelve months.
type Filter struct {
	From, To clock.Day // both days included; To empty is open
	Actor    string    // a login, with or without its @mchid
	Action   string    // a code, or the part before the dot: an area
	Outcome  Outcome
	Number   string // any number or text of the act: object, reason, address, session, confirmation, details
	days     bool   // the days were asked for
	until    bool   // To was asked for
}

// The names of the filter's fields, in URLs and beside refusals.
const (
	FieldFrom    = "from"
	FieldTo      = "to"
	FieldActor   = "actor"
	FieldAction  = "action"
	FieldOutcome = "outcome"
	FieldNumber  = "no"
	FieldSize    = "size"
	FieldCursor  = "cursor"
)

var (
	actorForm  = regexp.MustCompile(`^[0-9A-Za-z]{1,12}(@[0-9A-Za-z]{1,10})?$`)
	actionForm = regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z_]+)*$`)
)

// ParseFilter reads a filter out of a URL. The refusals name the fields; the filter then holds what
// could be read.
func ParseFilter(v url.Values, today clock.Day) (Filter, error) {
	var f Filter
	var bad fault.Form
	f.From, f.To = day(v, FieldFrom, &bad), day(v, FieldTo, &bad)
	f.Actor = formed(v, FieldActor, actorForm, &bad)
	f.Action = formed(v, FieldAction, actionForm, &bad)
	f.Outcome = Outcome(text(v, FieldOutcome))
	if f.Outcome != "" && f.Outcome != Done && f.Outcome != Refused {
		bad.Add(fault.New("audit.filter_word").On(FieldOutcome))
		f.Outcome = ""
	}
	if f.Number = text(v, FieldNumber); len([]rune(f.Number)) > numberMax || !printable(f.Number) {
		bad.Add(fault.New("audit.filter_number").On(FieldNumber).With("Limit", strconv.Itoa(numberMax)))
		f.Number = ""
	}
	f.resolve(today, &bad)
	return f, bad.Err()
}

// resolve sets the days that were left out and bounds their span.
func (f *Filter) resolve(today clock.Day, bad *fault.Form) {
	f.days, f.until = f.From != "" || f.To != "", f.To != ""
	switch {
	case !f.days:
		f.From = months(today, -SpanMonths)
	case f.From == "":
		f.From = months(f.To, -SpanMonths)
	case f.To == "":
		if last := months(f.From, SpanMonths); last < today {
			f.To = last
		}
	case f.To < f.From:
		bad.Add(fault.New("audit.filter_days").On(FieldTo))
	case f.To > months(f.From, SpanMonths):
		bad.Add(fault.New("audit.filter_span").On(FieldTo).With("Months", strconv.Itoa(SpanMonths)))
	}
}

// months is the same day n months on, or the last of that month where it has no such day.
func months(d clock.Day, n int) clock.Day {
	t := d.Start()
	first := t.AddDate(0, n, 1-t.Day())
	return clock.DayOf(first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1))
}

// Values writes the filter as ParseFilter reads it; what is default stays out.
func (f Filter) Values() url.Values {
	v := url.Values{}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	if f.days {
		set(FieldFrom, f.From.String())
	}
	if f.until {
		set(FieldTo, f.To.String())
	}
	set(FieldActor, f.Actor)
	set(FieldAction, f.Action)
	set(FieldOutcome, string(f.Outcome))
	set(FieldNumber, f.Number)
	return v
}

func text(v url.Values, field string) string { return strings.TrimSpace(v.Get(field)) }

func day(v url.Values, field string, bad *fault.Form) clock.Day {
	s := text(v, field)
	if s == "" {
		return ""
	}
	d, err := clock.ParseDay(s)
	if err != nil || d < "2000-01-01" || d > "2199-12-31" {
		bad.Add(fault.New("audit.filter_day").On(field))
		return ""
	}
	return d
}

func formed(v url.Values, field string, form *regexp.Regexp, bad *fault.Form) string {
	s := text(v, field)
	if s != "" && (len(s) > numberMax || !form.MatchString(s)) {
		bad.Add(fault.New("audit.filter_word").On(field))
		return ""
	}
	return s
}

// printable tells whether a text holds nothing but what people type.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) < 0
}
