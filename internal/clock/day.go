package clock

import "time"

// Formats of the product, always Beijing time.
const (
	dayFormat  = "2006-01-02"
	timeFormat = "2006-01-02 15:04:05"
)

// Day is a business day, 00:00 to 24:00 in Beijing, written 2026-11-22.
type Day string

// DayOf is the business day of a moment.
func DayOf(t time.Time) Day { return Day(t.In(Beijing).Format(dayFormat)) }

// ParseDay reads 2026-11-22 and refuses days that do not exist.
func ParseDay(text string) (Day, error) {
	t, err := time.ParseInLocation(dayFormat, text, Beijing)
	if err != nil {
		return "", err
	}
	return DayOf(t), nil
}

// Start is the day's first moment.
func (d Day) Start() time.Time {
	t, _ := time.ParseInLocation(dayFormat, string(d), Beijing)
	return t
}

// Add is the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.Start().AddDate(0, 0, n)) }

// Next is the day after; its Start is this day's end.
func (d Day) Next() Day { return d.Add(1) }

// String is the day as text.
func (d Day) String() string { return string(d) }

// Text writes a moment as people read it: 2026-11-22 11:20:05.
func Text(t time.Time) string { return t.In(Beijing).Format(timeFormat) }

// ParseText reads what Text writes.
func ParseText(s string) (time.Time, error) { return time.ParseInLocation(timeFormat, s, Beijing) }

// Wire writes a moment as the machine formats do: RFC 3339 with Beijing's offset, to the second.
func Wire(t time.Time) string { return t.In(Beijing).Format(time.RFC3339) }
