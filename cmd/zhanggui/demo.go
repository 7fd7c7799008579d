package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/seed"
	"zhanggui/internal/vault"
	"zhanggui/internal/wechat"
)

// runDemo serves everything on this machine: people can sign in at once, the orders of the last
// twelve months follow while they do.
func runDemo(ctx context.Context, p program, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s := p.settings
	s.Listen, s.APIListen = reachable(s.Listen), reachable(s.APIListen)
	if s.BaseURL == "" {
		s.BaseURL = "http://" + s.Listen
	}
	key, err := demoKey(s)
	if err != nil {
		return err
	}
	platform, err := demoPlatformKey(s)
	if err != nil {
		return err
	}
	keys, err := readDemoKeys(s.Data, s.APIListen, platform.Public())
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, s, true)
	if err != nil {
		return err
	}
	defer d.close(ctx)
	if err := d.ready(ctx, true); err != nil {
		return err
	}
	now, err := db.NewClock(ctx, d.DB)
	if err != nil {
		return err
	}
	channel, err := keys.channel(demoSecrets(key).v3Key)
	if err != nil {
		return err
	}
	a, err := newApp(parts{database: d, clock: now, key: key, platform: platform, channel: channel, anchor: s.anchor(), base: s.BaseURL,
		wechat: demoWeChat(s, key, keys, channel), limits: s.limits()})
	if err != nil {
		return err
	}
	a.demoDays = s.DemoDays
	if err := seed.Cast(ctx, a.seedParts(now.Now())); err != nil {
		return err
	}
	world, err := a.world(s, now, key, keys)
	if err != nil {
		return err
	}
	h, err := a.handler(ctx, s, world)
	if err != nil {
		return err
	}
	fronts, err := a.fronts(ctx, s, h)
	if err != nil {
		return err
	}
	return a.run(ctx, p, s, fronts, d, now)
}

// reachable names this machine in an address that names none (":8080"), so that it can be opened.
func reachable(address string) string {
	if host, port, err := net.SplitHostPort(address); err == nil && host == "" {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

// demoWeChat points the real client at the simulated WeChat of this process.
func demoWeChat(s settings, key []byte, keys demoKeys, channel channelParts) wechat.Config {
	base := "http://" + s.Listen + sandbox.Prefix
	public := s.BaseURL + sandbox.Prefix
	k := demoSecrets(key)
	return wechat.Config{
		OAuthBase: public, PayAppBase: public, APIBase: base, PayBase: base, FraudBase: base,
		AppID: sandbox.DemoAppID, AppSecret: k.appSecret, MchID: sandbox.DemoMchID, APIKey: k.apiKey,
		Channel: channel.upstream, CertBase: "https://" + s.APIListen + sandbox.Prefix, Certificate: &channel.proof, Roots: keys.roots(),
	}
}

// secrets are what the simulated WeChat and its client share: of this data folder alone.
type secrets struct{ appSecret, apiKey, v3Key string }

func demoSecrets(key []byte) secrets {
	v, err := vault.Open(key)
	if err != nil {
		panic(err) // the key's length was checked when it was read
	}
	draw := func(name string) string { return hex.EncodeToString(v.MAC("demo", name))[:32] }
	return secrets{appSecret: draw("appsecret"), apiKey: draw("apikey"), v3Key: draw("v3key")}
}

func (a *app) seedParts(now time.Time) seed.Parts {
	return seed.Parts{DB: a.db, Vault: a.vault, Gate: a.gateAt, Sign: a.signer, Now: now, Days: a.demoDays,
		Analyze: func(ctx context.Context) error { return db.Analyze(ctx, a.dsn) }}
}

// run serves and seeds until ctx ends.
func (a *app) run(ctx context.Context, p program, s settings, fronts []front, d database, now clock.Clock) error {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); a.work(ctx) }()
	go a.fill(ctx, now.Now())
	if err := a.serveMetrics(ctx, s); err != nil {
		slog.ErrorContext(ctx, "metrics are not served", "error", err)
	}
	fmt.Fprintf(p.out, "\n  掌柜 is at %s\n  phones and people: %s/sandbox/\n  machine API: https://%s\n\n", s.BaseURL, s.BaseURL, s.APIListen)
	err := serveUntil(ctx, d.died(), fronts...)
	stop()
	<-done
	return err
}

// fill brings the orders in; the portal is ready afterwards.
func (a *app) fill(ctx context.Context, now time.Time) {
	if err := seed.Orders(ctx, a.seedParts(now)); err != nil {
		if ctx.Err() == nil {
			slog.ErrorContext(ctx, "the demo's orders did not come in", "error", err)
		}
		return
	}
	a.open()
}
