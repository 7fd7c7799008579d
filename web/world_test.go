package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/alert"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/dossier"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/opening"
	"zhanggui/internal/operations"
	"zhanggui/internal/platform"
	"zhanggui/internal/product"
	"zhanggui/internal/rollout"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/seed"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/staff"
	"zhanggui/internal/topup"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/vault"
	"zhanggui/internal/wechat"
	"zhanggui/internal/withdrawal"
)

// portal is the whole site with the simulated world, the demo's cast in it, on loopback.
type portal struct {
	t     *testing.T
	url   string
	db    *db.DB
	clock *clock.Manual
	hub   *signal.Hub
	gate  *identity.Gate
	staff *staff.Office
	known *confirm.Registry
	ops   *platform.Office
	ready atomic.Bool
	deps  Deps
	parts identity.Parts

	wechat    *wechat.Client
	transfers atomic.Int64
	centre    *product.Catalogue
}

// morning is when every test begins.
var morning = time.Date(2026, 11, 22, 11, 20, 5, 0, clock.Beijing)

// newPortal is a portal inside one transaction: one request at a time.
func newPortal(t *testing.T, change ...func(*Deps)) *portal {
	t.Helper()
	return openPortal(t, dbtest.Tx(t), signal.NewHub(), change...)
}

// livePortal has a database of its own: for what needs several connections or waits for signals.
func livePortal(t *testing.T, change ...func(*Deps)) *portal {
	t.Helper()
	dsn, hub := dbtest.DSN(t), signal.NewHub()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); hub.Run(ctx, dsn) }()
	t.Cleanup(func() { stop(); <-done })
	return openPortal(t, dbtest.Open(t, dsn), hub, change...)
}

func openPortal(t *testing.T, d *db.DB, hub *signal.Hub, change ...func(*Deps)) *portal {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	p := &portal{t: t, url: "http://" + server.Listener.Addr().String(), db: d, clock: clock.At(morning), hub: hub}
	p.ready.Store(true)
	base, err := url.Parse(p.url)
	must(t, err)
	p.gate = p.seedCast(base)
	p.deps = Deps{Base: base, Demo: true, Clock: p.clock, DB: d, Hub: hub, Gate: p.gate, Desk: p.confirms(), World: p.world(base),
		Ready: p.ready.Load, Ping: d.Ping, Closing: t.Context(), Log: slog.New(slog.DiscardHandler)}
	p.deps.Staff, p.deps.Office = p.staff, p.ops
	p.deps.TopUps, p.deps.Alerts = topup.Deps{DB: d, Clock: p.clock, Gate: p.gate}, alert.Deps{DB: d, Clock: p.clock, Gate: p.gate}
	p.deps.PayTo = topup.PayTo{Name: "掌柜演示支付有限公司", Bank: "中国银行深圳分行", Account: "7559000000012345678"}
	p.deps.Dossier, p.deps.Products = p.dossier(), p.centre
	p.deps.Upgrade, p.deps.Withdrawals = p.upgrades(), p.withdrawals()
	p.deps.Settlement = settlement.Deps{DB: d, Clock: p.clock, Vault: p.parts.Vault, Gate: p.gate}
	p.deps.Transfers = p.transfersWith(p.wechat)
	for _, f := range change {
		f(&p.deps)
	}
	h, err := New(p.deps)
	must(t, err)
	server.Config.Handler = counted(h)
	server.Start()
	t.Cleanup(server.Close)
	return p
}

const (
	testSecret = "appsecret-of-the-test-0123456789"
	testKey    = "0123456789abcdef0123456789abcdef"
)

func (p *portal) seedCast(base *url.URL) *identity.Gate {
	p.t.Helper()
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	must(p.t, err)
	client, err := wechat.New(wechat.Config{OAuthBase: p.url + sandbox.Prefix, PayAppBase: p.url + sandbox.Prefix,
		APIBase: p.url + sandbox.Prefix, PayBase: p.url + sandbox.Prefix, FraudBase: p.url + sandbox.Prefix,
		AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey})
	must(p.t, err)
	p.wechat = client
	p.parts = identity.Parts{DB: p.db, Clock: p.clock, Vault: v, Hub: p.hub, WeChat: client, Base: base.String(),
		Limits: identity.Limits{TicketsPerMinute: 1000, TicketsWaiting: 1000}}
	at := func(c clock.Clock) *identity.Gate {
		parts := p.parts
		parts.Clock = c
		return identity.New(parts)
	}
	must(p.t, seed.Cast(p.t.Context(), seed.Parts{DB: p.db, Vault: v, Gate: at, Now: p.clock.Now()}))
	return at(p.clock)
}

// confirms is where acts are confirmed, with the product's own acts.
func (p *portal) confirms() *confirm.Desk {
	acts := confirm.NewRegistry()
	p.known = acts
	p.dossier().Register(acts)
	p.centre = product.New(p.clock, operations.Product())
	p.centre.Register(acts)
	for _, act := range p.transfersWith(nil).Actions() {
		acts.Add(act)
	}
	operations.Deps{Clock: p.clock}.Register(acts)
	p.withdrawals().RegisterActions(acts)
	p.staff = staff.New(staff.Parts{DB: p.db, Clock: p.clock, Gate: p.gate, Base: p.url})
	p.staff.Register(acts)
	p.ops = platform.New(platform.Parts{DB: p.db, Clock: p.clock, Vault: p.parts.Vault, Gate: p.gate})
	for _, act := range p.ops.Actions() {
		acts.Add(act)
	}
	acts.Add(opening.Deps{Clock: p.clock, Gate: p.gate}.Action())
	for _, act := range (rollout.Deps{Clock: p.clock}).Actions() {
		acts.Add(act)
	}
	acts.Add(p.upgrades().Action())
	return confirm.New(confirm.Parts{DB: p.db, Clock: p.clock, Vault: p.parts.Vault, Hub: p.hub, Gate: p.gate,
		Actions: acts, Base: p.url})
}

func (p *portal) withdrawals() withdrawal.Deps {
	return withdrawal.Deps{DB: p.db, Clock: p.clock, Gate: p.gate}
}

func (p *portal) upgrades() upgrade.Deps {
	return upgrade.Deps{Clock: p.clock, Gate: p.gate, Settlement: settlement.Deps{DB: p.db, Clock: p.clock, Vault: p.parts.Vault, Gate: p.gate}}
}

func (p *portal) dossier() dossier.Deps {
	return dossier.Deps{Vault: p.parts.Vault, Clock: p.clock, Gate: p.gate}
}

func (p *portal) world(base *url.URL) *World {
	w := sandbox.New(p.db, sandbox.Persons, sandbox.Config{AppID: sandbox.DemoAppID, AppSecret: testSecret,
		MchID: sandbox.DemoMchID, APIKey: testKey, RedirectHosts: []string{base.Host}, Business: p.clock})
	return &World{WeChat: w, Offset: func() time.Duration { return 0 },
		Cast:  func(context.Context) (Credentials, error) { return testCast(base), nil },
		TopUp: p.fromBank,
		Advance: func(_ context.Context, by time.Duration) (map[string]int, error) {
			p.clock.Advance(by)
			return map[string]int{"test": 1}, nil
		}}
}

// fromBank lets money arrive as the bank's notification would.
func (p *portal) fromBank(ctx context.Context, merchant int64, account string, amount money.Fen) (string, error) {
	a := topup.Arrival{TransferNo: "T" + strconv.FormatInt(p.transfers.Add(1), 10), MchID: mchid(merchant), Account: account, Amount: int64(amount),
		Reference: topup.Reference(merchant, ledger.Account(account)), PayerName: "云上百货有限公司", Bank: "招商银行"}
	_, err := p.deps.TopUps.Arrive(ctx, a)
	return a.TransferNo, err
}

func testCast(base *url.URL) Credentials {
	password := "secret"
	return Credentials{BaseURL: base.String(), Merchants: []CredMerchant{{MchID: "1900000307", Name: "晨光健身", Kind: "direct",
		SettlementAccount: "6299461416274372", Members: []CredMember{{Login: "admin01@1900000307", Role: "super_admin",
			InitialPassword: &password, Person: "p-zhouchenguang"}}}},
		Persons: []CredPerson{{ID: "p-zhouchenguang", Name: "周晨光", OpenID: "o1"}}}
}

// counted answers each request with how many statements it took.
func counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c db.Counter
		h.ServeHTTP(&counting{ResponseWriter: w, c: &c}, r.WithContext(db.Counting(r.Context(), &c)))
	})
}

type counting struct {
	http.ResponseWriter
	c *db.Counter
}

func (w *counting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *counting) WriteHeader(status int) {
	w.Header().Set("X-Statements", decimal(w.c.Statements()))
	w.ResponseWriter.WriteHeader(status)
}

func (w *counting) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must1[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// serving is a fresh browser in front of another handler over the same world.
func (p *portal) serving(h http.Handler) *client {
	p.t.Helper()
	server := httptest.NewServer(counted(h))
	p.t.Cleanup(server.Close)
	other := &portal{t: p.t, url: server.URL, db: p.db, clock: p.clock, hub: p.hub, gate: p.gate, deps: p.deps}
	return other.browser()
}

// strictGate is the same way in with other limits.
func (p *portal) strictGate(limits identity.Limits) *identity.Gate {
	p.t.Helper()
	parts := p.parts
	parts.Limits = limits
	return identity.New(parts)
}

// tell lets the official account write to a person.
func (p *portal) tell(person, title, link string) error {
	phone, err := p.deps.World.WeChat.Phone(p.t.Context(), person)
	if err != nil {
		return err
	}
	return p.wechat.Send(p.t.Context(), inbox.Notice{Merchant: 1900000208, OpenID: phone.OpenID, Template: "binding_request",
		Title: title, Fields: map[string]string{"商户": "云上百货"}, URL: link, Key: "test"})
}
