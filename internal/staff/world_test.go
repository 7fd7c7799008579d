package staff

import (
	"bytes"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

var worlds atomic.Int64

// world is an office with a desk in a merchant of three people.
type world struct {
	*Office
	t     *testing.T
	desk  *confirm.Desk
	acts  *confirm.Registry
	clock *clock.Manual
	shop  int64

	boss, finance, clerk person
}

// person is somebody with a login account, a WeChat and a desktop.
type person struct {
	id     uuid.UUID
	login  string
	openid string
	desk   confirm.Browser
}

func newWorld(t *testing.T) *world {
	t.Helper()
	d := dbtest.Tx(t)
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock.At(morning), acts: confirm.NewRegistry(), shop: 1_000_000_000 + worlds.Add(1)}
	gate := identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "https://pay.example"})
	w.Office = New(Parts{DB: d, Clock: w.clock, Gate: gate, Base: "https://pay.example"})
	w.Register(w.acts)
	w.desk = confirm.New(confirm.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Gate: gate, Actions: w.acts, Base: "https://pay.example"})
	w.in(func(tx db.Tx) error {
		return merchant.Create(t.Context(), tx, v, merchant.New{ID: w.shop, Kind: merchant.Direct, LegalName: "面馆有限公司", ShortName: "面馆",
			Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 60, SettlementAccount: "6222021234567890123", AppID: "wx1"}, morning)
	})
	w.boss = w.hires("admin01", "王建国", 1, access.SuperAdmin)
	w.finance = w.hires("caiwu01", "陈静", 2, access.Finance)
	w.clerk = w.hires("kefu001", "秦朗", 3, access.Service)
	return w
}

func (w *world) hires(login, name string, paper int, roles ...access.Role) person {
	w.t.Helper()
	p := person{login: login, openid: "o-" + login, desk: confirm.Browser{Session: db.NewID(), Address: "10.0.0.1", Agent: "Chrome"}}
	w.in(func(tx db.Tx) (err error) {
		p.id, _, err = w.gate.CreateAccount(w.t.Context(), tx, identity.NewAccount{Merchant: w.shop, Login: login, NoPassword: true, Mobile: "13800001234",
			Person: identity.Person{Name: name, IDType: identity.IDCard, IDNumber: fmt.Sprintf("11010119900101000%d", paper)}, Roles: roles, Actor: access.System})
		if err != nil {
			return err
		}
		return w.gate.BindForSeed(w.t.Context(), tx, w.shop, p.id, p.openid)
	})
	return p
}

// scope is what a person may do right now.
func (w *world) scope(p person) (s access.Scope) {
	w.t.Helper()
	w.in(func(tx db.Tx) error {
		standing, err := w.gate.Standing(w.t.Context(), tx, w.shop, p.id)
		s = access.Member(standing.Seat)
		return err
	})
	return s
}

// ask opens a confirmation on the person's desktop.
func (w *world) ask(p person, action string, params any) (confirm.Confirmation, error) {
	w.t.Helper()
	once, err := w.desk.Once(p.desk.Session)
	w.must(err)
	return w.desk.Ask(w.t.Context(), w.scope(p), p.desk, confirm.Request{Action: action, Params: params, Once: once, Back: "/form"})
}

// confirms says yes on the person's phone, and returns how it ended.
func (w *world) confirms(c confirm.Confirmation, p person) confirm.Confirmation {
	w.t.Helper()
	sheet, err := w.desk.Scan(w.t.Context(), c.Token, p.openid)
	w.must(err)
	_, err = w.desk.Answer(w.t.Context(), c.Token, p.openid, confirm.Answer{Decision: confirm.Confirm, Number: c.Number, Hash: sheet.Hash})
	w.must(err)
	now, err := w.desk.Confirmation(w.t.Context(), w.scope(p), p.desk.Session, c.ID)
	w.must(err)
	return now
}

// does asks and confirms.
func (w *world) does(p person, action string, params any) confirm.Confirmation {
	w.t.Helper()
	c, err := w.ask(p, action, params)
	w.must(err)
	return w.confirms(c, p)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) in(f func(tx db.Tx) error) {
	w.t.Helper()
	w.must(w.db.InTx(w.t.Context(), f))
}

func (w *world) count(table, where string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n))
	return n
}

func (w *world) member(p person) identity.Member {
	w.t.Helper()
	m, err := w.gate.MemberByID(w.t.Context(), w.db.PG(), w.scope(w.boss), p.id)
	w.must(err)
	return m
}

func (w *world) refused(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("got %v, want %v", err, want)
	}
}
