package withdrawal_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/withdrawal"
)

// plan puts the morning's first run down, as the worker does when it starts.
func (w *world) plan() {
	w.t.Helper()
	today := day(0)
	w.in(func(ctx context.Context, tx db.Tx) error {
		return job.Enqueue(ctx, tx, job.Job{Kind: withdrawal.MorningKind, Key: today.Next().String(), Payload: struct{}{},
			Due: today.Next().Start().Add(withdrawal.MorningAt)})
	})
}

func TestTheMorningTakesTheDaysEndLessWhatIsRetained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		evening, night money.Fen // comes before and after midnight
		retained, want money.Fen
	}{
		"all but the retained":           {100_00, 0, 30_00, 70_00},
		"nothing of the night":           {100_00, 50_00, 30_00, 70_00},
		"less where the night took some": {100_00, -40_00, 30_00, 30_00},
		"nothing is left over":           {30_00, 0, 30_00, 0},
		"the night took too much":        {100_00, -71_00, 30_00, 0},
		"a day's end below it":           {20_00, 500_00, 30_00, 0},
		"one fen":                        {30_01, 0, 30_00, 1},
		"everything":                     {100_00, 0, 0, 100_00},
	} {
		w := inTx(t)
		w.comes(store, ledger.Basic, c.evening)
		w.set(true, c.retained)
		w.plan()
		w.clock.Manual.Set(day(1).Start().Add(time.Hour))
		if c.night != 0 {
			w.comes(store, ledger.Basic, c.night)
		}
		w.walk(9 * time.Hour)
		all := w.list(store)
		if len(all) != 1 || all[0].Amount != c.want || all[0].Kind != withdrawal.Automatic || all[0].Day != day(1) {
			t.Errorf("%s: took %+v, want %s", name, all, c.want)
			continue
		}
		if skipped := all[0].State == withdrawal.Closed && all[0].Reason == withdrawal.ReasonRetained; skipped != (c.want == 0) {
			t.Errorf("%s: it is %+v", name, all[0])
		}
		if c.want > 0 && all[0].Promised != "2026-11-23" { // a Saturday's run arrives on Monday
			t.Errorf("%s: arrives on %s", name, all[0].Promised)
		}
		w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: c.evening + c.night - c.want, ledger.InWithdraw: c.want})
	}
}

func TestWhatIsNotOpenAsAProductIsNotTurnedOn(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, "UPDATE product_openings SET state = 'closed', closed_at = asked_at, closed_by = 'admin01' WHERE merchant_id = $1", store)
		return err
	})
	turn := func(on bool) error {
		return w.DB.InTx(t.Context(), func(tx db.Tx) error { return w.SetAutomatic(t.Context(), tx, finance(store), on, 10_00) })
	}
	if err := turn(true); !errors.Is(err, withdrawal.ErrProduct) {
		t.Errorf("turned on: %v", err)
	}
	must(t, turn(false)) // what is retained can be said before
}

func TestNothingLeavesByItselfForASuspendedMerchant(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	w.set(true, 10_00)
	w.plan()
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, "UPDATE merchants SET state = 'suspended' WHERE merchant_id = $1", store)
		return err
	})
	w.walk(24 * time.Hour)
	all := w.list(store)
	if len(all) != 1 || all[0].Amount != 0 || all[0].Reason != withdrawal.ReasonSuspended {
		t.Errorf("the morning took %+v", all)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 100_00, ledger.InWithdraw: 0})
}

func TestADayRunsOnceOverWalksWorkersAndRestarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.comes(store, ledger.Basic, 1000_00)
	w.set(true, 10_00)
	w.plan()
	for n := 1; n <= 4; n++ {
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := w.worker().Walk(t.Context(), w.clock, day(n).Start().Add(9*time.Hour)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.comes(store, ledger.Basic, 100_00)
		must(t, w.DB.InTx(t.Context(), func(tx db.Tx) error { return w.RunDay(t.Context(), tx, store, day(n)) })) // by a restart
	}
	w.walk(25 * time.Hour)
	rows := w.list(store)
	days := map[string]int{}
	for _, r := range rows {
		days[r.Day.String()]++
	}
	if len(rows) != 5 || len(days) != 5 {
		t.Errorf("in five days it ran %v", days)
	}
	w.sound()
}

func TestARunThatBreaksOffLeavesNothingAndIsDoneAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.comes(store, ledger.Basic, 100_00)
	w.set(true, 0)
	w.clock.Manual.Set(day(1).Start().Add(withdrawal.MorningAt))
	broken := errors.New("killed")
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
		if err := w.RunDay(t.Context(), tx, store, day(1)); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || len(w.list(store)) != 0 {
		t.Fatalf("broken off: %v, %d rows", err, len(w.list(store)))
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.DB.InTx(t.Context(), func(tx db.Tx) error { return w.RunDay(t.Context(), tx, store, day(1)) }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if rows := w.list(store); len(rows) != 1 || rows[0].Amount != 100_00 {
		t.Errorf("it ran %+v", rows)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 0, ledger.InWithdraw: 100_00})
}

func TestADayThatIsOverIsLeftToTodaysRun(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	w.set(true, 0)
	w.clock.Manual.Set(day(3).Start().Add(9 * time.Hour))
	w.in(func(ctx context.Context, tx db.Tx) error { return w.RunDay(ctx, tx, store, day(1)) })
	if rows := w.list(store); len(rows) != 0 {
		t.Errorf("it ran %+v", rows)
	}
}

func TestWhatIsOffDoesNotRunAndLegacyMerchantsHaveNone(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.comes(store, ledger.Basic, 100_00)
	w.set(true, 5_00)
	w.set(false, 5_00)
	w.plan()
	w.walk(48 * time.Hour)
	if rows := w.list(store); len(rows) != 0 {
		t.Errorf("it ran %+v", rows)
	}
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error { return w.SetAutomatic(t.Context(), tx, finance(shop), true, 0) })
	if !errors.Is(err, withdrawal.ErrLegacy) {
		t.Errorf("a legacy merchant: %v", err)
	}
	o, err := withdrawal.Look(t.Context(), w.DB.PG(), finance(store), w.clock.Now())
	must(t, err)
	if o.Active || o.Retained != 5_00 || o.Leaves != 95_00 || o.Stays != 5_00 {
		t.Errorf("the outlook is %+v", o)
	}
}

func TestOfEverythingAtOnceOnlyWhatIsThereLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.comes(store, ledger.Basic, 100_00)
	var all sync.WaitGroup
	var mu sync.Mutex
	var taken money.Fen
	try := func(amount money.Fen, debit bool) {
		var err error
		if debit {
			err = w.DB.InTx(t.Context(), func(tx db.Tx) error {
				_, err := ledger.Post(t.Context(), tx, w.clock.Now(), ledger.Transfer{Merchant: store, Kind: "correction", Key: db.NewID().String(), BusinessNo: "1",
					Applicant: "system", Legs: []ledger.Leg{{Account: ledger.Basic, Amount: -amount, Row: ledger.RowCorrection}, {Account: ledger.Suspense, Amount: amount}}})
				return err
			})
		} else {
			_, err = w.take(store, ledger.Basic, amount)
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			taken += amount
		case !fault.Is(err, ledger.ErrInsufficient.Code):
			t.Error(err)
		}
	}
	for range 2 {
		all.Go(func() { try(100_00, false) })
	}
	for range 50 {
		all.Go(func() { try(3_00, true) })
	}
	all.Wait()
	if taken > 100_00 {
		t.Errorf("%s of 100.00 left", taken)
	}
	w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: 100_00 - taken})
}

// model is what a merchant's money should be.
type model struct {
	basic, way, bank money.Fen
	open             map[string]withdrawal.Withdrawal
	paid             map[string]withdrawal.Withdrawal
}

func TestRandomWithdrawalsAgreeWithAModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := inTx(t)
			dice := rand.New(rand.NewPCG(seed, 1))
			m := model{open: map[string]withdrawal.Withdrawal{}, paid: map[string]withdrawal.Withdrawal{}}
			today := 0
			for range 120 {
				m.step(t, w, dice, &today)
				if m.basic < 0 || m.way < 0 {
					t.Fatalf("the model is %+v", m)
				}
			}
			w.stands(store, map[ledger.Account]money.Fen{ledger.Basic: m.basic, ledger.InWithdraw: m.way, ledger.Bank: m.bank})
		})
	}
}

// step does one thing to the world and to the model.
func (m *model) step(t *testing.T, w *world, dice *rand.Rand, today *int) {
	t.Helper()
	amount := money.Fen(1 + dice.Int64N(50_00))
	switch dice.IntN(6) {
	case 0, 1:
		w.comes(store, ledger.Basic, amount)
		m.basic, m.bank = m.basic+amount, m.bank-amount
	case 2, 3:
		x, err := w.take(store, ledger.Basic, amount)
		if (err == nil) != (amount <= m.basic) {
			t.Fatalf("%s of %s: %v", amount, m.basic, err)
		}
		if err == nil {
			m.goes(x)
			w.drain()
		}
	case 4:
		m.hears(w, dice)
	case 5:
		*today++
		end, retained := m.basic, money.Fen(dice.Int64N(20_00))
		w.set(true, retained)
		w.clock.Manual.Set(day(*today).Start().Add(withdrawal.MorningAt))
		w.in(func(ctx context.Context, tx db.Tx) error { return w.RunDay(ctx, tx, store, day(*today)) })
		x := w.list(store)[0]
		if want := max(end-retained, 0); x.Amount != want {
			t.Fatalf("took %s, want %s", x.Amount, want)
		}
		if x.Amount > 0 {
			m.goes(x)
			w.drain()
		}
	}
}

func (m *model) goes(x withdrawal.Withdrawal) {
	m.basic, m.way = m.basic-x.Amount, m.way+x.Amount
	m.open[x.No()] = x
}

// hears lets the bank end one withdrawal, or bring one back.
func (m *model) hears(w *world, dice *rand.Rand) {
	for no, x := range m.open {
		delete(m.open, no)
		if m.way -= x.Amount; dice.IntN(3) == 0 {
			w.hears(x, payout.BankFailed, "限额")
			m.basic += x.Amount
			return
		}
		w.hears(x, payout.BankSuccess, "")
		m.bank += x.Amount
		if dice.IntN(3) == 0 {
			w.hears(x, payout.BankReturned, "户名不符")
			m.bank, m.basic = m.bank-x.Amount, m.basic+x.Amount
		}
		return
	}
}
