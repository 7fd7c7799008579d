package trade

import (
	"net/url"
	"strconv"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Each field is read by one of these: an empty one is nothing, a wrong one a refusal at its name.

func text(v url.Values, field string) string { return strings.TrimSpace(v.Get(field)) }

func day(v url.Values, field string, bad *fault.Form) clock.Day {
	s := text(v, field)
	if s == "" {
		return ""
	}
	d, err := clock.ParseDay(s)
	if err != nil || d < "2000-01-01" || d > "2199-12-31" {
		bad.Add(fault.New("trade.filter_day").On(field))
		return ""
	}
	return d
}

// word reads a state or type: whatever short word a bill may have used.
func word(v url.Values, field string, bad *fault.Form) string {
	s := text(v, field)
	if len(s) > bill.WordMax || !plain(s) {
		bad.Add(fault.New("trade.filter_word").On(field))
		return ""
	}
	return s
}

func amount(v url.Values, field string, bad *fault.Form) *money.Fen {
	s := text(v, field)
	if s == "" {
		return nil
	}
	f, err := money.Parse(s)
	if err != nil || f < 0 || f > bill.AmountMax {
		bad.Add(fault.New("trade.filter_amount").On(field))
		return nil
	}
	return &f
}

func number(v url.Values, bad *fault.Form) string {
	s := text(v, FieldNumber)
	if s != "" && !bill.IsNumber(s) {
		bad.Add(fault.New("trade.filter_number").On(FieldNumber))
		return ""
	}
	return s
}

func merchantID(v url.Values, bad *fault.Form) int64 {
	s := text(v, FieldSub)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1_000_000_000 || n > 9_999_999_999 {
		bad.Add(fault.New("trade.filter_merchant").On(FieldSub))
		return 0
	}
	return n
}

// plain tells whether a text is printable and sound.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return false
		}
	}
	return true
}
