package alert_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/alert"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/seed"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const store = int64(1900000208)

// world is the cast with its books, and the verbs.
type world struct {
	alert.Deps
	t     *testing.T
	clock *clock.Manual
	moves int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	must(t, err)
	now := clock.At(time.Date(2026, 11, 23, 9, 30, 0, 0, clock.Beijing))
	gate := func(c clock.Clock) *identity.Gate {
		return identity.New(identity.Parts{DB: d, Clock: c, Vault: v, Hub: signal.NewHub(), Base: "https://pay.example"})
	}
	must(t, seed.Cast(t.Context(), seed.Parts{DB: d, Vault: v, Gate: gate, Now: now.Now()}))
	return &world{Deps: alert.Deps{DB: d, Clock: now, Gate: gate(now)}, t: t, clock: now}
}

// member is an active one of the store who holds the role.
func (w *world) member(r access.Role) (found identity.Standing) {
	w.t.Helper()
	all, err := w.Gate.Active(w.t.Context(), w.DB.PG(), store)
	must(w.t, err)
	for _, m := range all {
		if m.Seat.Roles[0] == r {
			found = m
		}
	}
	return found
}

func (w *world) set(threshold money.Fen, watchers ...uuid.UUID) error {
	return w.DB.InTx(w.t.Context(), func(tx db.Tx) error {
		return w.Set(w.t.Context(), tx, access.Member(w.member(access.Finance).Seat),
			alert.Setting{Account: ledger.Basic, Threshold: threshold, Watchers: watchers})
	})
}

// moves money onto the basic account, or off it, and looks.
func (w *world) moved(amount money.Fen) {
	w.t.Helper()
	w.moves++
	must(w.t, w.DB.InTx(w.t.Context(), func(tx db.Tx) error {
		_, err := ledger.Post(w.t.Context(), tx, w.clock.Now(), ledger.Transfer{Merchant: store, Kind: "correction", Key: fmt.Sprint(w.moves),
			BusinessNo: "1", Applicant: "system", Legs: []ledger.Leg{{Account: ledger.Suspense, Amount: -amount},
				{Account: ledger.Basic, Amount: amount, Row: ledger.RowCorrection}}})
		return err
	}))
	w.clock.Advance(time.Second)
	must(w.t, w.Look(w.t.Context()))
}

// told fails unless a member has had so many messages, in the inbox and in the chat alike.
func (w *world) told(m identity.Standing, want int) {
	w.t.Helper()
	var inbox, chat int
	must(w.t, w.DB.PG().QueryRow(w.t.Context(), `SELECT (SELECT count(*) FROM inbox_messages WHERE merchant_id = $1 AND account_id = $2
		AND kind = 'balance_low'), (SELECT count(*) FROM jobs WHERE merchant_id = $1 AND kind = 'wechat.message'
		AND payload->>'Template' = 'balance_low' AND payload->>'OpenID' = $3)`, store, m.Seat.Account, m.OpenID).Scan(&inbox, &chat))
	if inbox != want || chat != want {
		w.t.Errorf("%s was told %d times in the inbox and %d in the chat, want %d", m.Seat.Name, inbox, chat, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFallIsToldOnceUntilTheBalanceHasComeUpAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	finance, owner := w.member(access.Finance), w.member(access.SuperAdmin)
	w.moved(100_00)
	must(t, w.set(50_00, finance.Seat.Account))
	must(t, w.Look(t.Context()))
	w.told(finance, 0)
	w.moved(-50_00) // exactly the threshold is not below it
	w.told(finance, 0)
	w.moved(-1)
	w.told(finance, 1)
	w.moved(-10_00)
	w.moved(5_00)
	w.told(finance, 1)
	w.moved(5_01) // up again
	w.moved(-1)
	w.told(finance, 2)
	must(t, w.set(50_00, owner.Seat.Account)) // other readers, same line: nothing to tell again
	must(t, w.Look(t.Context()))
	w.told(owner, 0)
	must(t, w.set(60_00, owner.Seat.Account)) // another line begins anew
	must(t, w.Look(t.Context()))
	w.told(owner, 1)
	w.told(finance, 2)
	must(t, w.DB.InTx(t.Context(), func(tx db.Tx) error {
		return w.Remove(t.Context(), tx, access.Member(finance.Seat), ledger.Basic, audit.From{})
	}))
	w.moved(100_00)
	w.moved(-140_00)
	w.told(owner, 1)
}

func TestTwentyWhoLookAtOnceTellOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	finance := w.member(access.Finance)
	must(t, w.set(50_00, finance.Seat.Account))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := w.Look(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.told(finance, 1)
}

func TestWhoLeftIsNotToldAndTheSuperAdminIsInTheirStead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	finance, reader, owner := w.member(access.Finance), w.member(access.ReadOnly), w.member(access.SuperAdmin)
	must(t, w.set(50_00, finance.Seat.Account, reader.Seat.Account))
	suspend := func(m identity.Standing) {
		must(t, w.DB.InTx(t.Context(), func(tx db.Tx) error {
			_, err := w.Gate.SuspendMember(t.Context(), tx, access.Member(owner.Seat), m.Seat.Account)
			return err
		}))
	}
	suspend(finance)
	must(t, w.Look(t.Context()))
	w.told(finance, 0)
	w.told(reader, 1)
	w.told(owner, 0)
	suspend(reader)
	w.moved(50_00)
	w.moved(-1)
	w.told(reader, 1)
	w.told(owner, 1)
}

func TestAlertsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Tx(t))
	service := w.member(access.Service) // may not see funds
	if err := w.set(50_00, service.Seat.Account); !errors.Is(err, alert.ErrWatchers) {
		t.Errorf("%v", err)
	}
	if err := w.set(50_00, db.NewID()); !errors.Is(err, alert.ErrWatchers) {
		t.Errorf("%v", err)
	}
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
		return w.Set(t.Context(), tx, access.Member(w.member(access.Finance).Seat),
			alert.Setting{Account: ledger.Operation, Threshold: 1, Watchers: []uuid.UUID{w.member(access.Finance).Seat.Account}})
	})
	if !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%v", err)
	}
	many := make([]string, alert.WatchersMax+1)
	for i := range many {
		many[i] = db.NewID().String()
	}
	for name, c := range map[string]struct {
		threshold string
		watchers  []string
		fields    string
	}{"nothing": {"", nil, "threshold watchers"}, "no amount": {"0", many[:1], "threshold"}, "three decimals": {"1.001", many[:1], "threshold"},
		"too many": {"1", many, "watchers"}, "no id": {"1", []string{"x"}, "watchers"}, "too much": {"1,000,000,000.01", many[:1], "threshold"}} {
		fields := ""
		_, err := alert.ParseSetting(ledger.Basic, c.threshold, c.watchers)
		for _, r := range fault.All(err) {
			fields += " " + r.Field
		}
		if fields != " "+c.fields {
			t.Errorf("%s: %s (%v)", name, fields, err)
		}
	}
}
