package seed

import (
	"bytes"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/signal"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/vault"
)

var now = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

func parts(t *testing.T) Parts {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte("seed"), 8))
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.Clone(t)
	return Parts{DB: d, Vault: v, Now: now, Gate: func(c clock.Clock) *identity.Gate {
		return identity.New(identity.Parts{DB: d, Clock: c, Vault: v, Hub: signal.NewHub()})
	}}
}

func TestTheSameDayHasTheSameOrdersForEver(t *testing.T) {
	t.Parallel()
	for _, s := range shops {
		write := func() string {
			var raw bytes.Buffer
			w := bill.NewWriter(&raw, bill.All)
			for _, r := range rowsOf(s, "2026-11-11", "2026-11-01") {
				w.Write(&r)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			return raw.String()
		}
		if first, second := write(), write(); first != second {
			t.Errorf("%s drew two different days", s.prefix)
		}
	}
}

func TestAnInterruptedSeedGoesOnAndNothingComesTwice(t *testing.T) {
	t.Parallel()
	p := parts(t)
	for range 2 {
		if err := Cast(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	d := trade.Deps{DB: p.DB, Clock: clock.At(now)}
	days := []clock.Day{"2026-11-18", "2026-11-19", "2026-11-20"}
	for _, reach := range []int{2, 3} { // the first start gets through two of three days
		for _, day := range days[:reach] {
			for _, f := range files("2026-11-22", day) {
				if _, err := f.load(t.Context(), d, day); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	want := 0
	for _, s := range shops {
		for _, day := range days {
			want += len(ordersOf(s, day))
		}
	}
	got := 0
	if err := p.DB.PG().QueryRow(t.Context(), "SELECT count(*) FROM trades WHERE NOT stub").Scan(&got); err != nil || got != want {
		t.Errorf("%d orders, %v; want %d", got, err, want)
	}
	if _, problems, err := trade.Verify(t.Context(), p.DB.PG()); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v %v", problems, err)
	}
}
