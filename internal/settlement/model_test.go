package settlement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/settlement"
)

// paid is an order as the model keeps it.
type paid struct {
	no      string
	total   money.Fen
	back    money.Fen
	settled bool
}

// rate is every merchant's here.
const rate money.Rate = 60

// ledgerOf is what must hold whatever happened, computed from the orders alone: nothing doubled, nothing lost.
// An upgraded merchant: what is unsettled, and on BASIC what was settled less fees and refunds.
func ledgerOf(orders []*paid) (unsettled, basic, fees money.Fen) {
	for _, o := range orders {
		rest := o.total - o.back
		if !o.settled {
			unsettled += rest
			continue
		}
		basic, fees = basic+rest-rate.Of(rest), fees+rate.Of(rest)
	}
	return unsettled, basic, fees
}

// TestWhateverHappensTheBooksSayWhatTheOrdersSay walks both systems through payments, refunds, clock steps
// and cuts, and compares with sums over the orders.
func TestWhateverHappensTheBooksSayWhatTheOrdersSay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			walk(t, seed, 120)
		})
	}
}

func walk(t *testing.T, seed uint64, steps int) {
	dice := rand.New(rand.NewPCG(seed, 7))
	w := inTx(t)
	orders := map[int64][]*paid{}
	for range steps {
		m := []int64{upgraded, legacy, weekly}[dice.IntN(3)]
		switch dice.IntN(10) {
		case 0, 1, 2, 3:
			amount := money.Fen(1 + dice.Int64N(50_000))
			at := w.clock.Now().Add(-time.Duration(dice.IntN(40)) * time.Hour)
			no := w.payAt(m, amount, at)
			orders[m] = append(orders[m], &paid{no: no, total: amount})
		case 4, 5, 6:
			if len(orders[m]) == 0 {
				continue
			}
			o := orders[m][dice.IntN(len(orders[m]))]
			if part := money.Fen(dice.Int64N(int64(o.total-o.back) + 1)); part > 0 && w.covers(m, part) {
				w.refund(m, o.no, part)
				o.back += part
			}
		case 7:
			w.clock.Advance([]time.Duration{0, time.Minute, 25 * time.Hour}[dice.IntN(3)])
		default:
			w.clock.Advance(time.Duration(dice.IntN(600)) * time.Minute)
			w.settle()
			for _, m := range []int64{legacy, weekly} {
				must(t, w.Cut(t.Context(), m, clock.DayOf(w.clock.Now())))
			}
		}
	}
	w.compare(orders)
	w.clock.Advance(9 * 24 * time.Hour)
	w.settle()
	for _, m := range []int64{legacy, weekly} {
		must(t, w.Cut(t.Context(), m, clock.DayOf(w.clock.Now())))
	}
	w.compare(orders)
}

// covers keeps refunds to what the accounts have, so that no claims arise.
func (w *world) covers(m int64, part money.Fen) bool {
	got, err := ledger.Balances(w.t.Context(), w.DB.PG(), m)
	must(w.t, err)
	if m == upgraded {
		return got[ledger.Basic] >= part && got[ledger.Unsettled] >= part
	}
	return got[ledger.Unsettled] >= part
}

func (w *world) compare(orders map[int64][]*paid) {
	w.t.Helper()
	w.sound()
	for m, all := range orders {
		for _, o := range all {
			must(w.t, w.DB.PG().QueryRow(w.t.Context(), "SELECT settled_at IS NOT NULL FROM trades WHERE merchant_id = $1 AND transaction_id = $2",
				m, o.no).Scan(&o.settled))
		}
		unsettled, rest, fees := ledgerOf(all)
		if m == upgraded {
			w.stands(m, map[ledger.Account]money.Fen{ledger.Unsettled: unsettled, ledger.Basic: rest, ledger.FeeIncome: fees})
			continue
		}
		got, err := ledger.Balances(w.t.Context(), w.DB.PG(), m)
		must(w.t, err)
		waiting := w.carriedFees(m)
		if sum := got[ledger.Unsettled] + got[ledger.InSettle]; sum != unsettled+rest+waiting {
			w.t.Errorf("%d has %s unsettled and at the bank, its orders say %s", m, sum, unsettled+rest+waiting)
		}
		if got[ledger.FeeIncome] != fees-waiting {
			w.t.Errorf("%d was charged %s, its orders say %s", m, got[ledger.FeeIncome], fees-waiting)
		}
	}
}

// carriedFees are those of lines that wait to be carried on: charged of the orders, not taken yet.
func (w *world) carriedFees(m int64) (sum money.Fen) {
	w.t.Helper()
	must(w.t, w.DB.PG().QueryRow(w.t.Context(), `SELECT coalesce(sum(fee + carried_fee), 0)::bigint FROM settlement_lines
		WHERE merchant_id = $1 AND state = 'carried' AND into_day IS NULL`, m).Scan(&sum))
	return sum
}

func TestTwoSettlementsAtOnceShareTheWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	orders := map[int64][]*paid{}
	for i := range 60 {
		for _, m := range []int64{upgraded, legacy} {
			amount := money.Fen(100 + i)
			orders[m] = append(orders[m], &paid{no: w.pay(m, amount), total: amount})
		}
	}
	w.to("2026-11-23", settlement.CutAt)
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			if err := w.SettleBy(t.Context(), upgraded, w.clock.Now(), 7); err != nil {
				t.Error(err)
			}
		})
		runs.Go(func() {
			if err := w.CutBy(t.Context(), legacy, "2026-11-23", 7); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	w.compare(orders)
	if l := w.line(legacy, day); l.Count != 60 || l.State != settlement.Cut {
		t.Errorf("the line is %+v", l)
	}
}

var errKilled = errors.New("killed")

func TestARunThatBreaksOffIsGoneOnWith(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	orders := map[int64][]*paid{}
	for i := range 30 {
		for _, m := range []int64{upgraded, legacy} {
			amount := money.Fen(1_000 + i)
			orders[m] = append(orders[m], &paid{no: w.pay(m, amount), total: amount})
		}
	}
	w.to("2026-11-23", settlement.CutAt)
	for n := range 4 {
		die := func(done int64) error {
			if done > 7*int64(n%2) {
				return errKilled
			}
			return nil
		}
		if err := w.SettleTelling(t.Context(), upgraded, w.clock.Now(), 4, die); !errors.Is(err, errKilled) {
			t.Fatalf("the run came to its end: %v", err)
		}
		if err := w.CutTelling(t.Context(), legacy, "2026-11-23", 3, die); !errors.Is(err, errKilled) {
			t.Fatalf("the cut came to its end: %v", err)
		}
		w.sound()
	}
	if running, err := settlement.Running(t.Context(), w.DB.PG(), legacy); err != nil || !running {
		t.Errorf("no cut is running: %v", err)
	}
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error { return w.CancelUnsent(t.Context(), tx, legacy) })
	if !errors.Is(err, settlement.ErrCutting) {
		t.Errorf("cancelled during a cut: %v", err)
	}
	w.settle()
	must(t, w.Cut(t.Context(), legacy, "2026-11-23"))
	w.compare(orders)
	if l := w.line(legacy, day); l.Count != 30 || l.State != settlement.Cut {
		t.Errorf("the line is %+v", l)
	}
}

func TestTheDaysWorkRunsOnWorkingDaysForLegacyMerchants(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pay(legacy, 10_000)
	w.in(func(ctx context.Context, tx db.Tx) error {
		return settlement.Schedule(ctx, tx, upgraded, []time.Time{w.clock.Now().Add(5 * time.Minute)})
	})
	w.payAt(upgraded, 10_000, w.clock.Now().Add(500*time.Millisecond))
	w.clock.Advance(5 * time.Minute)
	w.drain()
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.Basic: 9_940})
	for _, on := range []clock.Day{"2026-11-21", "2026-11-22"} {
		w.to(on, settlement.CutAt)
		w.daily(on)
		w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 10_000})
	}
	w.to("2026-11-23", settlement.CutAt)
	w.daily("2026-11-23")
	if l := w.line(legacy, day); l.State != settlement.Sent {
		t.Errorf("the line is %+v", l)
	}
	w.sound()
}
