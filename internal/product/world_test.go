package product_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/product"
	"zhanggui/internal/vault"
)

const (
	upgraded = int64(1900000208)
	legacy   = int64(1900000109)
)

// code is the product of the tests: what it is, each world says.
const code product.Code = "operation_account"

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

// world is two merchants and one product.
type world struct {
	t       *testing.T
	db      *db.DB
	clock   *clock.Manual
	centre  *product.Catalogue
	acts    *confirm.Registry
	effects []string
}

func newWorld(t *testing.T, d product.Declaration) *world { return worldOn(t, dbtest.Tx(t), d) }

func worldOn(t *testing.T, on *db.DB, d product.Declaration) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: on, clock: clock.At(morning), acts: confirm.NewRegistry()}
	effect := func(name string) product.Effect {
		return func(context.Context, db.Tx, access.Scope, time.Time) error {
			w.effects = append(w.effects, name)
			return nil
		}
	}
	d.Code, d.Group, d.Open, d.Close = code, product.Funds, effect("open"), effect("close")
	d.Agreement = product.Agreement{Version: "2026-11", Text: "某产品协议\n一、总则\n1.1 约定。"}
	w.centre = product.New(w.clock, d)
	w.centre.Register(w.acts)
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, system := range map[int64]merchant.System{upgraded: merchant.Upgraded, legacy: merchant.Legacy} {
			err := merchant.Create(ctx, tx, v, merchant.New{ID: id, Kind: merchant.Direct, LegalName: "某店有限公司", ShortName: "某店",
				Cycle: merchant.T1, System: system, FeeRate: 60, SettlementBank: "招商银行",
				SettlementAccount: "6222021234567890123", AppID: "wx0000000000000001"}, morning.AddDate(0, 0, -61))
			if err == nil {
				err = ledger.OpenBooks(ctx, tx, id, system, morning.AddDate(0, 0, -61))
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
	return access.Phone(access.Seat{Merchant: m, Account: uuid.New(), Name: "admin01@1900000208", Roles: []access.Role{access.SuperAdmin}})
}

func clerk(m int64) access.Scope {
	return access.Member(access.Seat{Merchant: m, Account: uuid.New(), Name: "caiwu01@1900000208", Roles: []access.Role{access.Finance}})
}

func operator(roles ...access.Role) access.Scope {
	return access.Phone(access.Seat{Merchant: access.PlatformID, Account: uuid.New(), Name: "shenhe01@ops", Roles: roles})
}

// open opens the product by today's agreement.
func (w *world) open(s access.Scope) (o product.Opening, err error) {
	w.t.Helper()
	d, _ := w.centre.Declared(code)
	return w.sign(s, d.Signing())
}

func (w *world) sign(s access.Scope, g product.Signed) (o product.Opening, err error) {
	err = w.db.InTx(w.t.Context(), func(tx db.Tx) error {
		o, err = w.centre.Open(w.t.Context(), tx, s, g, w.clock.Now())
		return err
	})
	return o, err
}

func (w *world) close(s access.Scope) error {
	return w.db.InTx(w.t.Context(), func(tx db.Tx) error {
		_, err := w.centre.Close(w.t.Context(), tx, s, code, w.clock.Now())
		return err
	})
}

// review is an operator's answer, as a phone's confirm runs it.
func (w *world) review(s access.Scope, r product.Review) error {
	w.t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		w.t.Fatal(err)
	}
	a, _ := w.acts.Find(product.ReviewAction)
	if _, err := a.Describe(w.t.Context(), w.db.PG(), s, raw); err != nil {
		return err
	}
	return w.db.InTx(w.t.Context(), func(tx db.Tx) error {
		_, err := a.Run(w.t.Context(), tx, s, raw)
		return err
	})
}

func (w *world) look(s access.Scope) product.Item {
	w.t.Helper()
	i, err := w.centre.Look(w.t.Context(), w.db.PG(), s, code, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) isOpen(m int64) bool {
	w.t.Helper()
	open, err := product.IsOpen(w.t.Context(), w.db.PG(), m, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return open
}
