package ledger

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// Each field is read by one of these: an empty one is nothing, a wrong one a refusal at its name.

func flowText(v url.Values, field string) string { return strings.TrimSpace(v.Get(field)) }

// secondFormat is how addresses write a second of Beijing's time.
const secondFormat = "2006-01-02T15:04:05"

// edgeFormats are how forms and programs write a second.
var edgeFormats = []string{secondFormat, "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC3339}

// Days that a filter may name: what lies outside is a mistake.
const (
	dayMin clock.Day = "2000-01-01"
	dayMax clock.Day = "2199-12-31"
)

// ParseEdge reads a day or a second; an empty text is none.
func ParseEdge(s string) (e Edge, ok bool) {
	if s = strings.TrimSpace(s); s == "" {
		return e, true
	}
	if day, err := clock.ParseDay(s); err == nil {
		e.Day = day
	}
	for _, format := range edgeFormats {
		if t, err := time.ParseInLocation(format, s, clock.Beijing); err == nil {
			e.At = t.Truncate(time.Second)
			e.Day = clock.DayOf(t)
		}
	}
	return e, e.Day >= dayMin && e.Day <= dayMax
}

func flowEdge(v url.Values, field string, bad *fault.Form) Edge {
	e, ok := ParseEdge(v.Get(field))
	if !ok {
		bad.Add(fault.New("ledger.filter_time").On(field))
		return Edge{}
	}
	return e
}

func flowAccount(v url.Values, bad *fault.Form) Account {
	a := Account(flowText(v, FlowAccount))
	if a == "" || a.Listable() && len(a) <= accountMax {
		return a
	}
	bad.Add(fault.New("ledger.filter_word").On(FlowAccount))
	return ""
}

// accountMax is the length of the longest account's name.
const accountMax = len(frozenPrefix) + 32

func flowChoice(v url.Values, field string, bad *fault.Form, choices ...string) string {
	s := flowText(v, field)
	if s == "" || slices.Contains(choices, s) {
		return s
	}
	bad.Add(fault.New("ledger.filter_word").On(field))
	return ""
}

func flowType(v url.Values, bad *fault.Form) string {
	s := flowText(v, FlowType)
	if s == "" || slices.ContainsFunc(wordings, func(w wording) bool { return s == string(w.row) || s == w.kind }) {
		return s
	}
	bad.Add(fault.New("ledger.filter_word").On(FlowType))
	return ""
}

func flowAmount(v url.Values, field string, bad *fault.Form) *money.Fen {
	s := flowText(v, field)
	if s == "" {
		return nil
	}
	f, err := money.Parse(s)
	if err != nil || f < 0 {
		bad.Add(fault.New("ledger.filter_amount").On(field))
		return nil
	}
	return &f
}

// flowNumber reads any number: printable characters of ASCII without a space.
func flowNumber(v url.Values, bad *fault.Form) string {
	s := flowText(v, FlowNumber)
	if len(s) > NumberMax || strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
		bad.Add(fault.New("ledger.filter_number").On(FlowNumber))
		return ""
	}
	return s
}
