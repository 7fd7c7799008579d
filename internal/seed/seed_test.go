package seed

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/operations"
	"zhanggui/internal/settlement"
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
	return Parts{DB: d, Vault: v, Now: now, Analyze: func(context.Context) error { return nil }, Gate: func(c clock.Clock) *identity.Gate {
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

// pen signs as the platform does.
type pen struct{ key ed25519.PrivateKey }

func (p pen) KeyID() string                    { return "pen" }
func (p pen) Sign(text []byte) ([]byte, error) { return ed25519.Sign(p.key, text), nil }
func (p pen) Verify(_ string, text, signature []byte) error {
	if !ed25519.Verify(p.key.Public().(ed25519.PublicKey), text, signature) {
		return errors.New("forged")
	}
	return nil
}

// breaking ends the seed's context in the middle of a night, after some signatures.
type breaking struct {
	pen
	left int
	stop context.CancelFunc
}

func (b *breaking) Sign(text []byte) ([]byte, error) {
	if b.left--; b.left == 0 {
		b.stop()
	}
	return b.pen.Sign(text)
}

func TestAnInterruptedSeedGoesOnAndNothingComesTwice(t *testing.T) {
	t.Parallel()
	p := parts(t)
	for range 2 {
		if err := Cast(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	first := clock.DayOf(now).Add(-3)
	ctx, stop := context.WithCancel(t.Context())
	ink := pen{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))}
	p.Sign = &breaking{pen: ink, left: 12, stop: stop}
	if err := lead(ctx, p, first); err == nil {
		t.Fatal("nothing interrupted it")
	}
	p.Sign = ink
	for range 2 { // the second finds nothing to do
		if err := lead(t.Context(), p, first); err != nil {
			t.Fatal(err)
		}
	}
	want := 0
	for _, s := range shops {
		for day := first; day < clock.DayOf(now); day = day.Next() {
			want += len(ordersOf(s, day))
		}
		for _, o := range ordersOf(s, clock.DayOf(now)) {
			if o.Time.Before(now) {
				want++
			}
		}
	}
	got := 0
	err := p.DB.PG().QueryRow(t.Context(), "SELECT count(*) FROM trades WHERE NOT stub AND success_time < $1 AND success_time >= $2",
		now, first.Start()).Scan(&got)
	if err != nil || got != want {
		t.Errorf("%d orders, %v; want %d", got, err, want)
	}
	var paid, odd int
	err = p.DB.PG().QueryRow(t.Context(), "SELECT (SELECT count(*) FROM bank_payments WHERE state = 'paid'), (SELECT count(*) FROM channel_differences)").
		Scan(&paid, &odd)
	if err != nil || paid == 0 || odd != 0 {
		t.Errorf("the bank paid %d, and %d times said what does not fit, %v", paid, odd, err)
	}
	for name, verify := range map[string]func() (int64, []string, error){
		"trades": func() (int64, []string, error) { return trade.Verify(t.Context(), p.DB.PG()) },
		"moves": func() (int64, []string, error) {
			_, p, err := operations.Verify(t.Context(), p.DB.PG())
			return 1, p, err
		},
		"settlements": func() (int64, []string, error) { return settlement.Verify(t.Context(), p.DB.PG()) },
		"books":       func() (int64, []string, error) { return ledger.Verifier{DB: p.DB, Keys: ink}.Verify(t.Context()) },
	} {
		if n, problems, err := verify(); n == 0 || err != nil || len(problems) > 0 {
			t.Errorf("%s: %d checked, %v, %v", name, n, problems, err)
		}
	}
}
