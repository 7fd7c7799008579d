package merchant

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
)

func TestAnUpgradedMerchantsOrderIsDueOnItsDay(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		m, err := time.ParseInLocation("02 15:04:05", text, clock.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		return m.AddDate(2026, 10, 0)
	}
	for _, c := range []struct{ paid, booked, due string }{
		{"20 10:00:00", "20 10:00:01", "20 10:05:00"},
		{"20 10:00:00", "20 10:07:00", "20 10:07:00"}, // told late
		{"20 23:53:00", "20 23:53:01", "20 23:58:00"},
		{"20 23:55:00", "20 23:55:01", "20 23:58:00"}, // sooner than usual
		{"20 23:59:30", "20 23:59:31", "20 23:59:31"}, // at once
		{"20 23:59:30", "21 00:00:01", "21 00:00:01"}, // told after its day
		{"20 10:00:00", "21 09:00:00", "21 09:00:00"},
	} {
		if got := DueAt(Upgraded, T1, at(c.paid), at(c.booked)); !got.Equal(at(c.due)) {
			t.Errorf("paid %s, booked %s: due %s, want %s", c.paid, c.booked, clock.Text(got), c.due)
		}
	}
}
