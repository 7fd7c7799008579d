package job

import (
	"context"
	"time"

	"zhanggui/internal/clock"
)

// SettableClock is a business clock that can be moved forward for every process.
type SettableClock interface {
	clock.Clock
	Set(ctx context.Context, t time.Time) error
}

// DrainDue runs what is due now until nothing is due any more, waiting for what other workers
// hold. It tells how many jobs of each kind it ran itself.
func (w *Worker) DrainDue(ctx context.Context) (map[string]int, error) {
	ran := map[string]int{}
	ended, cancel := w.hub.Subscribe(TopicEnded)
	defer cancel()
	for {
		runs, err := w.claim(ctx, parallel)
		if err != nil {
			return ran, err
		}
		for _, r := range runs {
			w.do(ctx, r)
			ran[r.Kind]++
		}
		if len(runs) > 0 {
			continue
		}
		open, _, err := w.Due(ctx, w.clock.Now())
		if err != nil || open == 0 {
			return ran, err
		}
		select {
		case <-ctx.Done():
			return ran, ctx.Err()
		case <-ended:
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Walk moves the clock to t the way time passes: to each moment at which something becomes due,
// doing what is due there, and so on. What is due earlier is done first.
func (w *Worker) Walk(ctx context.Context, c SettableClock, t time.Time) (map[string]int, error) {
	total := map[string]int{}
	for {
		ran, err := w.DrainDue(ctx)
		for kind, n := range ran {
			total[kind] += n
		}
		if err != nil || !c.Now().Before(t) {
			return total, err
		}
		_, next, err := w.Due(ctx, c.Now())
		if err != nil {
			return total, err
		}
		step := t
		if next != nil && next.Before(t) {
			step = *next
		}
		if err := c.Set(ctx, step); err != nil {
			return total, err
		}
	}
}
