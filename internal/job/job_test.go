package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/job"
	"zhanggui/internal/signal"
)

var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

// bench is a worker with a clock that stands still until moved.
type bench struct {
	db       *db.DB
	clock    *settable
	registry *job.Registry
	worker   *job.Worker
}

type settable struct{ *clock.Manual }

func (s settable) Set(_ context.Context, t time.Time) error { s.Manual.Set(t); return nil }

func newBench(t *testing.T) bench {
	t.Helper()
	b := bench{db: dbtest.Clone(t), clock: &settable{clock.At(noon)}, registry: job.NewRegistry()}
	b.worker = job.NewWorker(b.db, b.clock, b.registry, signal.NewHub())
	return b
}

func (b bench) enqueue(t *testing.T, jobs ...job.Job) {
	t.Helper()
	err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		for _, j := range jobs {
			if err := job.Enqueue(t.Context(), tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b bench) drain(t *testing.T) map[string]int {
	t.Helper()
	ran, err := b.worker.DrainDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ran
}

func TestWorkIsDoneOnceItIsDueAndOnlyOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var got []string
	b.registry.Handle("post", func(_ context.Context, r job.Run) error {
		var text string
		if err := r.Decode(&text); err != nil {
			return err
		}
		got = append(got, text)
		return nil
	})
	later := job.Job{Merchant: 1, Kind: "post", Key: "b", Payload: "later", Due: noon.Add(time.Minute)}
	b.enqueue(t, job.Job{Merchant: 1, Kind: "post", Key: "a", Payload: "now", Due: noon}, later, later)
	if b.drain(t); fmt.Sprint(got) != "[now]" {
		t.Fatalf("before it was due: %v", got)
	}
	b.clock.Advance(time.Minute)
	b.enqueue(t, later)
	b.drain(t)
	if b.drain(t); fmt.Sprint(got) != "[now later]" {
		t.Fatalf("done %v", got)
	}
}

func TestWorkPutDownInARolledBackTransactionDoesNotExist(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registry.Handle("post", func(context.Context, job.Run) error { t.Error("ran"); return nil })
	err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		if err := job.Enqueue(t.Context(), tx, job.Job{Kind: "post", Key: "a", Due: noon}); err != nil {
			return err
		}
		return errors.New("no")
	})
	if err == nil {
		t.Fatal("the transaction was meant to fail")
	}
	b.drain(t)
}

func TestAFailedJobComesBackLaterAndADiscardedOneDoesNot(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tries := map[string]int{}
	b.registry.Handle("flaky", func(_ context.Context, r job.Run) error {
		tries[r.Key]++
		if r.Key == "bad" {
			return job.Discard(errors.New("never"))
		}
		if r.Attempt < 3 {
			panic("not yet")
		}
		return nil
	})
	b.enqueue(t, job.Job{Kind: "flaky", Key: "good", Due: noon}, job.Job{Kind: "flaky", Key: "bad", Due: noon})
	b.drain(t)
	if tries["good"] != 1 || tries["bad"] != 1 {
		t.Fatalf("at first: %v", tries)
	}
	if _, err := b.worker.Walk(t.Context(), b.clock, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if tries["good"] != 3 || tries["bad"] != 1 {
		t.Fatalf("after an hour: %v", tries)
	}
}

func TestWorkGoesOnForDaysWhileSomebodyOutsideIsDown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, tries := noon.Add(14*time.Hour), 0
	b.registry.Handle("ask", func(_ context.Context, r job.Run) error {
		if tries++; r.Key == "gone" || b.clock.Now().Before(up) {
			return errors.New("no answer")
		}
		return nil
	})
	b.enqueue(t, job.Job{Kind: "ask", Key: "evening", Due: noon})
	standing := func(f job.Filter) []job.Listed {
		f.Limit = 10
		list, _, err := job.List(t.Context(), b.db.PG(), f, b.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if _, err := b.worker.Walk(t.Context(), b.clock, up.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	kinds, err := job.Kinds(t.Context(), b.db.PG(), b.clock.Now())
	if list := standing(job.Filter{State: job.Failing}); err != nil || len(list) != 1 || list[0].LastError != "no answer" || kinds[0].Failing != 1 ||
		list[0].Due.Sub(b.clock.Now()) > time.Hour {
		t.Fatalf("operators see %+v and %+v, %v", list, kinds, err)
	}
	b.enqueue(t, job.Job{Kind: "ask", Key: "gone", Due: up})
	if _, err := b.worker.Walk(t.Context(), b.clock, up.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if list := standing(job.Filter{State: job.Ended}); len(list) != 1 || list[0].Key != "evening" {
		t.Errorf("ended: %+v", list)
	}
	if _, err := b.worker.Walk(t.Context(), b.clock, up.Add(6*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if list := standing(job.Filter{State: job.Failing}); len(list) != 1 || list[0].Key != "gone" {
		t.Errorf("after six days: %+v", list)
	}
	if _, err := b.worker.Walk(t.Context(), b.clock, up.Add(9*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if list := standing(job.Filter{State: job.Dead}); len(list) != 1 || tries > 300 {
		t.Errorf("after nine days, %d tries: %+v", tries, list)
	}
}

func TestTwoWorkersNeverRunOneJobTwiceNorALaneAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const jobs = 60
	var inLane [3]atomic.Int32
	var ran sync.Map
	b.registry.Handle("lane", func(_ context.Context, r job.Run) error {
		lane := &inLane[r.Merchant]
		if lane.Add(1) != 1 {
			t.Errorf("two jobs of merchant %d at once", r.Merchant)
		}
		defer lane.Add(-1)
		if _, twice := ran.LoadOrStore(r.ID, true); twice {
			t.Errorf("%s ran twice", r.Key)
		}
		return nil
	})
	for i := range jobs {
		b.enqueue(t, job.Job{Merchant: int64(i % 3), Kind: "lane", Key: fmt.Sprint(i), Lane: "money", Due: noon})
	}
	var all sync.WaitGroup
	var total atomic.Int32
	for range 4 {
		w := job.NewWorker(b.db, b.clock, b.registry, signal.NewHub())
		all.Go(func() {
			n, err := w.DrainDue(context.Background())
			if err != nil {
				t.Error(err)
			}
			total.Add(int32(n["lane"]))
		})
	}
	all.Wait()
	if total.Load() != jobs {
		t.Errorf("%d of %d jobs ran", total.Load(), jobs)
	}
}

func TestAHandlerThatFinishesInItsOwnTransactionLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registry.Handle("money", func(ctx context.Context, r job.Run) error {
		err := b.db.InTx(ctx, func(tx db.Tx) error {
			if err := job.Enqueue(ctx, tx, job.Job{Kind: "money", Key: "effect", Due: noon.AddDate(1, 0, 0)}); err != nil {
				return err
			}
			return r.Finish(ctx, tx)
		})
		if err != nil {
			return err
		}
		// A second try, as after a lost answer of the commit: the job is no longer ours to finish.
		err = b.db.InTx(ctx, func(tx db.Tx) error { return r.Finish(ctx, tx) })
		if !errors.Is(err, job.ErrLost) {
			t.Errorf("finished twice: %v", err)
		}
		return nil
	})
	b.enqueue(t, job.Job{Kind: "money", Key: "a", Due: noon})
	if ran := b.drain(t); ran["money"] != 1 {
		t.Errorf("ran %v", ran)
	}
}

func TestADailyJobRunsExactlyOncePerBusinessDay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var days []string
	b.registry.Daily("morning", 8*time.Hour+30*time.Minute, func(_ context.Context, r job.Run) error {
		if got := clock.DayOf(b.clock.Now()).String(); got != r.Key {
			t.Errorf("the run of %s happened on %s", r.Key, got)
		}
		days = append(days, r.Key)
		return nil
	})
	if err := b.worker.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 { // each step is longer than a day; the restart plans again
		if _, err := b.worker.Walk(t.Context(), b.clock, b.clock.Now().Add(25*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := b.worker.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := "[2026-11-20 2026-11-21 2026-11-22 2026-11-23]"; fmt.Sprint(days) != want {
		t.Errorf("ran on %v, want %s", days, want)
	}
}

func TestADayThatIsGivenUpDoesNotEndADailyJob(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var days []string
	b.registry.Daily("morning", 13*time.Hour, func(_ context.Context, r job.Run) error {
		if r.Key == "2026-11-20" {
			return job.Discard(errors.New("never"))
		}
		days = append(days, r.Key)
		return nil
	})
	if err := b.worker.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.worker.Walk(t.Context(), b.clock, noon.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(days) != "[2026-11-21]" {
		t.Errorf("ran on %v", days)
	}
}
