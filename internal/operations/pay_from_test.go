package operations_test

import (
	"context"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/operations"
)

func (w *world) paysFrom(m int64) (a ledger.Account) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) (err error) {
		a, err = operations.PayFrom(ctx, tx, m)
		return err
	})
	return a
}

func TestTheAccountThatPaysFollowsWhatIsOpen(t *testing.T) {
	t.Parallel()
	w := tx(t)
	is := func(m int64, want ledger.Account) {
		t.Helper()
		if got := w.paysFrom(m); got != want {
			t.Errorf("%d pays from %s, want %s", m, got, want)
		}
	}
	is(legacy, ledger.Available)
	is(upgraded, ledger.Basic)
	w.gets(upgraded, ledger.Basic, 1_000)
	w.opens()
	is(upgraded, ledger.Operation)                   // even while it is empty and BASIC is full
	w.in(func(ctx context.Context, tx db.Tx) error { // what the account upgrade does
		if err := ledger.OpenAccount(ctx, tx, legacy, ledger.Basic, w.clock.Now()); err != nil {
			return err
		}
		return ledger.CloseAccount(ctx, tx, legacy, ledger.Available, w.clock.Now())
	})
	is(legacy, ledger.Basic)
}

func TestOpeningWaitsForWhoIsPaying(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	holding, letGo, opened := make(chan ledger.Account), make(chan struct{}), make(chan struct{})
	paid := make(chan error)
	go func() {
		paid <- w.db.InTx(context.Background(), func(tx db.Tx) error {
			a, err := operations.PayFrom(context.Background(), tx, upgraded)
			holding <- a
			<-letGo
			return err
		})
	}()
	if a := <-holding; a != ledger.Basic {
		t.Errorf("pays from %s", a)
	}
	go func() { w.opens(); close(opened) }()
	w.waits(1)
	select {
	case <-opened:
		t.Error("it was opened while a payment that read the account was under way")
	default:
	}
	close(letGo)
	if err := <-paid; err != nil {
		t.Fatal(err)
	}
	<-opened
	if a := w.paysFrom(upgraded); a != ledger.Operation {
		t.Errorf("pays from %s afterwards", a)
	}
}

func TestAPaymentWaitsForTheOpening(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	holding, letGo, opened := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		opened <- w.db.InTx(context.Background(), func(tx db.Tx) error {
			if err := ledger.Hold(context.Background(), tx, upgraded); err != nil {
				return err
			}
			close(holding)
			<-letGo
			return ledger.OpenAccount(context.Background(), tx, upgraded, ledger.Operation, w.clock.Now())
		})
	}()
	<-holding
	from := make(chan ledger.Account)
	go func() { from <- w.paysFrom(upgraded) }()
	w.waits(1)
	close(letGo)
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	if a := <-from; a != ledger.Operation {
		t.Errorf("pays from %s", a)
	}
}

// waits returns once n others of this database wait for a lock.
func (w *world) waits(n int) {
	w.t.Helper()
	for {
		var waiting int
		err := w.db.PG().QueryRow(w.t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database()`).Scan(&waiting)
		if err != nil {
			w.t.Fatal(err)
		}
		if waiting >= n {
			return
		}
	}
}
