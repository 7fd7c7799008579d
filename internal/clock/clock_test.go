package clock_test

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
)

func TestBusinessDaysBeginAtMidnightInBeijing(t *testing.T) {
	t.Parallel()
	for moment, want := range map[string]clock.Day{
		"2026-11-21T15:59:59Z": "2026-11-21", "2026-11-21T16:00:00Z": "2026-11-22", "2028-02-28T16:00:00Z": "2028-02-29",
	} {
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.DayOf(at); got != want {
			t.Errorf("%s is of %s, want %s", moment, got, want)
		}
	}
	if d := clock.Day("2026-12-31").Next(); d != "2027-01-01" || d.Start().Sub(clock.Day("2026-12-31").Start()) != 24*time.Hour {
		t.Errorf("the day after new year's eve is %s", d)
	}
	if _, err := clock.ParseDay("2026-02-30"); err == nil {
		t.Error("a day that does not exist was taken")
	}
}

func TestASharedClockNeverGoesBack(t *testing.T) {
	t.Parallel()
	var c clock.Shared
	c.SetOffset(2 * time.Hour)
	c.SetOffset(time.Hour)
	if c.Offset() != 2*time.Hour || c.Now().Sub(clock.Wall()) < 2*time.Hour-time.Second {
		t.Errorf("offset %s", c.Offset())
	}
}

func TestMomentsReadAsPeopleAndMachinesWriteThem(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 3, 20, 5, 0, time.UTC)
	if clock.Text(at) != "2026-11-22 11:20:05" || clock.Wire(at) != "2026-11-22T11:20:05+08:00" {
		t.Errorf("%s, %s", clock.Text(at), clock.Wire(at))
	}
	if back, err := clock.ParseText("2026-11-22 11:20:05"); err != nil || !back.Equal(at) {
		t.Errorf("read back %v, %v", back, err)
	}
}
