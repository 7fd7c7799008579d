// Package web is the portal's rim: it reads a request, calls the domain, and writes a page. It
// decides who may pass by the policy each route carries, and refuses to start with a route that
// has none; what may happen in the books is decided elsewhere.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"zhanggui/internal/alert"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dossier"
	"zhanggui/internal/identity"
	"zhanggui/internal/platform"
	"zhanggui/internal/product"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/staff"
	"zhanggui/internal/topup"
	"zhanggui/internal/transfer"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/withdrawal"
)

// Deps is everything the portal is built of.
type Deps struct {
	Base        *url.URL     // the address people use; its scheme decides cookies and HSTS
	Demo        bool         // mounts the simulated world
	FormOrigins []string     // where a form's redirect may lead besides us: WeChat's authorize host
	Proxies     []*net.IPNet // whose X-Forwarded-For is believed; none: the peer is the client
	Clock       clock.Clock
	DB          *db.DB
	Hub         *signal.Hub
	Ready       func() bool
	Ping        func(context.Context) error
	Gate        *identity.Gate
	Desk        *confirm.Desk
	Office      *platform.Office // the operators' side
	Staff       *staff.Office    // where members and their rights are changed
	TopUps      topup.Deps       // money that merchants send
	PayTo       topup.PayTo      // where they send it to
	Alerts      alert.Deps       // of low balances
	Settlement  settlement.Deps
	Withdrawals withdrawal.Deps
	Dossier     dossier.Deps
	Upgrade     upgrade.Deps
	Products    *product.Catalogue
	Transfers   transfer.Deps
	World       *World // the simulated world, in demo
	Metrics     *prometheus.Registry
	Log         *slog.Logger
	Rand        io.Reader // nil: the system's

	Closing   context.Context // ends open streams; nil: never
	Heartbeat time.Duration   // of silent streams; 0: 15 s
	Streams   int             // open streams of one address; 0: 40
	FileRows  int             // of a list in a file; 0: 50,000
}

// secure tells whether people reach us by https.
func (d Deps) secure() bool { return d.Base.Scheme == "https" }

// site is the running portal.
type site struct {
	Deps
	gauges   gauges
	wechat   http.Handler // the simulated WeChat, in demo
	sessions sessions.Store
	streams  *counter
}

// New mounts the site map. It fails when a route does not say who may call it.
func New(d Deps) (http.Handler, error) {
	d, err := d.complete()
	if err != nil {
		return nil, err
	}
	return build(d, siteMap(d.Demo))
}

// build mounts any table of routes; tests bring their own.
func build(d Deps, all []route) (http.Handler, error) {
	if err := checkRoutes(all); err != nil {
		return nil, err
	}
	guard, err := sameOrigin(d)
	if err != nil {
		return nil, err
	}
	s := &site{Deps: d, gauges: newGauges(d.Metrics), wechat: d.simulation(),
		sessions: &sessionStore{gate: d.Gate, secure: d.secure()},
		streams:  &counter{max: d.Streams, open: map[string]int{}}}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.IPExtractor = d.extractor()
	e.HTTPErrorHandler = s.fail
	e.Use(s.observe, guard)
	s.mount(e, all)
	return withHeaders(d, e), nil
}

// complete fills what may be left out and refuses what may not.
func (d Deps) complete() (Deps, error) {
	if d.Base == nil || d.Base.Host == "" {
		return d, errors.New("web: no base URL")
	}
	if d.Ready == nil || d.Ping == nil || d.Clock == nil || d.Hub == nil {
		return d, fmt.Errorf("web: a part is missing (ready %t, ping %t, clock %t, hub %t)",
			d.Ready != nil, d.Ping != nil, d.Clock != nil, d.Hub != nil)
	}
	d.fill()
	return d, nil
}

// Defaults of what streams are given.
const (
	heartbeat         = 15 * time.Second
	streamsPerAddress = 40
)

func (d *Deps) fill() {
	if d.Rand == nil {
		d.Rand = rand.Reader
	}
	if d.Closing == nil {
		d.Closing = context.Background()
	}
	if d.Heartbeat <= 0 {
		d.Heartbeat = heartbeat
	}
	if d.Streams <= 0 {
		d.Streams = streamsPerAddress
	}
	if d.FileRows <= 0 {
		d.FileRows = fileRows
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
}

// extractor decides what a caller's address is. Only named proxies may speak for others.
func (d Deps) extractor() echo.IPExtractor {
	if len(d.Proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range d.Proxies {
		trust = append(trust, echo.TrustIPRange(p))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
