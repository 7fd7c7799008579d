package transfer_test

import (
	"context"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/transfer"
)

var midnight = time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Beijing)

// waits returns once somebody else of this database waits for a lock.
func (w *world) waits() {
	w.t.Helper()
	for waiting := 0; waiting == 0; {
		must(w.t, w.DB.PG().QueryRow(w.t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database()`).Scan(&waiting))
	}
}

func TestWhoWaitedOverMidnightCountsOnTheNewDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.clock.Set(midnight.Add(-time.Second))
	late := make(chan error)
	w.in(func(ctx context.Context, tx db.Tx) error {
		if _, err := w.Accept(ctx, tx, w.ask(legacy, "oPayee1", 1_00)); err != nil {
			return err
		}
		go func() {
			late <- w.DB.InTx(t.Context(), func(tx db.Tx) error { // begun before midnight, held up until after it
				a := w.ask(legacy, "oPayee2", 4_000_00)
				a.Queued = true
				_, err := w.Accept(t.Context(), tx, a)
				return err
			})
		}()
		w.waits()
		w.clock.Set(midnight)
		_, err := w.Accept(ctx, tx, w.ask(legacy, "oPayee2", 4_000_00))
		return err
	})
	if err := <-late; !fault.Is(err, transfer.ErrPayeeDay.Code) {
		t.Errorf("the one that waited: %v", err)
	}
	w.clock.Advance(transfer.Apart)
	w.refused(w.ask(legacy, "oPayee2", 1_000_01), transfer.ErrPayeeDay)
	w.sound()
}

func TestALateClockForgetsNothingOfTheNewDay(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}, nil
	}
	w.clock.Set(midnight)
	first := w.pays(w.ask(upgraded, "oPayee1", 4_000_00))
	w.clock.Set(midnight.Add(-time.Minute)) // another machine's
	w.refused(w.ask(upgraded, "oPayee1", 1_000_00), transfer.ErrTooSoon)
	second := w.pays(w.ask(upgraded, "oPayee2", 4_000_00))
	if second.Day != first.Day {
		t.Errorf("counted on %s after %s", second.Day, first.Day)
	}
	if f, err := w.upload("openid,amount,desc\noPayee1,1000.01,x\n"); err != nil || f.State != transfer.Faulty {
		t.Errorf("a file above what the day leaves: %s, %v", f.State, err)
	}
	w.clock.Set(midnight.Add(transfer.Apart))
	w.work(upgraded)
	w.is(first, transfer.Failed)
	w.is(second, transfer.Failed)
	w.sound()
	w.pays(w.ask(upgraded, "oPayee1", 5_000_00))
	w.sound()
}
