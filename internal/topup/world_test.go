package topup_test

import (
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/seed"
	"zhanggui/internal/signal"
	"zhanggui/internal/topup"
	"zhanggui/internal/vault"
)

const (
	upgraded = int64(1900000208)
	legacy   = int64(1900000109)
)

var morning = time.Date(2026, 11, 23, 9, 30, 0, 0, clock.Beijing)

// world is the cast with its books, and the verbs.
type world struct {
	topup.Deps
	t     *testing.T
	clock *clock.Manual
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	must(t, err)
	now := clock.At(morning)
	gate := func(c clock.Clock) *identity.Gate {
		return identity.New(identity.Parts{DB: d, Clock: c, Vault: v, Hub: signal.NewHub(), Base: "https://pay.example"})
	}
	must(t, seed.Cast(t.Context(), seed.Parts{DB: d, Vault: v, Gate: gate, Now: morning}))
	return &world{Deps: topup.Deps{DB: d, Clock: now, Gate: gate(now)}, t: t, clock: now}
}

// finance is a member of the role who has signed in.
func (w *world) finance(merchant int64) (s access.Scope) {
	w.t.Helper()
	all, err := w.Gate.Active(w.t.Context(), w.DB.PG(), merchant)
	must(w.t, err)
	for _, m := range all {
		if m.Seat.Holds(access.FundsTopUp) {
			s = access.Member(m.Seat)
		}
	}
	return s
}

func (w *world) announce(s access.Scope, a topup.Announcement) (t topup.TopUp, err error) {
	w.t.Helper()
	if a.Once == [16]byte{} {
		a.Once = db.NewID()
	}
	err = w.DB.InTx(w.t.Context(), func(tx db.Tx) error {
		t, err = w.Announce(w.t.Context(), tx, s, a)
		return err
	})
	return t, err
}

// stands fails unless the merchant's account stands at the amount.
func (w *world) stands(merchant int64, a ledger.Account, want money.Fen) {
	w.t.Helper()
	all, err := ledger.Balances(w.t.Context(), w.DB.PG(), merchant)
	must(w.t, err)
	if all[a] != want {
		w.t.Errorf("%s of %d stands at %s, want %s", a, merchant, all[a], want)
	}
}

// list is the merchant's newest top-ups.
func (w *world) list(s access.Scope, f topup.Filter) []topup.TopUp {
	w.t.Helper()
	list, _, err := topup.List(w.t.Context(), w.DB.PG(), s, f, w.clock.Now(), 20)
	must(w.t, err)
	return list
}

// told counts messages of a kind in the inboxes of a merchant, and in its chats.
func (w *world) told(merchant int64, kind string) (inbox, chat int) {
	w.t.Helper()
	must(w.t, w.DB.PG().QueryRow(w.t.Context(), `SELECT (SELECT count(*) FROM inbox_messages WHERE merchant_id = $1 AND kind = $2),
		(SELECT count(*) FROM jobs WHERE merchant_id = $1 AND kind = 'wechat.message' AND payload->>'Template' = $2)`, merchant, kind).Scan(&inbox, &chat))
	return inbox, chat
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
