package operations_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
	"zhanggui/internal/product"
	"zhanggui/internal/vault"
)

const (
	upgraded = int64(1900000208)
	legacy   = int64(1900000109)
)

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

// world is a merchant on either account system.
type world struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: d, clock: clock.At(morning)}
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, system := range map[int64]merchant.System{upgraded: merchant.Upgraded, legacy: merchant.Legacy} {
			err := merchant.Create(ctx, tx, v, merchant.New{ID: id, Kind: merchant.Direct, LegalName: "某店有限公司", ShortName: "某店",
				Cycle: merchant.T1, System: system, FeeRate: 60, SettlementBank: "招商银行",
				SettlementAccount: "6222021234567890123", AppID: "wx0000000000000001"}, morning)
			if err == nil {
				err = ledger.OpenBooks(ctx, tx, id, system, morning)
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

func member(m int64, role access.Role) access.Scope {
	return access.Phone(access.Seat{Merchant: m, Account: uuid.New(), Name: "caiwu01@1900000208", Roles: []access.Role{role}})
}

// opens opens the operations account through the product centre.
func (w *world) opens() {
	w.t.Helper()
	c := product.New(w.clock, operations.Product())
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := c.Open(ctx, tx, member(upgraded, access.SuperAdmin), operations.Product().Signing(), w.clock.Now())
		return err
	})
}

// gets books money that came from the bank.
func (w *world) gets(m int64, a ledger.Account, amount money.Fen) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		key := db.NewID().String()
		_, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: m, Kind: "topup", Key: key, BusinessNo: key, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: a, Amount: amount, Row: ledger.RowTopUp}}})
		return err
	})
}

// moves moves money under a key.
func (w *world) moves(d operations.Direction, amount money.Fen, once uuid.UUID) (m operations.Move, err error) {
	err = w.db.InTx(context.Background(), func(tx db.Tx) error {
		m, err = operations.Do(context.Background(), tx, member(upgraded, access.Finance), operations.Params{Direction: d, Amount: amount}, once, w.clock.Now())
		return err
	})
	return m, err
}

func (w *world) balances(m int64) map[ledger.Account]money.Fen {
	w.t.Helper()
	all, err := ledger.Balances(w.t.Context(), w.db.PG(), m)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// whole fails where the books and the moves do not say the same.
func (w *world) whole() {
	w.t.Helper()
	if _, problems, err := operations.Verify(w.t.Context(), w.db.PG()); err != nil || len(problems) > 0 {
		w.t.Errorf("%v, %v", problems, err)
	}
}

func tx(t *testing.T) *world { t.Helper(); return newWorld(t, dbtest.Tx(t)) }
