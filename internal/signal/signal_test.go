package signal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/signal"
)

// patience bounds a wait for something that must come.
const patience = 10 * time.Second

func awaken(t *testing.T, woken <-chan struct{}) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(patience):
		t.Fatal("nobody woke us")
	}
}

func TestACommittedSignalWakesWaitersInEveryProcessAndARolledBackOneNobody(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d := dbtest.Open(t, dsn)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var woken [2]<-chan struct{}
	var silent [2]<-chan struct{}
	for i := range woken {
		hub := signal.NewHub()
		woken[i], _ = hub.Subscribe("news")
		silent[i], _ = hub.Subscribe("none")
		go hub.Run(ctx, dsn)
		awaken(t, woken[i]) // once when the listener is there
		awaken(t, silent[i])
	}
	_ = d.InTx(ctx, func(tx db.Tx) error {
		if err := signal.Notify(ctx, tx, "none"); err != nil {
			t.Error(err)
		}
		return errors.New("rolled back")
	})
	if err := d.InTx(ctx, func(tx db.Tx) error { return signal.Notify(ctx, tx, "news") }); err != nil {
		t.Fatal(err)
	}
	for i := range woken {
		awaken(t, woken[i])
		select {
		case <-silent[i]:
			t.Error("a rolled back signal came through")
		default:
		}
	}
}

func TestOnePendingWakeStandsForManySignalsAndACancelledWaiterIsForgotten(t *testing.T) {
	t.Parallel()
	hub := signal.NewHub()
	woken, cancel := hub.Subscribe("x")
	for range 5 {
		hub.Wake("x")
	}
	awaken(t, woken)
	select {
	case <-woken:
		t.Error("woken twice for what one look shows")
	default:
	}
	cancel()
	hub.Wake("x")
	select {
	case <-woken:
		t.Error("woken after cancelling")
	default:
	}
}
