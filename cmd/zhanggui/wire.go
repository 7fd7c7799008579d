package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhanggui/internal/alert"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dossier"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/opening"
	"zhanggui/internal/operations"
	"zhanggui/internal/payout"
	"zhanggui/internal/platform"
	"zhanggui/internal/product"
	"zhanggui/internal/rollout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/staff"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade"
	"zhanggui/internal/transfer"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/vault"
	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
	"zhanggui/internal/withdrawal"
	"zhanggui/web"
)

// app is the program put together: what answers requests, and what works behind them.
type app struct {
	db        *db.DB
	dsn       string
	clock     clock.Clock
	vault     *vault.Vault
	hub       *signal.Hub
	base      *url.URL
	wechat    *wechat.Client
	gate      *identity.Gate
	desk      *confirm.Desk
	office    *platform.Office
	signer    *wire.PrivateKey
	channel   channelParts
	simulated http.Handler // the demo's WeChat
	staff     *staff.Office
	jobs      *job.Registry
	worker    *job.Worker
	front     *job.Worker // what people wait for while the demo's months are still led through
	sealer    audit.Sealer
	metrics   *prometheus.Registry
	seeded    atomic.Bool
	filled    chan struct{} // closed once there is nothing to seed any more
	demoDays  int           // of business that a new demo begins with
	limits    identity.Limits
}

// parts differ between demo and production.
type parts struct {
	database database
	clock    clock.Clock
	key      []byte
	platform *wire.PrivateKey // nil: days stay open
	channel  channelParts
	anchor   audit.Anchor
	base     string
	wechat   wechat.Config
	limits   identity.Limits
}

func newApp(p parts) (*app, error) {
	a := &app{filled: make(chan struct{}), db: p.database.DB, dsn: p.database.dsn, clock: p.clock, hub: signal.NewHub(), jobs: job.NewRegistry(), metrics: newMetrics(), signer: p.platform, channel: p.channel, limits: p.limits}
	var err error
	if a.vault, err = vault.Open(p.key); err != nil {
		return nil, err
	}
	if a.base, err = url.Parse(p.base); err != nil {
		return nil, fmt.Errorf("base url: %w", err)
	}
	if a.wechat, err = wechat.New(p.wechat); err != nil {
		return nil, err
	}
	a.gate = a.gateAt(p.clock)
	a.office = platform.New(platform.Parts{DB: a.db, Clock: a.clock, Vault: a.vault, Gate: a.gate,
		Checks: checks(a.db, audit.Verifier{Vault: a.vault, Anchor: p.anchor}.Verify, bookChecks(a.db, p.platform))})
	a.staff = staff.New(staff.Parts{DB: a.db, Clock: a.clock, Gate: a.gate, Base: a.base.String()})
	a.desk = confirm.New(confirm.Parts{DB: a.db, Clock: a.clock, Vault: a.vault, Hub: a.hub, Gate: a.gate,
		Actions: a.actions(), Base: a.base.String()})
	a.worker = job.NewWorker(a.db, a.clock, a.jobs, a.hub)
	a.front = job.NewWorker(a.db, a.clock, a.people(job.NewRegistry()), a.hub)
	a.sealer = audit.Sealer{DB: a.db, Vault: a.vault, Hub: a.hub, Anchor: p.anchor}
	a.register()
	return a, nil
}

// gateAt is the way in at another time than now; the seed uses it.
func (a *app) gateAt(c clock.Clock) *identity.Gate {
	return identity.New(identity.Parts{DB: a.db, Clock: c, Vault: a.vault, Hub: a.hub, WeChat: a.wechat, Base: a.base.String(), Limits: a.limits})
}

// actions are the acts that the phone confirms. The desk adds those about approvals itself.
func (a *app) actions() *confirm.Registry {
	r := confirm.NewRegistry()
	for _, act := range a.office.Actions() {
		r.Add(act)
	}
	r.Add(opening.Deps{Clock: a.clock, Gate: a.gate}.Action())
	for _, act := range (rollout.Deps{Clock: a.clock}).Actions() {
		r.Add(act)
	}
	r.Add(a.upgrade().Action())
	a.dossier().Register(r)
	a.products().Register(r)
	a.withdrawals().RegisterActions(r)
	for _, act := range a.transfers().Actions() {
		r.Add(act)
	}
	operations.Deps{Clock: a.clock}.Register(r)
	a.staff.Register(r)
	return r
}

// people registers what concerns people alone and moves no money.
func (a *app) people(r *job.Registry) *job.Registry {
	r.Handle(inbox.SendKind, inbox.SendHandler(a.wechat))
	r.Handle(identity.LapseKind, a.gate.LapseRequest)
	r.Handle(identity.HandoverLapseKind, a.gate.LapseHandover)
	r.Handle(confirm.LapseKind, a.desk.Lapse)
	return r
}

// register says which job is done by whom.
func (a *app) register() {
	a.people(a.jobs)
	a.jobs.Handle(trade.ImportKind, trade.ImportHandler(a.trades()))
	a.settlement().Register(a.jobs)
	a.transfers().Register(a.jobs)
	a.payouts().Register(a.jobs)
	a.withdrawals().Register(a.jobs)
	a.jobs.Handle(ledger.FlowCountKind, ledger.CountHandler(a.db, a.clock))
	a.jobs.Handle(platform.VerifyKind, a.office.Verify)
	a.jobs.Daily(platform.VerifyDaily, platform.VerifyAt, a.office.DailyVerification)
	a.jobs.Daily(ledger.CloseKind, ledger.CloseAt, a.closeDays)
	a.jobs.Daily("confirm.sweep", 4*time.Hour, func(ctx context.Context, _ job.Run) error { return a.desk.Sweep(ctx) })
}

func (a *app) topUps() topup.Deps { return topup.Deps{DB: a.db, Clock: a.clock, Gate: a.gate} }

// products is the product centre: each feature declares its own.
func (a *app) products() *product.Catalogue {
	return product.New(a.clock, operations.Product(), a.withdrawals().Product(), transfer.Product())
}

// transfers are the enterprise payments.
func (a *app) transfers() transfer.Deps {
	return transfer.Deps{DB: a.db, Clock: a.clock, Vault: a.vault, Channel: a.wechat, Gate: a.gate}
}

func (a *app) alerts() alert.Deps { return alert.Deps{DB: a.db, Clock: a.clock, Gate: a.gate} }

func (a *app) trades() trade.Deps {
	d := imports(a.db, a.clock)
	d.Told = tellImport
	return d
}

func (a *app) dossier() dossier.Deps {
	return dossier.Deps{Vault: a.vault, Clock: a.clock, Gate: a.gate}
}

func (a *app) upgrade() upgrade.Deps {
	return upgrade.Deps{Clock: a.clock, Gate: a.gate, Settlement: a.settlement(), Automatic: a.withdrawals().SetAutomatic,
		Withdrawal: a.withdrawals().Product(), Open: a.products().Open}
}

func (a *app) settlement() settlement.Deps {
	return settlement.Deps{DB: a.db, Clock: a.clock, Vault: a.vault, Gate: a.gate}
}

// payouts are payments through the bank; each purpose has its owner.
func (a *app) payouts() payout.Deps {
	return payout.Deps{DB: a.db, Clock: a.clock, Vault: a.vault, Bank: a.wechat, Owners: map[payout.Purpose]payout.Owner{
		payout.ForSettlement: a.settlement().Moved, payout.ForCheck: a.dossier().Moved, payout.ForWithdrawal: a.withdrawals().Moved}}
}

func (a *app) withdrawals() withdrawal.Deps {
	return withdrawal.Deps{DB: a.db, Clock: a.clock, Gate: a.gate}
}

// handler is the portal. Demo's has a world in it.
func (a *app) handler(closing context.Context, s settings, world *web.World) (http.Handler, error) {
	payTo, err := s.payTo()
	if err != nil {
		return nil, err
	}
	if world != nil && !payTo.Known() {
		payTo = demoPayTo
	}
	return web.New(web.Deps{
		Base: a.base, Demo: world != nil, FormOrigins: formOrigins(world), Proxies: networks(s.TrustedProxies),
		Clock: a.clock, DB: a.db, Hub: a.hub, Gate: a.gate, Desk: a.desk, Office: a.office, Staff: a.staff,
		TopUps: a.topUps(), PayTo: payTo, Alerts: a.alerts(), Settlement: a.settlement(), Dossier: a.dossier(), Upgrade: a.upgrade(), Withdrawals: a.withdrawals(), Products: a.products(),
		Transfers: a.transfers(),
		World:     world, Metrics: a.metrics,
		Ready: a.seeded.Load, Ping: a.db.Ping, Closing: closing,
	})
}

// formOrigins are the hosts a phone's form may lead to: WeChat's own, which the demo has at home.
func formOrigins(world *web.World) []string {
	if world != nil {
		return nil
	}
	return []string{openHost, payHost}
}

// work runs what happens without a request until ctx ends.
func (a *app) work(ctx context.Context) {
	go a.hub.Run(ctx, a.dsn)
	if shared, ok := a.clock.(*db.Clock); ok {
		go follow(ctx, a.hub, shared)
	}
	go a.sweep(ctx)
	go a.watch(ctx)
	sealed := make(chan struct{})
	sealing, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() { defer close(sealed); a.sealer.Run(sealing) }()
	a.runJobs(ctx)
	stop() // only now: what the last jobs wrote is sealed too
	<-sealed
}

// open says that there is nothing to seed any more.
func (a *app) open() {
	a.seeded.Store(true)
	close(a.filled)
}

// runJobs works until ctx ends. While the seed leads the merchants through their months at its own time,
// nothing else may book for them, nor close their days.
func (a *app) runJobs(ctx context.Context) {
	early, stop := context.WithCancel(ctx)
	go func() {
		defer stop()
		select {
		case <-a.filled:
		case <-ctx.Done():
		}
	}()
	a.front.Run(early)
	a.worker.Run(ctx)
}

// sweepEvery is how often what has had its time is cleared away.
const sweepEvery = time.Hour

func (a *app) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := errors.Join(a.gate.Sweep(ctx), job.Sweep(ctx, a.db)); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "not everything was swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// watchEvery is how often balances are compared with what merchants want to be told of.
const watchEvery = 5 * time.Second

func (a *app) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.alerts().Look(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "balances were not looked at", "error", err)
		}
	}
}

// follow takes over the business clock's offset whenever some process moved it.
func follow(ctx context.Context, hub *signal.Hub, c *db.Clock) {
	moved, cancel := hub.Subscribe(db.TopicClock)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return
		case <-moved:
		}
		if err := c.Reload(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "business clock not read again", "error", err)
		}
	}
}
