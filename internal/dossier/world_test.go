package dossier_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/dossier"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const (
	store     = int64(1900000208)
	other     = int64(1900000109)
	cardInUse = "6222021234567890123"
	cardNext  = "6217001234567894321"
)

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

// world is two merchants and the acts that change them.
type world struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	acts  *confirm.Registry
	deps  dossier.Deps
}

func newWorld(t *testing.T) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: dbtest.Tx(t), clock: clock.At(morning), acts: confirm.NewRegistry()}
	gate := identity.New(identity.Parts{DB: w.db, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})
	w.deps = dossier.Deps{Vault: v, Clock: w.clock, Gate: gate}
	w.deps.Register(w.acts)
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, name := range map[int64]string{store: "云上百货", other: "老王面馆"} {
			err := merchant.Create(ctx, tx, v, merchant.New{ID: id, Kind: merchant.Direct, LegalName: name + "有限公司", ShortName: name,
				Cycle: merchant.T1, System: merchant.Upgraded, FeeRate: 60, SettlementBank: "招商银行",
				SettlementAccount: cardInUse, AppID: "wx0000000000000001"}, morning)
			if err == nil {
				err = ledger.OpenBooks(ctx, tx, id, merchant.Upgraded, morning)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) in(f func(context.Context, db.Tx) error) {
	w.t.Helper()
	if err := w.db.InTx(w.t.Context(), func(tx db.Tx) error { return f(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func owner(m int64) access.Scope {
	return access.Phone(access.Seat{Merchant: m, Account: uuid.New(), Name: "admin01@" + "1900000208", Roles: []access.Role{access.SuperAdmin}})
}

func clerk(m int64) access.Scope {
	return access.Member(access.Seat{Merchant: m, Account: uuid.New(), Name: "caiwu01@1900000208", Roles: []access.Role{access.Finance}})
}

// describe gives the words that a phone would show.
func (w *world) describe(action string, s access.Scope, params any) (confirm.Words, error) {
	w.t.Helper()
	raw, err := json.Marshal(params)
	if err != nil {
		w.t.Fatal(err)
	}
	a, _ := w.acts.Find(action)
	return a.Describe(w.t.Context(), w.db.PG(), s, raw)
}

// run does what a phone's confirm does.
func (w *world) run(action string, s access.Scope, params any) (res confirm.Result, err error) {
	w.t.Helper()
	raw, mistake := json.Marshal(params)
	if mistake != nil {
		w.t.Fatal(mistake)
	}
	a, _ := w.acts.Find(action)
	err = w.db.InTx(w.t.Context(), func(tx db.Tx) (err error) {
		res, err = a.Run(w.t.Context(), tx, s, raw)
		return err
	})
	return res, err
}

func (w *world) read(m int64) (merchant.Merchant, dossier.View) {
	w.t.Helper()
	who, err := merchant.Get(w.t.Context(), w.db.PG(), m)
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := dossier.Read(w.t.Context(), w.db.PG(), owner(m), uuid.New(), w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return who, v
}

func (w *world) cancel(s access.Scope, id uuid.UUID) error {
	return w.db.InTx(w.t.Context(), func(tx db.Tx) error {
		return dossier.CancelCard(w.t.Context(), tx, s, id, audit.From{Address: "192.0.2.7"}, w.clock.Now())
	})
}

func wants(t *testing.T, err error, code, field string) {
	t.Helper()
	for _, r := range fault.All(err) {
		if r.Code == code && r.Field == field {
			return
		}
	}
	t.Errorf("refused with %v, want %s on %q", err, code, field)
}
