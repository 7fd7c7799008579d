package platform

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/job"
	"zhanggui/internal/signal"
)

func good(context.Context, db.Querier) (int64, []string, error) { return 12, nil, nil }

func broken(context.Context, db.Querier) (int64, []string, error) {
	return 3, []string{"order 1 of 2 is not as it was"}, nil
}

func fails(context.Context, db.Querier) (int64, []string, error) {
	return 0, nil, errors.New("no such table")
}

// works runs what is due, as the program's worker does.
func (w *world) works() map[string]int {
	w.t.Helper()
	r := job.NewRegistry()
	r.Handle(VerifyKind, w.Verify)
	r.Handle(VerifyDaily, w.DailyVerification)
	ran, err := job.NewWorker(w.db, w.clock, r, signal.NewHub()).DrainDue(w.t.Context())
	w.must(err)
	return ran
}

func (w *world) asks() (id uuid.UUID) {
	w.t.Helper()
	w.must(w.inTx(func(ctx context.Context, tx db.Tx) (err error) {
		id, err = w.AskVerification(ctx, tx, across(w.t, access.Reviewer), audit.From{})
		return err
	}))
	return id
}

func (w *world) last() Verification {
	w.t.Helper()
	rows, _, err := w.Verifications(w.t.Context(), across(w.t, access.ReadOnly), uuid.Nil, 5)
	w.must(err)
	if len(rows) == 0 {
		w.t.Fatal("there is none")
	}
	return rows[0]
}

func TestAVerificationRunsAsAJobAndItsResultIsKept(t *testing.T) {
	t.Parallel()
	w := worldIn(t, dbtest.Clone(t), Check{"audit", good}, Check{"trades", good})
	first := w.asks()
	if again := w.asks(); again != first {
		t.Error("two are under way at once")
	}
	if v := w.last(); v.OK != nil || v.AskedBy != "pingtai@ops" {
		t.Errorf("before it runs: %+v", v)
	}
	if ran := w.works(); ran[VerifyKind] != 1 {
		t.Errorf("ran %v", ran)
	}
	v := w.last()
	if v.OK == nil || !*v.OK || len(v.Checks) != 2 || v.Checks[0].Checked != 12 || v.Problems() != 0 {
		t.Errorf("the result is %+v", v)
	}
	w.clock.Advance(time.Minute)
	if next := w.asks(); next == first {
		t.Error("the next one is the old one")
	}
}

func TestABreachIsNamedAndThePlatformsAdminsAreTold(t *testing.T) {
	t.Parallel()
	w := worldIn(t, dbtest.Clone(t), Check{"audit", broken}, Check{"schema", fails}, Check{"trades", good})
	w.must(w.inTx(func(ctx context.Context, tx db.Tx) error {
		r := Recruit{Login: "pingtai", Name: "霍建平", IDType: "id_card", IDNumber: "110199197809061313", Mobile: "19800003605", Role: access.PlatformAdmin}
		_, _, err := w.gate.AddOperator(ctx, tx, across(t, access.PlatformAdmin), r.operator())
		return err
	}))
	w.asks()
	w.works()
	v := w.last()
	if v.OK == nil || *v.OK || v.Problems() != 1 || v.Checks[0].OK || !v.Checks[1].Failed || !v.Checks[2].OK {
		t.Errorf("the result is %+v", v)
	}
	if n := w.count("inbox_messages", "merchant_id = 0 AND kind = 'verification_failed' AND category = 'security'"); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestTheDailyOneAsksByItself(t *testing.T) {
	t.Parallel()
	w := worldIn(t, dbtest.Clone(t), Check{"audit", good})
	r := job.NewRegistry()
	r.Daily(VerifyDaily, VerifyAt, w.DailyVerification)
	r.Handle(VerifyKind, w.Verify)
	worker := job.NewWorker(w.db, w.clock, r, signal.NewHub())
	w.must(worker.Plan(t.Context()))
	for day := range 3 {
		_, err := worker.DrainDue(t.Context())
		w.must(err)
		if n := w.count("verifications", "ok"); n != day+1 {
			t.Errorf("after %d days there are %d", day+1, n)
		}
		w.clock.Advance(24 * time.Hour)
	}
}

func TestADeadJobIsTriedAgainOnce(t *testing.T) {
	t.Parallel()
	w := worldIn(t, dbtest.Clone(t))
	tries := 0
	r := job.NewRegistry()
	r.Handle("x", func(context.Context, job.Run) error {
		if tries++; tries == 1 {
			return job.Discard(errors.New("the bank is closed"))
		}
		return nil
	})
	worker := job.NewWorker(w.db, w.clock, r, signal.NewHub())
	w.must(w.inTx(func(ctx context.Context, tx db.Tx) error {
		return job.Enqueue(ctx, tx, job.Job{Merchant: 1900000109, Kind: "x", Key: "1", Due: w.clock.Now()})
	}))
	_, err := worker.DrainDue(t.Context())
	w.must(err)
	p := across(t, access.PlatformAdmin)
	list, more, err := w.Jobs(t.Context(), p, job.Filter{State: job.Dead, Limit: 5})
	if err != nil || more || len(list) != 1 || list[0].LastError != "the bank is closed" || list[0].Merchant != 1900000109 {
		t.Fatalf("dead are %+v, %v", list, err)
	}
	kinds, err := w.JobKinds(t.Context(), p)
	if err != nil || len(kinds) != 1 || kinds[0].Dead != 1 || kinds[0].Open != 0 {
		t.Errorf("by kind %+v, %v", kinds, err)
	}
	retry := func() error {
		return w.inTx(func(ctx context.Context, tx db.Tx) error { return w.RetryJob(ctx, tx, p, list[0].ID, audit.From{}) })
	}
	w.must(retry())
	wants(t, retry(), ErrNotDead)
	if _, err := worker.DrainDue(t.Context()); err != nil || tries != 2 {
		t.Errorf("it ran %d times, %v", tries, err)
	}
	if n := w.count("audit_rows", "merchant_id = 0 AND action = 'job.retry'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	if done, _, err := w.Jobs(t.Context(), p, job.Filter{State: job.Ended, Kind: "x", Limit: 5}); err != nil || len(done) != 1 {
		t.Errorf("done are %+v, %v", done, err)
	}
}
