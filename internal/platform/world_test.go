package platform

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

var morning = time.Date(2026, 11, 22, 11, 20, 5, 0, clock.Beijing)

// world is an office with what it stands on.
type world struct {
	*Office
	t     *testing.T
	clock *clock.Manual
}

func newWorld(t *testing.T, checks ...Check) *world { return worldIn(t, dbtest.Tx(t), checks...) }

func worldIn(t *testing.T, d *db.DB, checks ...Check) *world {
	t.Helper()
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	now := clock.At(morning)
	gate := identity.New(identity.Parts{DB: d, Clock: now, Vault: v, Hub: signal.NewHub(), Base: "https://pay.example"})
	return &world{t: t, clock: now, Office: New(Parts{DB: d, Clock: now, Vault: v, Gate: gate, Checks: checks})}
}

// seat is an operator's as the desk would know it.
func seat(r access.Role) access.Scope {
	return access.Member(access.Seat{Name: "pingtai@ops", Roles: []access.Role{r}})
}

func across(t *testing.T, r access.Role) access.Platform {
	t.Helper()
	p, err := access.Across(seat(r))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// action finds one of the office's acts.
func (w *world) action(code string) confirm.Action {
	w.t.Helper()
	for _, a := range w.Actions() {
		if a.Code == code {
			return a
		}
	}
	w.t.Fatalf("there is no act %s", code)
	return confirm.Action{}
}

// does describes an act and runs it, as its phone's confirm would.
func (w *world) does(code string, s access.Scope, params any) (words confirm.Words, res confirm.Result, err error) {
	w.t.Helper()
	a, ctx := w.action(code), w.t.Context()
	raw, err := json.Marshal(params)
	w.must(err)
	err = w.db.InTx(ctx, func(tx db.Tx) error {
		if words, err = a.Describe(ctx, tx.PG(), s, raw); err != nil {
			return err
		}
		res, err = a.Run(ctx, tx, s, raw)
		return err
	})
	return words, res, err
}

func (w *world) count(table, where string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n))
	return n
}

func wants(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// noodles is a merchant as an operator's form brings it.
func noodles() Opening {
	form := map[string]string{"mchid": "1900000400", "kind": "direct", "legal_name": "兰州老王面馆有限公司", "short_name": "老王面馆",
		"settlement_cycle": "T+1", "account_system": "upgraded", "fee_rate": "0.60", "settlement_bank": "兰州银行城关支行",
		"settlement_account": "6222 0212 3456 7890 123", "appid": "wxd678efh567hg6787", "login": "admin01", "name": "王大力",
		"id_type": "id_card", "id_number": "620199197402031198", "mobile": "198 0000 2576"}
	return ParseOpening(func(name string) string { return form[name] })
}

func (w *world) inTx(f func(ctx context.Context, tx db.Tx) error) error {
	return w.db.InTx(w.t.Context(), func(tx db.Tx) error { return f(w.t.Context(), tx) })
}
