package main

import (
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/job"
	"zhanggui/internal/signal"
)

func TestTheClockStandsAheadByExactlyWhatItWasAdvanced(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	now, err := db.NewClock(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{db: d, worker: job.NewWorker(d, now, job.NewRegistry(), signal.NewHub())}
	before := now.Now()
	for _, by := range []time.Duration{24 * time.Hour, time.Hour, time.Second} {
		lead := now.Offset() + by
		if _, err := a.advance(t.Context(), now, by); err != nil || now.Offset() != lead {
			t.Errorf("ahead by %s instead of %s, %v", now.Offset(), lead, err)
		}
	}
	if by := now.Now().Sub(before); by < 25*time.Hour+time.Second {
		t.Errorf("moved by %s", by)
	}
}
