package transfer_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/transfer"
)

// heldUp lets f run into the limits of a payee that somebody else holds, and lists of which payees it holds none
// by then.
func (w *world) heldUp(payee string, f func() error) (free []string) {
	w.t.Helper()
	done := make(chan error)
	w.in(func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.PG().Exec(ctx, "SELECT FROM enterprise_payment_limits WHERE openid = $1 FOR UPDATE", payee); err != nil {
			return err
		}
		go func() { done <- f() }()
		w.waits()
		return w.DB.InTx(ctx, func(tx db.Tx) error {
			rows, err := tx.PG().Query(ctx, "SELECT openid FROM enterprise_payment_limits ORDER BY openid FOR UPDATE SKIP LOCKED")
			if err == nil {
				free, err = pgx.CollectRows(rows, pgx.RowTo[string])
			}
			return err
		})
	})
	must(w.t, <-done)
	return free
}

func TestEverybodyTakesTheLimitsOfPayeesInTheSameOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}, nil
	}
	var asks []transfer.Ask
	var after []string
	for i := range 20 {
		a := w.ask(upgraded, fmt.Sprintf("oPayee%02d", 19-i), 30)
		a.Queued = true
		asks = append(asks, a)
		if i < 9 {
			after = append(after, a.OpenID)
		}
	}
	slices.Sort(after)
	w.accept(asks...)
	w.work(upgraded)
	w.clock.Advance(transfer.Apart)
	same := func(what string, f func() error) {
		t.Helper()
		if free := w.heldUp("oPayee10", f); !slices.Equal(free, after) {
			t.Errorf("%s: %v are free, want %v", what, free, after)
		}
	}
	same("to accept", func() error {
		return w.DB.InTx(t.Context(), func(tx db.Tx) error {
			_, err := w.AcceptMany(t.Context(), tx, asks)
			return err
		})
	})
	w.channel.gate = make(chan struct{})
	worked := make(chan struct{})
	go func() { defer close(worked); w.work(upgraded) }()
	w.channel.gate <- struct{}{} // all are in hand
	same("to give back", func() error { close(w.channel.gate); <-worked; return nil })
	w.sound()
}
