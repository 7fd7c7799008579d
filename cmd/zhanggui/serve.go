package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"

	"zhanggui/internal/clock"
	"zhanggui/internal/wechat"
	"zhanggui/static"
)

// WeChat's own hosts.
const (
	openHost  = "https://open.weixin.qq.com"
	payHost   = "https://payapp.weixin.qq.com"
	apiHost   = "https://api.weixin.qq.com"
	fraudHost = "https://fraud.mch.weixin.qq.com"
)

// runServe serves in production: nothing of the sandbox is mounted, and every setting must be there.
func runServe(ctx context.Context, p program, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s := p.settings
	if err := errors.Join(p.unread, s.production()); err != nil {
		return fmt.Errorf("cannot start:\n%w", err)
	}
	if err := static.Check(); err != nil {
		return err
	}
	d, err := openDatabase(ctx, s, false)
	if err != nil {
		return err
	}
	defer d.close(ctx)
	if err := d.ready(ctx, false); err != nil {
		return err
	}
	a, err := productionApp(s, d)
	if err != nil {
		return err
	}
	a.open()
	h, err := a.handler(ctx, s, nil)
	if err != nil {
		return err
	}
	fronts, err := a.fronts(ctx, s, h)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := a.serveMetrics(ctx, s); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() { defer close(done); a.work(ctx) }()
	err = serveUntil(ctx, d.died(), fronts...)
	stop()
	<-done
	return err
}

// fronts opens the portal's listener and the machine API's.
func (a *app) fronts(ctx context.Context, s settings, portal http.Handler) ([]front, error) {
	api, err := a.api()
	if err != nil {
		return nil, err
	}
	if a.simulated != nil {
		api = besides(api, a.simulated)
	}
	proof, err := s.portalTLS()
	if err != nil {
		return nil, err
	}
	l, err := listen(ctx, s.Listen, proof)
	if err != nil {
		return nil, err
	}
	apiListener, err := listen(ctx, s.APIListen, a.channel.apiTLS())
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	return []front{{newServer(portal), l}, {newServer(api), apiListener}}, nil
}

func productionApp(s settings, d database) (*app, error) {
	key, err := s.masterKey()
	if err != nil {
		return nil, err
	}
	platform, err := s.platformKey()
	if err != nil {
		return nil, err
	}
	templates, err := s.templates()
	if err != nil {
		return nil, err
	}
	channel, err := s.channel()
	if err != nil {
		return nil, err
	}
	return newApp(parts{database: d, clock: clock.System{}, key: key, platform: platform, channel: channel, anchor: s.anchor(), base: s.BaseURL, limits: s.limits(), wechat: wechat.Config{
		OAuthBase: openHost, PayAppBase: payHost, APIBase: apiHost, PayBase: s.PayURL, FraudBase: fraudHost,
		AppID: s.AppID, AppSecret: s.AppSecret, MchID: s.MchID, APIKey: s.APIKey, Channel: channel.upstream, Certificate: &channel.proof, Templates: templates,
	}})
}

// networks are the trusted proxies as the portal wants them.
func networks(prefixes []netip.Prefix) []*net.IPNet {
	all := make([]*net.IPNet, len(prefixes))
	for i, p := range prefixes {
		all[i] = &net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
	}
	return all
}
