package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"strconv"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/topup"
	"zhanggui/internal/wire"
	"zhanggui/web"
)

// world is the simulated WeChat with its people, and the handle that moves time.
func (a *app) world(s settings, now *db.Clock, key []byte, keys demoKeys) (*web.World, error) {
	k := demoSecrets(key)
	channel, err := keys.simulatedChannel(s, k.v3Key)
	if err != nil {
		return nil, err
	}
	told, err := platformCredentials(a.signer, keys)
	if err != nil {
		return nil, err
	}
	told.APIBaseURL = channel.Notify
	w := sandbox.New(a.db, sandbox.Persons, sandbox.Config{
		AppID: sandbox.DemoAppID, AppSecret: k.appSecret, MchID: sandbox.DemoMchID, APIKey: k.apiKey,
		RedirectHosts: []string{a.base.Host, s.Listen}, Business: now, Channel: channel,
	})
	a.jobs.Handle(sandbox.NotifyKind, w.Deliver)
	a.jobs.Handle(sandbox.BankKind, w.EndPayout)
	a.jobs.Handle(sandbox.TransferKind, w.EndTransfer)
	a.simulated = w.Handler()
	return &web.World{
		WeChat: w, Offset: now.Offset,
		TopUp: func(ctx context.Context, mchid int64, account string, amount money.Fen) (string, error) {
			return a.fromBank(ctx, w, mchid, account, amount)
		},
		Cast:    func(ctx context.Context) (web.Credentials, error) { return a.credentials(ctx, w, told) },
		Advance: func(ctx context.Context, by time.Duration) (map[string]int, error) { return a.advance(ctx, now, by) },
	}, nil
}

// simulatedChannel is the channel's side of what stands between it and us.
func (k demoKeys) simulatedChannel(s settings, v3Key string) (*sandbox.Channel, error) {
	theirs, err := k.simulated.signer()
	ours, bad := k.upstream.signer()
	if err := errors.Join(err, bad); err != nil {
		return nil, err
	}
	return &sandbox.Channel{Key: theirs, Caller: ours.Public(), V3Key: v3Key, Certificate: k.upstream.cert, Notify: "https://" + s.APIListen,
		Roots: k.roots()}, nil
}

// roots are who may certify the demo's listeners.
func (k demoKeys) roots() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(k.ca.cert)
	return roots
}

// besides answers the simulated WeChat's paths on the machine API's listener as well: there connections carry
// certificates.
func besides(api, simulated http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle(sandbox.Prefix+"/", simulated)
	return mux
}

// apiCredentials is what programs need to trust the machine API.
type apiCredentials struct {
	APIBaseURL string
	CA         string
	Platform   web.CredPlatform
}

func platformCredentials(key *wire.PrivateKey, k demoKeys) (apiCredentials, error) {
	public, err := key.Public().PEM()
	return apiCredentials{CA: certPEM(k.ca.cert), Platform: web.CredPlatform{Serial: wire.Serial(k.platform), CertificatePEM: certPEM(k.platform),
		PublicKeyID: key.KeyID(), PublicKeyPEM: public}}, err
}

// fromBank lets a merchant's owner transfer money to the platform, with the account's own reference.
func (a *app) fromBank(ctx context.Context, w *sandbox.WeChat, mchid int64, account string, amount money.Fen) (string, error) {
	m, err := merchant.Get(ctx, a.db.PG(), mchid)
	if err != nil {
		return "", err
	}
	return w.Transfer(ctx, sandbox.BankTransfer{Merchant: mchid, Account: account, Amount: amount,
		Reference: topup.Reference(mchid, ledger.Account(account)), PayerName: m.LegalName})
}

// advance walks the clock forward. The walk takes a while itself: it is made up for, so that the clock
// stands ahead by exactly so much more.
func (a *app) advance(ctx context.Context, now *db.Clock, by time.Duration) (map[string]int, error) {
	lead := now.Offset() + by
	ran, err := a.worker.Walk(ctx, now, now.Now().Add(by))
	if err == nil {
		err = now.Lead(ctx, lead)
	}
	if err == nil {
		err = a.alerts().Look(ctx)
	}
	return ran, err
}

// credentials tells a script all it needs to act in the demo.
func (a *app) credentials(ctx context.Context, w *sandbox.WeChat, api apiCredentials) (web.Credentials, error) {
	c := web.Credentials{BaseURL: a.base.String(), APIBaseURL: &api.APIBaseURL, CAPEM: &api.CA, Platform: &api.Platform}
	bound, err := identity.BoundLogins(ctx, a.db.PG())
	if err != nil {
		return c, err
	}
	for _, m := range sandbox.Merchants {
		c.Merchants = append(c.Merchants, castMerchant(m, bound))
	}
	c.Operators = operators(bound)
	phones, err := w.Phones(ctx)
	for _, p := range phones {
		c.Persons = append(c.Persons, web.CredPerson{ID: p.ID, Name: p.Name, OpenID: p.OpenID,
			IDType: string(p.IDType), IDNumber: p.IDNumber, Mobile: p.Mobile})
	}
	return c, err
}

func castMerchant(m sandbox.CastMerchant, bound map[string]bool) web.CredMerchant {
	id := strconv.FormatInt(m.ID, 10)
	c := web.CredMerchant{
		MchID: id, Name: m.ShortName, Kind: string(m.Kind), AccountSystem: string(m.System),
		SettlementCycle: string(m.Cycle), SettlementAccount: m.SettlementAccount, AppID: m.AppID,
	}
	if m.Parent != 0 {
		parent := strconv.FormatInt(m.Parent, 10)
		c.ParentMchID = &parent
	}
	for _, each := range m.Members {
		c.Members = append(c.Members, castMember(each, "@"+id, bound))
	}
	return c
}

func operators(bound map[string]bool) *[]web.CredMember {
	var all []web.CredMember
	for _, each := range sandbox.Operators {
		all = append(all, castMember(each, "@ops", bound))
	}
	return &all
}

func castMember(m sandbox.CastMember, at string, bound map[string]bool) web.CredMember {
	c := web.CredMember{Login: m.Login + at, Role: string(m.Role), Bound: bound[m.Login+at], Person: m.Person}
	if !c.Bound {
		c.InitialPassword = &m.Password
	}
	return c
}
