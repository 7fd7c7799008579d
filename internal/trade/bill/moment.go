package bill

import (
	"time"

	"zhanggui/internal/clock"
)

// The years a bill can be of.
const (
	firstYear = 2011
	lastYear  = 2099
)

// parseMoment reads 2026-11-20 07:23:30 in Beijing. It is time.Parse for the one format, several
// times faster: a file has 300,000 of them.
func parseMoment(s string) (time.Time, bool) {
	if len(s) != 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	year := two(s[0:2])*100 + two(s[2:4])
	month, day := time.Month(two(s[5:7])), two(s[8:10])
	hour, minute, second := two(s[11:13]), two(s[14:16]), two(s[17:19])
	if year < firstYear || year > lastYear || max(hour-23, minute-59, second-59) > 0 || min(hour, minute, second) < 0 {
		return time.Time{}, false
	}
	t := time.Date(year, month, day, hour, minute, second, 0, clock.Beijing)
	return t, t.Day() == day && t.Month() == month
}

// two is a two-digit number; far below 0 when it is none.
func two(s string) int {
	a, b := int(s[0])-'0', int(s[1])-'0'
	if a < 0 || a > 9 || b < 0 || b > 9 {
		return -10_000
	}
	return a*10 + b
}
