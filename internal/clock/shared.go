package clock

import (
	"sync/atomic"
	"time"
)

// Shared is the sandbox's business clock: wall time plus an offset that every process knows.
// The offset lives in one table row; who reads it again calls SetOffset.
type Shared struct{ offset atomic.Int64 }

// Now is wall time plus the offset.
func (s *Shared) Now() time.Time { return Wall().Add(s.Offset()) }

// Offset is how far business time stands ahead.
func (s *Shared) Offset() time.Duration { return time.Duration(s.offset.Load()) }

// SetOffset takes over an offset read from the database. It never goes back.
func (s *Shared) SetOffset(d time.Duration) {
	for {
		old := s.offset.Load()
		if int64(d) <= old || s.offset.CompareAndSwap(old, int64(d)) {
			return
		}
	}
}
