package upgrade_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/rollout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/upgrade"
)

func TestNobodyUpgradesToWhomItIsNotOffered(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	for _, m := range []int64{corner, weekly} {
		if _, err := w.confirmed(m, upgrade.Choice{}); !errors.Is(err, upgrade.ErrNotOffered) {
			t.Errorf("%d: %v", m, err)
		}
	}
	w.in(func(ctx context.Context, tx db.Tx) error {
		return merchant.Set(ctx, tx, noodles, merchant.Changed{Change: merchant.Suspended, Reason: "x", Actor: "x", At: friday})
	})
	if _, err := w.confirmed(noodles, upgrade.Choice{}); !errors.Is(err, upgrade.ErrNotOffered) {
		t.Errorf("suspended: %v", err)
	}
	if a := w.Action(); a.Needs != access.AccountUpgrade || !a.SuperOnly || seat(noodles, access.Finance).May(a.Needs) {
		t.Error("others than the super admin may")
	}
	w.sound()
}

func TestAnotherAgreementIsNotSigned(t *testing.T) {
	t.Parallel()
	now := upgrade.Current
	for name, try := range map[string][3]string{"no tick": {"", now.Version, now.Hash()}, "old": {"1", "2025-01", now.Hash()}, "changed": {"1", now.Version, "00"}} {
		if _, err := new(upgrade.Deps).Signing(upgrade.Choice{}, try[0], try[1], try[2], ""); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
	if p, err := new(upgrade.Deps).Signing(upgrade.Choice{Automatic: true, Retained: 5}, "1", now.Version, now.Hash(), ""); err != nil || p.Retained != 5 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestAChoiceIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode, retained string
		want           upgrade.Choice
		wrong          error
	}{
		{"", "", upgrade.Choice{Automatic: true}, nil},
		{"on", " 1,000.50 ", upgrade.Choice{Automatic: true, Retained: 100050}, nil},
		{"on", "0", upgrade.Choice{Automatic: true}, nil},
		{"off", "12x", upgrade.Choice{}, nil},
		{"on", "-1", upgrade.Choice{}, upgrade.ErrRetained},
		{"on", "0.001", upgrade.Choice{}, upgrade.ErrRetained},
		{"on", "1000000000.01", upgrade.Choice{}, upgrade.ErrRetained},
		{"maybe", "", upgrade.Choice{}, upgrade.ErrMode},
	} {
		if got, err := upgrade.ParseChoice(c.mode, c.retained); got != c.want || !errors.Is(err, c.wrong) {
			t.Errorf("%q %q: %+v, %v", c.mode, c.retained, got, err)
		}
	}
}

func TestASecondTimeIsTheFirstOne(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.topUp("T1", 5000)
	first := w.upgrades()
	w.clock.Advance(time.Minute)
	if _, err := w.confirmed(noodles, upgrade.Choice{Automatic: false}); !errors.Is(err, upgrade.ErrDone) {
		t.Errorf("with another choice: %v", err)
	}
	r, err := w.confirmed(noodles, first.Choice)
	must(t, err)
	if second := w.upgrades(); r.Link != upgrade.Path || !second.At.Equal(first.At) || !second.Choice.Automatic || len(w.set) != 1 {
		t.Errorf("%+v, then %+v", first, second)
	}
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 5000})
}

func TestOfTwoAtOnceOneUpgrades(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.topUp("T1", 5000)
	w.pays(1000)
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	wrong := make(chan error, 8)
	for range 8 {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-begin
			_, err := w.confirmed(noodles, upgrade.Choice{})
			wrong <- err
		}()
	}
	ready.Wait()
	close(begin)
	done.Wait()
	for range 8 {
		must(t, <-wrong)
	}
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 5000, ledger.Unsettled: 1000})
	if len(w.set) != 1 {
		t.Errorf("set %d times", len(w.set))
	}
	w.sound()
}

func TestARunningCutIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pays(1000)
	w.to(monday, 9*time.Hour)
	_, err := w.db.PG().Exec(t.Context(), `INSERT INTO settlement_lines (merchant_id, day, system, state, begun_at) VALUES ($1, $2::text::date, 'legacy', 'cutting', $3)`,
		noodles, day.String(), w.clock.Now())
	must(t, err)
	if _, err := w.confirmed(noodles, upgrade.Choice{}); !errors.Is(err, settlement.ErrCutting) {
		t.Fatalf("in the middle of a cut: %v", err)
	}
	w.cut() // goes on, and ends
	w.upgrades()
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 994, ledger.InSettle: 0})
}

func TestCutsAndUpgradesAtOnceNeverMeetHalfway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	for range 20 {
		w.pays(1000)
	}
	w.to(monday, 9*time.Hour)
	begin, ended := make(chan struct{}), make(chan error, 2)
	go func() { <-begin; ended <- w.Settlement.Cut(t.Context(), noodles, monday) }()
	go func() {
		<-begin
		_, err := w.confirmed(noodles, upgrade.Choice{})
		if errors.Is(err, settlement.ErrCutting) {
			err = nil
		}
		ended <- err
	}()
	close(begin)
	must(t, <-ended)
	must(t, <-ended)
	w.sound()
	_, err := w.confirmed(noodles, upgrade.Choice{}) // once more, in case the cut was first
	must(t, err)
	w.handIn()
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.InSettle: 0, ledger.Basic: 20 * 994})
}

// errBroken breaks an upgrade off.
var errBroken = errors.New("broken off")

func TestAnUpgradeThatBreaksOffChangesNothing(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.topUp("T1", 5000)
	w.pays(1000)
	w.to(monday, 9*time.Hour)
	w.cut()
	before, err := ledger.Balances(t.Context(), w.db.PG(), noodles)
	must(t, err)
	w.Automatic = func(context.Context, db.Tx, access.Scope, bool, money.Fen) error { return errBroken }
	if _, err := w.confirmed(noodles, upgrade.Choice{}); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	w.sound()
	w.stands(before)
	if _, err := upgrade.Read(t.Context(), w.db.PG(), seat(noodles, access.SuperAdmin)); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	if m, s, err := rollout.Of(t.Context(), w.db.PG(), noodles); err != nil || m.System != merchant.Legacy || s != rollout.Offered {
		t.Errorf("%+v %s %v", m, s, err)
	}
	if s := w.line(day).State; s != settlement.Cut {
		t.Errorf("the line is %s", s)
	}
}
