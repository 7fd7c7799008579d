// Package clock holds the product's two clocks and its calendar days.
// The business clock tells everything a merchant can see; in the sandbox it is real time plus an
// offset. The wall clock tells what only machines see: signatures, sessions, leases, time-outs.
// Rules take time as a parameter; nobody else asks the operating system or the database for it.
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // slim images carry no zone files
)

// Clock tells business time.
type Clock interface{ Now() time.Time }

// Beijing is the zone of all business days.
var Beijing = mustLoad("Asia/Shanghai")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Wall is the machine's time, cut to what the database keeps.
func Wall() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// System is a business clock without an offset, for production.
type System struct{}

// Now is the wall time.
func (System) Now() time.Time { return Wall() }

// Manual is a clock that stands until it is set; for the seed and for tests.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// At makes a clock that stands at t.
func At(t time.Time) *Manual { return &Manual{now: t} }

// Now is the time it was set to.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set moves the clock.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t
}

// Advance moves the clock by d.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}
