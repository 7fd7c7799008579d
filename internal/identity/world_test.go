package identity

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/merchant"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const card = "6222021234567890123"

// worlds counts, so that worlds side by side in one database share no row.
var worlds atomic.Int64

var morning = time.Date(2026, 11, 22, 11, 18, 40, 0, clock.Beijing)

// world is a gate with everything around it.
type world struct {
	*Gate
	t      testing.TB
	db     *db.DB
	clock  *clock.Manual
	wall   *clock.Manual
	wechat *pretended

	noodles, store int64 // merchants
	desk           Browser
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: d, clock: clock.At(morning), wall: clock.At(morning), wechat: newPretended()}
	w.Gate = New(Parts{DB: d, Clock: w.clock, Wall: w.wall, Vault: v, Hub: signal.NewHub(), WeChat: w.wechat,
		Base: "https://pay.example", Limits: Limits{TicketsPerMinute: 1 << 20, TicketsWaiting: 1 << 20, TicketsPerSecond: 1 << 20}})
	n := worlds.Add(1)
	w.noodles, w.store = 1_000_000_000+2*n, 1_000_000_001+2*n
	w.desk = Browser{Secret: "the-desktop", Address: fmt.Sprintf("10.0.%d.%d", n>>8, n&255), Agent: chromeOnWindows}
	w.opens(w.noodles, "老王面馆")
	return w
}

// pinned is a world inside one transaction.
func pinned(t *testing.T) *world { return newWorld(t, dbtest.Tx(t)) }

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

func (w *world) opens(id int64, name string) {
	w.t.Helper()
	w.in(func(tx db.Tx) error {
		return merchant.Create(w.t.Context(), tx, w.vault, merchant.New{ID: id, Kind: merchant.Direct, LegalName: name + "有限公司",
			ShortName: name, Cycle: merchant.T1, System: merchant.Legacy, FeeRate: 60, SettlementAccount: card, AppID: "wx1"}, morning)
	})
}

// member is a login account of the tests.
type member struct {
	id       uuid.UUID
	merchant int64
	login    string
	password string
	person   Person
	openid   string
}

var papers atomic.Int64

// newPerson makes up a person whose papers nobody else has.
func newPerson(name string) Person {
	return Person{Name: name, IDType: IDCard, IDNumber: fmt.Sprintf("1101011990%07dX", papers.Add(1))}
}

// hires makes a login account with an initial password, whose person has the WeChat openid.
func (w *world) hires(merchant int64, login, name string, roles ...access.Role) member {
	w.t.Helper()
	m := member{merchant: merchant, login: login, person: newPerson(name), openid: "o-" + login}
	w.in(func(tx db.Tx) (err error) {
		m.id, m.password, err = w.CreateAccount(w.t.Context(), tx, NewAccount{Merchant: merchant, Login: login,
			Person: m.person, Mobile: "13800001234", Roles: roles, Actor: access.System})
		return err
	})
	w.wechat.knows(m.openid, m.person)
	return m
}

// binds makes a login account that signs in with its WeChat already.
func (w *world) binds(merchant int64, login, name, openid string, roles ...access.Role) member {
	w.t.Helper()
	m := member{merchant: merchant, login: login, person: newPerson(name), openid: openid}
	w.in(func(tx db.Tx) (err error) {
		m.id, _, err = w.CreateAccount(w.t.Context(), tx, NewAccount{Merchant: merchant, Login: login,
			Person: m.person, Mobile: "13800001234", Roles: roles, Actor: access.System, NoPassword: true})
		if err != nil {
			return err
		}
		return w.BindForSeed(w.t.Context(), tx, merchant, m.id, openid)
	})
	return m
}

func (m member) full() string { return fullLogin(m.login, m.merchant) }

// shows opens a sign-in ticket on the desk.
func (w *world) shows(b Browser) Ticket {
	w.t.Helper()
	t, err := w.OpenTicket(w.t.Context(), b, SignIn, nil)
	w.must(err)
	return t
}

// confirms scans and answers right.
func (w *world) confirms(t Ticket, openid string) Ask {
	w.t.Helper()
	_, err := w.Scan(w.t.Context(), t.Token, openid)
	w.must(err)
	a, err := w.Answer(w.t.Context(), t.Token, openid, Answer{Decision: Confirm, Number: t.Number})
	w.must(err)
	return a
}

// signsIn walks the whole way.
func (w *world) signsIn(openid string, b Browser) (Session, string) {
	w.t.Helper()
	t := w.shows(b)
	w.confirms(t, openid)
	s, secret, err := w.Redeem(w.t.Context(), t.ID, b)
	w.must(err)
	return s, secret
}

// count counts rows.
func (w *world) count(table, where string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n))
	return n
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.db.PG().Exec(w.t.Context(), sql, args...)
	w.must(err)
}

// pretended is a WeChat that knows who is who. Its codes are good once.
type pretended struct {
	mu     sync.Mutex
	people map[string]Person
	codes  map[string]string
	down   error
	asked  int
}

func newPretended() *pretended {
	return &pretended{people: map[string]Person{}, codes: map[string]string{}}
}

func (p *pretended) knows(openid string, who Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people[openid] = who
}

func (p *pretended) code(openid string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := fmt.Sprintf("code-%d", len(p.codes))
	p.codes[code] = openid
	return code
}

func (p *pretended) AuthorizeURL(redirect, state string) string {
	return "https://wechat.example/authorize?redirect_uri=" + redirect + "&state=" + state
}

func (p *pretended) ConsentURL(redirect, state string) string {
	return "https://wechat.example/consent?redirect_uri=" + redirect + "&state=" + state
}

func (p *pretended) Exchange(_ context.Context, code string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	openid := p.codes[code]
	p.codes[code] = ""
	if openid == "" {
		return "", fmt.Errorf("40029: %w", ErrCodeRefused)
	}
	return openid, p.down
}

func (p *pretended) Compare(ctx context.Context, openid, code string, who Person) (Verdict, error) {
	if of, err := p.Exchange(ctx, code); err != nil || of != openid {
		return Unknown, firstOf(err, ErrCodeRefused)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	switch known, ok := p.people[openid]; {
	case !ok:
		return Unknown, nil
	case known == who:
		return Match, nil
	}
	return NoMatch, nil
}
