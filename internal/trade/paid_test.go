package trade_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

func paid(merchant int64, n int, total money.Fen) trade.Paid {
	return trade.Paid{MerchantID: merchant, TransactionID: fmt.Sprintf("4200%024d", n), OutTradeNo: fmt.Sprintf("A%06d", n), Total: total,
		SettlementTotal: total, SuccessTime: evening.Add(-time.Minute), TradeType: "JSAPI", BankType: "OTHERS", AppID: "wx1", OpenID: "o1", Body: "茶"}
}

func take(t testing.TB, d *db.DB, due trade.DueFunc, asks ...trade.Paid) (taken []trade.Taken) {
	t.Helper()
	return takeAt(t, d, evening, due, asks...)
}

func takeAt(t testing.TB, d *db.DB, at time.Time, due trade.DueFunc, asks ...trade.Paid) (taken []trade.Taken) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) (err error) {
		taken, err = trade.TakeMany(t.Context(), tx, at, asks, due)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func TestANoticeIsOneOrderHoweverOftenItComes(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	stranger, poor, odd := paid(1900000999, 3, 100), paid(noodles, 4, 100), paid(noodles, 1, 101)
	poor.SettlementTotal = 101
	sub := paid(tea, 5, 500)
	sub.SPMchID = provider
	wrong := paid(noodles, 6, 100)
	wrong.SPMchID = provider
	got := take(t, d, nil, paid(noodles, 1, 100), paid(noodles, 2, 250), stranger, poor, sub, wrong, paid(noodles, 1, 100))
	for i, want := range []error{nil, nil, trade.ErrPayee, trade.ErrPaid, nil, trade.ErrPayee, nil} {
		if !errors.Is(got[i].Refused, want) || (want == nil) != (got[i].Refused == nil) || got[i].Known {
			t.Errorf("%d: %+v, want %v", i, got[i], want)
		}
	}
	again := take(t, d, nil, paid(noodles, 1, 100), odd)
	if again[0].Refused != nil || !errors.Is(again[1].Refused, trade.ErrContradicts) {
		t.Errorf("%+v", again)
	}
	for id, want := range map[int64]money.Fen{noodles: 350, tea: 500} {
		balances, err := ledger.Balances(t.Context(), d.PG(), id)
		if err != nil || balances[ledger.Unsettled] != want || balances[ledger.Channel] != -want {
			t.Errorf("%d: %v, %v", id, balances, err)
		}
		if open, err := trade.OpenSum(t.Context(), d.PG(), id); err != nil || open != want {
			t.Errorf("%d: %s open, %v", id, open, err)
		}
	}
	sound(t, d)
}

func TestTheIntakeTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	in := trade.NewIntake(d, clock.At(evening), nil)
	var all sync.WaitGroup
	for n := range 200 {
		for range 2 {
			all.Go(func() {
				if got, err := in.Take(t.Context(), paid(noodles, n, 100)); err != nil || got.Refused != nil {
					t.Errorf("%d: %+v, %v", n, got, err)
				}
			})
		}
	}
	all.Wait()
	balances, err := ledger.Balances(t.Context(), d.PG(), noodles)
	if err != nil || balances[ledger.Unsettled] != 20_000 || count(t, d, "trades") != 200 {
		t.Errorf("%v, %v", balances, err)
	}
	sound(t, d)
}

func TestWhatIsDueInSQLIsWhatTheTermsSay(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	for id, terms := range map[int64]struct {
		system merchant.System
		cycle  merchant.Cycle
	}{noodles: {merchant.Legacy, merchant.T1}, gym: {merchant.Legacy, merchant.T7}, store: {merchant.Upgraded, merchant.T1}} {
		if _, err := d.PG().Exec(t.Context(), "UPDATE merchants SET account_system = $2, settlement_cycle = $3 WHERE merchant_id = $1",
			id, terms.system, terms.cycle); err != nil {
			t.Fatal(err)
		}
		late := evening.Add(3*time.Hour + 57*time.Minute)
		for n, c := range []struct {
			booked time.Time
			ago    time.Duration
		}{{evening, 0}, {evening, time.Second}, {evening, 4 * time.Minute}, {evening, 6 * time.Minute}, {evening, 21 * time.Hour},
			{evening, 80 * time.Hour}, {evening, -3 * time.Minute}, {late, 0}, {late, 5 * time.Minute}, {late, -4 * time.Minute}} {
			ago := c.ago
			p := paid(id, n, 100)
			p.SuccessTime = c.booked.Add(-ago)
			var told []time.Time
			takeAt(t, d, c.booked, func(_ context.Context, _ db.Tx, _ int64, dues []time.Time) error { told = dues; return nil }, p)
			want := merchant.DueAt(terms.system, terms.cycle, p.SuccessTime, c.booked)
			var got time.Time
			err := d.PG().QueryRow(t.Context(), "SELECT due_at FROM trades WHERE merchant_id = $1 AND transaction_id = $2", id, p.TransactionID).Scan(&got)
			if err != nil || !got.Equal(want) {
				t.Errorf("%s %s, %s before: due %s, want %s (%v)", terms.system, terms.cycle, ago, got, want, err)
			}
			if upgraded := terms.system == merchant.Upgraded; upgraded != (len(told) == 1) || upgraded && !told[0].Equal(want.Truncate(time.Second)) {
				t.Errorf("%s, %s before: told %v, want %s", terms.system, ago, told, want)
			}
		}
	}
}
