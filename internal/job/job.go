// Package job runs due work. Work is put down in the transaction that makes it necessary, becomes
// due by the business clock, is held by a lease of the wall clock, and is done at least once: a
// handler must be idempotent, or finish inside its own transaction with Run.Finish. The package
// knows no job. At most one job of a merchant's lane runs at a time.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Limits of a job's life.
const (
	lease       = 30 * time.Second
	attemptsMax = 190       // about a week of trying
	retryMax    = time.Hour // the longest wait between two tries
	errorMax    = 1000      // bytes of the last error kept
)

// Topics of the signals that wake workers, and those who wait for work to end.
const (
	TopicDue   = "jobs"
	TopicEnded = "jobs.ended"
)

// Job is work to be done once it is due. (Merchant, Kind, Key) is done once for ever.
type Job struct {
	Merchant int64 // 0: the platform's own work
	Kind     string
	Key      string
	Lane     string // jobs of one lane of a merchant run one after another; empty: no lane
	Payload  any
	Due      time.Time
}

// Run is a job in a worker's hands.
type Run struct {
	ID       uuid.UUID
	Merchant int64
	Kind     string
	Key      string
	Payload  json.RawMessage
	Attempt  int
	Due      time.Time
	fence    int64
	store    *Worker
}

// Decode reads the payload.
func (r Run) Decode(into any) error {
	if err := json.Unmarshal(r.Payload, into); err != nil {
		return Discard(fmt.Errorf("payload of %s %s: %w", r.Kind, r.Key, err))
	}
	return nil
}

// Handler does one job.
type Handler func(ctx context.Context, r Run) error

// Registry knows which handler does which kind, and which kinds come back every day.
type Registry struct {
	handlers map[string]Handler
	daily    map[string]time.Duration
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{handlers: map[string]Handler{}, daily: map[string]time.Duration{}}
}

// Handle registers the handler of a kind.
func (r *Registry) Handle(kind string, h Handler) {
	if r.handlers[kind] != nil {
		panic("job: two handlers for " + kind)
	}
	r.handlers[kind] = h
}

// Daily registers a kind that is due once every business day at the time after midnight.
func (r *Registry) Daily(kind string, at time.Duration, h Handler) {
	r.Handle(kind, h)
	r.daily[kind] = at
}

func (r *Registry) kinds() []string {
	kinds := make([]string, 0, len(r.handlers))
	for k := range r.handlers {
		kinds = append(kinds, k)
	}
	return kinds
}

type discarded struct{ error }

func (d discarded) Unwrap() error { return d.error }

// Discard ends a job that trying again cannot mend.
func Discard(err error) error { return discarded{err} }

// after decides what a failed run becomes: due again after a growing wait, for as long as an evening or a
// holiday of somebody outside may last, then dead.
func after(err error, attempt int, now time.Time) (dead bool, due time.Time) {
	var d discarded
	if errors.As(err, &d) || attempt >= attemptsMax {
		return true, now
	}
	return false, now.Add(min(time.Duration(attempt*attempt)*5*time.Second, retryMax))
}
