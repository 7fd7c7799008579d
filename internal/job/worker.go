package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

const (
	parallel = 4               // jobs one process runs at a time
	pollMax  = 5 * time.Second // how long a missed signal can delay work
	stopMax  = 10 * time.Second
)

// Worker runs the registry's jobs.
type Worker struct {
	db       *db.DB
	clock    clock.Clock
	registry *Registry
	hub      *signal.Hub
}

// NewWorker makes a worker of its parts.
func NewWorker(d *db.DB, c clock.Clock, r *Registry, h *signal.Hub) *Worker {
	return &Worker{db: d, clock: c, registry: r, hub: h}
}

// Run works until ctx ends, then lets what runs finish for a bounded time.
func (w *Worker) Run(ctx context.Context) {
	woken, cancel := w.hub.Subscribe(TopicDue)
	defer cancel()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	slots := make(chan struct{}, parallel)
	var running sync.WaitGroup
	if err := w.Plan(ctx); err != nil {
		slog.ErrorContext(ctx, "daily jobs not planned", "error", err)
	}
	for ctx.Err() == nil {
		w.fill(ctx, work, slots, &running)
		select {
		case <-ctx.Done():
		case <-woken:
		case <-time.After(w.pause(ctx)):
		}
	}
	ended := make(chan struct{})
	go func() { running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(stopMax):
	}
}

// fill starts due jobs until none is left or all slots are taken.
func (w *Worker) fill(ctx, work context.Context, slots chan struct{}, running *sync.WaitGroup) {
	for ctx.Err() == nil {
		slots <- struct{}{}
		runs, err := w.claim(ctx, 1)
		if err != nil || len(runs) == 0 {
			<-slots
			if err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "jobs not claimed", "error", err)
			}
			return
		}
		running.Add(1)
		go func() {
			defer func() { <-slots; running.Done(); w.hub.Wake(TopicDue) }()
			w.do(work, runs[0])
		}()
	}
}

// pause is the time to the next due job, bounded.
func (w *Worker) pause(ctx context.Context) time.Duration {
	now := w.clock.Now()
	_, next, err := w.Due(ctx, now)
	if err != nil || next == nil {
		return pollMax
	}
	return min(max(next.Sub(now), 10*time.Millisecond), pollMax)
}

// do runs one job to its end, whatever it is.
func (w *Worker) do(ctx context.Context, r Run) {
	done := make(chan struct{})
	go w.heartbeat(ctx, r, done)
	err := w.call(ctx, r)
	close(done)
	if err == nil {
		err = w.db.InTx(ctx, func(tx db.Tx) error { return w.end(ctx, tx, r) })
	}
	if err == nil || errors.Is(err, ErrLost) {
		return
	}
	slog.WarnContext(ctx, "job failed", "kind", r.Kind, "key", r.Key, "attempt", r.Attempt, "error", err)
	if err := w.fail(ctx, r, err); err != nil {
		slog.ErrorContext(ctx, "failed job not put back", "kind", r.Kind, "error", err)
	}
}

// end finishes the job unless the handler did, and plans a daily job's next day with it.
func (w *Worker) end(ctx context.Context, tx db.Tx, r Run) error {
	if err := r.Finish(ctx, tx); err != nil && !errors.Is(err, ErrLost) {
		return err
	}
	if at, ok := w.registry.daily[r.Kind]; ok {
		return plan(ctx, tx, r.Kind, clock.Day(r.Key).Next(), at)
	}
	return nil
}

func (w *Worker) call(ctx context.Context, r Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.registry.handlers[r.Kind](ctx, r)
}

func (w *Worker) heartbeat(ctx context.Context, r Run, done <-chan struct{}) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			w.keepLease(ctx, r)
		}
	}
}

// Plan puts down today's daily jobs; each plans its next day when it ends.
func (w *Worker) Plan(ctx context.Context) error {
	today := clock.DayOf(w.clock.Now())
	return w.db.InTx(ctx, func(tx db.Tx) error {
		for kind, at := range w.registry.daily {
			if err := plan(ctx, tx, kind, today, at); err != nil {
				return err
			}
		}
		return nil
	})
}

func plan(ctx context.Context, tx db.Tx, kind string, day clock.Day, at time.Duration) error {
	return Enqueue(ctx, tx, Job{Kind: kind, Key: day.String(), Lane: kind, Payload: struct{}{}, Due: day.Start().Add(at)})
}
