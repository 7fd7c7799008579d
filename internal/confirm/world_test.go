package confirm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

// worlds counts, so that worlds side by side in one database share no row.
var worlds atomic.Int64

// world is a desk with a merchant of four people around it.
type world struct {
	*Desk
	t     testing.TB
	db    *db.DB
	clock *clock.Manual
	shop  int64

	boss, maker, checker, clerk member
}

// member is somebody with a login account, at a desktop of their own.
type member struct {
	id     uuid.UUID
	seat   access.Seat
	openid string
	desk   Browser
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: d, clock: clock.At(morning), shop: 1_000_000_000 + worlds.Add(1)}
	gate := identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub()})
	w.Desk = New(Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Gate: gate, Actions: acts(), Base: "https://pay.example"})
	w.opens(w.shop)
	w.boss = w.hires(w.shop, "admin01", "王建国", "110101199001010001", access.SuperAdmin)
	w.maker = w.hires(w.shop, "caiwu01", "陈静", "110101199001010002", access.Finance)
	w.checker = w.hires(w.shop, "caiwu02", "徐晶", "110101199001010003", access.Finance)
	w.clerk = w.hires(w.shop, "kefu001", "秦朗", "110101199001010004", access.Service)
	return w
}

func pinned(t *testing.T) *world { return newWorld(t, dbtest.Tx(t)) }

func (w *world) opens(id int64) {
	w.t.Helper()
	w.in(func(tx db.Tx) error {
		return merchant.Create(w.t.Context(), tx, w.vault, merchant.New{ID: id, Kind: merchant.Direct, LegalName: "面馆有限公司",
			ShortName: "面馆", Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 60, SettlementAccount: "6222021234567890123", AppID: "wx1"}, morning)
	})
}

// hires makes a login account whose person has a WeChat of the same name.
func (w *world) hires(shop int64, login, name, paper string, roles ...access.Role) member {
	w.t.Helper()
	m := member{openid: fmt.Sprintf("o-%s-%d", login, shop), desk: Browser{Session: db.NewID(), Address: "10.0.0.1", Agent: "Chrome/150 Windows"}}
	w.in(func(tx db.Tx) (err error) {
		m.id, _, err = w.gate.CreateAccount(w.t.Context(), tx, identity.NewAccount{Merchant: shop, Login: login, NoPassword: true,
			Person: identity.Person{Name: name, IDType: identity.IDCard, IDNumber: paper}, Mobile: "13800001234",
			Roles: roles, Actor: access.System})
		if err != nil {
			return err
		}
		return w.gate.BindForSeed(w.t.Context(), tx, shop, m.id, m.openid)
	})
	m.seat = access.Seat{Merchant: shop, Account: m.id, Name: fmt.Sprintf("%s@%d", login, shop), Roles: roles}
	return m
}

func (m member) scope() access.Scope { return access.Member(m.seat) }

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

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.db.PG().Exec(w.t.Context(), sql, args...)
	w.must(err)
}

func (w *world) count(table, where string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n))
	return n
}

// refused checks for a refusal.
func (w *world) refused(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("got %v, want %v", err, want)
	}
}

// The acts of the tests, under codes that have words.
const (
	noting  = "trade.import"   // a setting: writes its text down
	paying  = "account.create" // moves a sum
	sealing = "member.create"  // has private parameters and a secret result
	leading = "signin.redeem"  // the super admin's alone
	opening = "merchant.open"  // an operator's, with a second one
)

// note is what the tests' acts are asked for.
type note struct {
	Text   string    `json:"text"`
	Amount money.Fen `json:"amount"`
	Refuse bool      `json:"refuse"`
}

var errTest = fault.New("confirm.rule_action")

func acts() *Registry {
	r := NewRegistry()
	r.Add(Action{Code: noting, Needs: access.TradeImport, Approvable: true, Describe: tells, Run: writes})
	r.Add(Action{Code: paying, Needs: access.TradeImport, Approvable: true, Describe: tells, Run: writes,
		Amount: func(p json.RawMessage) (money.Fen, bool) {
			n, err := Decode[note](p)
			return n.Amount, err == nil && n.Amount > 0
		}})
	r.Add(Action{Code: sealing, Needs: access.TradeImport, Private: true, Approvable: true, Describe: hides,
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, p json.RawMessage) (Result, error) {
			res, err := writes(ctx, tx, s, p)
			res.Secret = &Line{Label: "初始密码", Value: "open-sesame"}
			return res, err
		}})
	r.Add(Action{Code: leading, Needs: access.TradeRead, SuperOnly: true, Describe: tells, Run: writes})
	r.Add(Action{Code: opening, Needs: access.OpsMerchantsOpen, TwoOperators: true, Describe: tells, Run: writes})
	return r
}

// tells says everything the act will do. What the merchant is called belongs to it, so that a test can
// change the words behind an asker's back.
func tells(ctx context.Context, q db.Querier, s access.Scope, p json.RawMessage) (Words, error) {
	n, err := Decode[note](p)
	if err != nil {
		return Words{}, err
	}
	var name string
	if err := q.QueryRow(ctx, "SELECT short_name FROM merchants WHERE merchant_id = $1", s.Merchant()).Scan(&name); err != nil {
		return Words{}, err
	}
	return Words{Title: "写下 " + n.Text, Lines: []Line{{"商户", name}, {"金额", n.Amount.String()}}, Warn: "不能撤回"}, nil
}

// hides masks what is private.
func hides(_ context.Context, _ db.Querier, _ access.Scope, p json.RawMessage) (Words, error) {
	n, err := Decode[note](p)
	return Words{Title: "写下 " + strings.Repeat("*", len(n.Text)), Lines: []Line{}}, err
}

// writes leaves one row a run, and refuses where it is told to, after it has written.
func writes(ctx context.Context, tx db.Tx, s access.Scope, p json.RawMessage) (Result, error) {
	n, err := Decode[note](p)
	if err != nil {
		return Result{}, err
	}
	_, err = tx.PG().Exec(ctx, `INSERT INTO attempt_windows (subject, window_at, count) VALUES ($1, 'epoch', 1)
		ON CONFLICT (subject, window_at) DO UPDATE SET count = attempt_windows.count + 1`, written(s.Merchant(), n.Text))
	if err == nil && n.Refuse {
		err = errTest
	}
	return Result{Object: n.Text, Link: "/trades", Lines: []Line{{"写下", n.Text}}, Details: map[string]any{"by": s.Actor().Name}}, err
}

func written(shop int64, text string) string { return fmt.Sprintf("note:%d:%s", shop, text) }

// runs is how often a text was written down.
func (w *world) runs(text string) (n int) {
	w.t.Helper()
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT coalesce(sum(count), 0) FROM attempt_windows WHERE subject = $1",
		written(w.shop, text)).Scan(&n))
	return n
}

// request is a form of the member's session.
func (w *world) request(m member, action string, params any) Request {
	w.t.Helper()
	once, err := w.Once(m.desk.Session)
	w.must(err)
	return Request{Action: action, Params: params, Once: once, Back: "/form"}
}

// asks opens a confirmation on the member's desktop.
func (w *world) asks(m member, action string, params any) Confirmation {
	w.t.Helper()
	c, err := w.Ask(w.t.Context(), m.scope(), m.desk, w.request(m, action, params))
	w.must(err)
	return c
}

// confirms scans and says yes to the right number.
func (w *world) confirms(c Confirmation, m member) Sheet {
	w.t.Helper()
	sheet, err := w.Scan(w.t.Context(), c.Token, m.openid)
	w.must(err)
	sheet, err = w.Answer(w.t.Context(), c.Token, m.openid, Answer{Decision: Confirm, Number: c.Number, Hash: sheet.Hash})
	w.must(err)
	return sheet
}

// shown is the confirmation as the asking desktop sees it now.
func (w *world) shown(c Confirmation, m member) Confirmation {
	w.t.Helper()
	now, err := w.Confirmation(w.t.Context(), m.scope(), m.desk.Session, c.ID)
	w.must(err)
	return now
}

// ended checks where a confirmation stands, and why.
func (w *world) ended(c Confirmation, m member, want State, why error) {
	w.t.Helper()
	now := w.shown(c, m)
	if now.State != want {
		w.t.Fatalf("it stands at %s (%v), want %s", now.State, now.Reason, want)
	}
	if why == nil && now.Reason != nil || why != nil && (now.Reason == nil || !errors.Is(now.Reason, why)) {
		w.t.Fatalf("the reason is %v, want %v", now.Reason, why)
	}
}

// audited counts audit rows of a confirmation.
func (w *world) audited(c Confirmation, action, outcome, why string) int {
	w.t.Helper()
	return w.count("audit_rows", "confirmation = $1 AND action = $2 AND outcome = $3 AND reason = $4", c.ID, action, outcome, why)
}

// Short names of what an act is given.
type (
	ctx   = context.Context
	tx    = db.Tx
	scope = access.Scope
)

// spy keeps what was described.
func spy(describe func(ctx, db.Querier, scope, json.RawMessage) (Words, error), seen *[]string) func(ctx, db.Querier, scope, json.RawMessage) (Words, error) {
	return func(c ctx, q db.Querier, s scope, p json.RawMessage) (Words, error) {
		*seen = append(*seen, string(p))
		return describe(c, q, s, p)
	}
}

func statements(sql string) []string { return strings.Split(sql, ";") }
