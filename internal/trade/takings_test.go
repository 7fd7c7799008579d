package trade_test

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

func TestTakingsAreWhatStandsAsIncomeDayByDay(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	for _, day := range []string{"18", "19", "20"} {
		imported(t, d, store, sample(t, "1900000208-2026-11-"+day))
	}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, clock.Beijing)
	got, err := trade.TakingsOf(t.Context(), d.PG(), member(store), now, 30)
	if err != nil || len(got.Days) != 30 || got.Days[29].Day != "2026-11-21" || !got.Any {
		t.Fatalf("%+v, %v", got, err)
	}
	// 2026-11-20: 5,200 orders of which 11 are revoked; 139 refunds of which 6 failed.
	if y := got.Days[28]; y.Count != 5189 || y.RefundCount != 133 || y.Gross <= 0 || y.Refunds <= 0 {
		t.Errorf("yesterday: %+v", y)
	}
	if s := got.SameTime; s.Count == 0 || s.Count >= got.Days[28].Count || s.Gross >= got.Days[28].Gross {
		t.Errorf("yesterday until noon: %+v", s)
	}
	if z := got.Days[0]; z.Count != 0 || z.Gross != money.Fen(0) {
		t.Errorf("a day without orders: %+v", z)
	}
	none, err := trade.TakingsOf(t.Context(), d.PG(), member(gym), now, 30)
	if err != nil || none.Any || none.Days[28].Count != 0 {
		t.Errorf("a merchant without orders: %+v, %v", none, err)
	}
}

func TestVerifyNamesWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d, owner := dbtest.Open(t, dsn), dbtest.Owner(t, dsn)
	cast(t, d)
	imported(t, d, gym, sample(t, "1900000307-2026-11-20"))
	sound(t, d)
	for what, sql := range map[string]string{
		"a refunded amount": "UPDATE trades SET refunded = refunded - 1 WHERE refunded > 0",
		"a day's orders":    "UPDATE trade_days SET orders = orders + 1",
		"a day's refunds":   "UPDATE trade_days SET refund_total = refund_total + 1",
	} {
		if _, err := owner.PG().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		_, problems, err := trade.Verify(t.Context(), d.PG())
		if err != nil || len(problems) == 0 {
			t.Errorf("%s was changed and nobody noticed (%v)", what, err)
		}
		if _, err := owner.PG().Exec(t.Context(), map[string]string{
			"a refunded amount": "UPDATE trades SET refunded = refunded + 1 WHERE refunded > 0",
			"a day's orders":    "UPDATE trade_days SET orders = orders - 1",
			"a day's refunds":   "UPDATE trade_days SET refund_total = refund_total - 1",
		}[what]); err != nil {
			t.Fatal(err)
		}
		sound(t, d)
	}
}
