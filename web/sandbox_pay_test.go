package web

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"zhanggui/internal/sandbox"
	"zhanggui/internal/wire"
)

var payKeys = sync.OnceValue(func() (keys [2]*wire.PrivateKey) {
	for i := range keys {
		keys[i] = must1(wire.NewPrivateKey("5DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", must1(rsa.GenerateKey(rand.Reader, 2048))))
	}
	return keys
})

// payingPortal is a portal whose simulated channel tells somebody who answers with the status.
func payingPortal(t *testing.T, status *atomic.Int32) *portal {
	t.Helper()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) }))
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	return newPortal(t, func(d *Deps) {
		d.World.WeChat = sandbox.New(d.DB, sandbox.Persons, sandbox.Config{AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID,
			APIKey: testKey, RedirectHosts: []string{d.Base.Host}, Business: d.Clock, Channel: &sandbox.Channel{Key: payKeys()[0],
				Caller: payKeys()[1].Public(), V3Key: strings.Repeat("k", 32), Notify: srv.URL, Roots: roots}})
	})
}

func answering(status int32) *atomic.Int32 {
	var s atomic.Int32
	s.Store(status)
	return &s
}

func TestAPersonPaysAMerchantOnThePhone(t *testing.T) {
	t.Parallel()
	p := payingPortal(t, answering(http.StatusNoContent))
	c := p.browser()
	form := c.get("/sandbox/phone/p-lisiwen/pay?mchid=1900000208").is(http.StatusOK).
		has("option[value=1900000208][selected]").has("input[name=amount]").has("input[name=_once][type=hidden]").has("form[data-form=main]")
	if strings.Contains(form.body, "1230000001") {
		t.Error("a service provider takes payments")
	}
	slip := c.submit(form, "mchid", "1900000208", "amount", "12.50").is(http.StatusOK).says("支付成功", "12.50 元", "云上百货", "4200009")
	again := c.submit(form, "mchid", "1900000208", "amount", "12.50").is(http.StatusOK)
	if slip.url.Path != again.url.Path {
		t.Errorf("the same form paid %s and %s", slip.url.Path, again.url.Path)
	}
	c.submit(form, "mchid", "1900000208", "amount", "13").is(http.StatusUnprocessableEntity).says("这张付款单已经付过")
	c.get("/sandbox/phone/p-lisiwen/pay").says("最近的付款", "云上百货", "12.50")
	c.get(strings.Replace(slip.url.Path, "p-lisiwen", "p-sumingyue", 1)).is(http.StatusNotFound)
	c.get("/sandbox/phone/p-lisiwen/pay/4200000000000000000000000000").is(http.StatusNotFound)
}

func TestAPaymentThatCannotBeMadeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := payingPortal(t, answering(http.StatusNoContent))
	c := p.browser()
	form := c.get("/sandbox/phone/p-lisiwen/pay").is(http.StatusOK)
	for amount, words := range map[string]string{"": "金额没有读懂", "0": "金额须在", "1.234": "金额没有读懂", "-1": "金额须在", "1,000,000,000": "金额须在"} {
		c.submit(form, "mchid", "1900000208", "amount", amount).is(http.StatusUnprocessableEntity).says(words).has("option[value=1900000208][selected]")
	}
	c.submit(form, "mchid", "nobody", "amount", "1").is(http.StatusUnprocessableEntity).says("没有这个可以收款的商户").has("input[name=amount][value=1]")
	c.post("/sandbox/phone/p-lisiwen/pay", "mchid", "1900000208", "amount", "1").is(http.StatusUnprocessableEntity).says("重新打开付款页")
	c.submit(form, "mchid", "1900000208", "amount", "1").is(http.StatusOK).says("支付成功")
}

func TestThePhoneSaysThatThePlatformHasNotHeardOfAPayment(t *testing.T) {
	t.Parallel()
	p := payingPortal(t, answering(http.StatusServiceUnavailable))
	c := p.browser()
	form := c.get("/sandbox/phone/p-lisiwen/pay").is(http.StatusOK)
	c.submit(form, "mchid", "1900000208", "amount", "1").is(http.StatusOK).says("支付成功", "还没有接受支付通知", "503")
}

func TestAPaymentCodeIsScanned(t *testing.T) {
	t.Parallel()
	p := payingPortal(t, answering(http.StatusNoContent))
	c := p.browser()
	for _, code := range []string{"1900000109", p.url + "/sandbox/pay?mchid=1900000109"} {
		c.scans("p-lisiwen", code, nil).is(http.StatusOK).has("option[value=1900000109][selected]")
	}
}

func TestScriptsMakeTradesAndReadTheChannelsBook(t *testing.T) {
	t.Parallel()
	status := answering(http.StatusNoContent)
	p := payingPortal(t, status)
	c := p.browser()
	ask := func(path, body string) *answer {
		return c.do(http.MethodPost, path, nil, func(r *http.Request) {
			*r = *must1(http.NewRequestWithContext(r.Context(), http.MethodPost, p.url+path, strings.NewReader(body)))
			r.Header.Set("Content-Type", "application/json")
		})
	}
	var made struct{ Trades []paidTrade }
	must(t, json.Unmarshal([]byte(ask("/sandbox/api/trades", `{"mchid":"1230000101","amount":100,"count":3,"person":"p-lisiwen"}`).is(200).body), &made))
	if len(made.Trades) != 3 || made.Trades[0].Amount != 100 || made.Trades[0].TransactionID == "" || made.Trades[0].OutTradeNo == made.Trades[1].OutTradeNo {
		t.Errorf("%+v", made)
	}
	var book struct{ Entries []sandbox.Entry }
	must(t, json.Unmarshal([]byte(c.get("/sandbox/api/channel/book").is(200).body), &book))
	if len(book.Entries) != 3 || book.Entries[0].MchID != "1230000101" || book.Entries[0].Effects != 1 {
		t.Errorf("%+v", book)
	}
	ask("/sandbox/api/channel/faults", `{"operation":"refund","outcome":"fail","delay":"90s","duplicate":0.25,"seed":7,"times":2}`).is(200).says(`"duplicate":0.25`, `"delay":"1m30s"`)
	ask("/sandbox/api/channel/faults", `{"operation":"nap"}`).is(422)
	ask("/sandbox/api/channel/faults", `{"operation":"refund","duplicate":2}`).is(400)
	ask("/sandbox/api/trades", `{"mchid":"1230000101","amount":0,"count":1,"person":"p-lisiwen"}`).is(422)
	ask("/sandbox/api/trades", `{"mchid":"1230000101","amount":1,"count":0,"person":"p-lisiwen"}`).is(422)
	status.Store(http.StatusConflict)
	ask("/sandbox/api/trades", `{"mchid":"1230000101","amount":1,"count":1,"person":"p-lisiwen"}`).is(422).says("没有接受支付通知", "409")
	p.ready.Store(false)
	ask("/sandbox/api/trades", `{"mchid":"1230000101","amount":1,"count":1,"person":"p-lisiwen"}`).is(503)
}
