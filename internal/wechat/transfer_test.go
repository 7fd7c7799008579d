package wechat_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/transfer"
	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
)

// counter is the simulated channel over TLS, with the real client in front of it.
type counter struct {
	client *wechat.Client
	wechat *sandbox.WeChat
	cfg    wechat.Config
	clock  *clock.Manual
}

// certificate is somebody's own.
func certificate(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.Wall()
	made := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, made, made, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func newCounter(t *testing.T, d *db.DB) counter {
	t.Helper()
	ours := certificate(t, "1230000001")
	business := clock.At(time.Date(2026, 11, 23, 9, 30, 0, 0, clock.Beijing))
	w := sandbox.New(d, sandbox.Persons, sandbox.Config{AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey,
		Business: business, Channel: &sandbox.Channel{V3Key: testKey, Certificate: ours.Leaf}})
	srv := httptest.NewUnstartedServer(w.Handler())
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	base := srv.URL + sandbox.Prefix
	cfg := wechat.Config{OAuthBase: base, PayAppBase: base, APIBase: base, PayBase: base, FraudBase: base, Certificate: &ours, Roots: roots,
		AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey}
	return counter{newClient(t, cfg), w, cfg, business}
}

func order(person, number string) transfer.Order {
	return transfer.Order{Number: number, OpenID: sandbox.OpenID(sandbox.DemoAppID, person), Check: transfer.NoCheck, Amount: 88_00, Description: "十月报销",
		Address: "203.0.113.7"}
}

const payNo = "1900000208202611234000000001"

func TestAPersonIsPaidOnceUnderANumberAndTheirPhoneShowsIt(t *testing.T) {
	t.Parallel()
	c := newCounter(t, dbtest.Clone(t))
	o := order("p-zhangmin", payNo)
	o.Check, o.Name = transfer.ForceCheck, "张敏"
	first, err := c.client.SendPayment(t.Context(), o)
	if err != nil || first.Verdict != transfer.Paid || first.PaymentNo == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := c.client.SendPayment(t.Context(), o)
	if err != nil || again != first {
		t.Errorf("again: %+v, %v", again, err)
	}
	found, err := c.client.FindPayment(t.Context(), payNo)
	if err != nil || found.Verdict != transfer.Paid || found.PaymentNo != first.PaymentNo || found.Amount != o.Amount {
		t.Errorf("found: %+v, %v", found, err)
	}
	o.Amount++
	if other, err := c.client.SendPayment(t.Context(), o); err != nil || other.Verdict != transfer.Unknown {
		t.Errorf("another amount under the number: %+v, %v", other, err)
	}
	book, err := c.wechat.Book(t.Context())
	if err != nil || len(book) != 1 || book[0] != (sandbox.Entry{Operation: "transfer", OutNo: payNo, MchID: "1900000208", Amount: 88_00, Status: "SUCCESS", Effects: 1}) {
		t.Errorf("the book says %+v, %v", book, err)
	}
	chat, err := c.wechat.Messages(t.Context(), o.OpenID)
	if err != nil || len(chat) != 1 || chat[0].Fields["入账金额"] != "88.00 元" {
		t.Errorf("the phone shows %+v, %v", chat, err)
	}
}

func TestWhoCannotBePaidIsRefusedForCertain(t *testing.T) {
	t.Parallel()
	c := newCounter(t, dbtest.Clone(t))
	named := func(o transfer.Order, name string) transfer.Order {
		o.Check, o.Name = transfer.ForceCheck, name
		return o
	}
	stranger := order("p-zhangmin", payNo)
	stranger.OpenID = "oNobody"
	for code, o := range map[string]transfer.Order{"NAME_MISMATCH": named(order("p-zhangmin", payNo), "张明"), "OPENID_ERROR": stranger,
		"V2_ACCOUNT_SIMPLE_BAN": order("p-zhaoyi", payNo)} {
		a, err := c.client.SendPayment(t.Context(), o)
		if err != nil || a.Verdict != transfer.Refused || a.Code != code {
			t.Errorf("%s: %+v, %v", code, a, err)
		}
	}
	if a, err := c.client.FindPayment(t.Context(), payNo); err != nil || a.Verdict != transfer.NotFound {
		t.Errorf("found: %+v, %v", a, err)
	}
}

func TestWithoutOurCertificateOrKeyNothingIsPaidAndNothingIsCertain(t *testing.T) {
	t.Parallel()
	c := newCounter(t, dbtest.Clone(t))
	other := certificate(t, "another")
	for name, change := range map[string]func(*wechat.Config){
		"no certificate":      func(c *wechat.Config) { c.Certificate = nil },
		"another certificate": func(c *wechat.Config) { c.Certificate = &other },
		"another key":         func(c *wechat.Config) { c.APIKey = "another0123456789another012345678"[:32] },
	} {
		cfg := c.cfg
		change(&cfg)
		client := newClient(t, cfg)
		if a, err := client.SendPayment(t.Context(), order("p-zhangmin", payNo)); err != nil || a.Verdict != transfer.Unknown {
			t.Errorf("%s: sent %+v, %v", name, a, err)
		}
		if a, err := client.FindPayment(t.Context(), payNo); err != nil || a.Verdict != transfer.Unknown {
			t.Errorf("%s: found %+v, %v", name, a, err)
		}
	}
	if book, err := c.wechat.Book(t.Context()); err != nil || len(book) != 0 {
		t.Errorf("the book says %v, %v", book, err)
	}
}

func TestAChannelThatBreaksOffDelaysOrFailsIsAskedAfter(t *testing.T) {
	t.Parallel()
	c := newCounter(t, dbtest.Clone(t))
	fault := func(f sandbox.Faults) {
		t.Helper()
		f.Operation, f.Times = "transfer", 1
		if err := c.wechat.SetFaults(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	number := func(n string) string { return payNo[:27] + n }
	fault(sandbox.Faults{TimeoutAfterEffect: 1_000_000})
	if a, err := c.client.SendPayment(t.Context(), order("p-zhangmin", number("1"))); err == nil {
		t.Errorf("no answer comes as %+v", a)
	}
	fault(sandbox.Faults{Outcome: sandbox.OutcomeFail})
	if a, err := c.client.SendPayment(t.Context(), order("p-lihua", number("2"))); err != nil || a.Verdict != transfer.Unknown {
		t.Errorf("a failure is %+v, %v", a, err)
	}
	fault(sandbox.Faults{Delay: sandbox.Duration(time.Hour)})
	if a, err := c.client.SendPayment(t.Context(), order("p-bailu", number("3"))); err != nil || a.Verdict != transfer.Unknown {
		t.Errorf("a delay is %+v, %v", a, err)
	}
	for n, want := range map[string]transfer.Verdict{"1": transfer.Paid, "2": transfer.Refused, "3": transfer.Going, "4": transfer.NotFound} {
		if a, err := c.client.FindPayment(t.Context(), number(n)); err != nil || a.Verdict != want {
			t.Errorf("payment %s: %+v, %v, want %s", n, a, err, want)
		}
	}
}

func TestAnAnswerThatIsNoneLeavesAPaymentOpen(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"not XML": "<html>busy</html>", "empty": "", "a system error": `<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>SYSTEMERROR</err_code></xml>`,
		"another number": `<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><partner_trade_no>other</partner_trade_no><payment_no>1</payment_no><status>SUCCESS</status><payment_amount>8800</payment_amount></xml>`,
		"short of money": `<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>NOTENOUGH</err_code></xml>`} {
		srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(body)) }))
		t.Cleanup(srv.Close)
		client := newClient(t, wechat.Config{OAuthBase: srv.URL, PayAppBase: srv.URL, APIBase: srv.URL, PayBase: srv.URL, FraudBase: srv.URL,
			AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey})
		if a, err := client.SendPayment(t.Context(), order("p-zhangmin", payNo)); err == nil && a.Verdict != transfer.Unknown {
			t.Errorf("%s: sent %+v", name, a)
		}
		if a, err := client.FindPayment(t.Context(), payNo); err == nil && a.Verdict != transfer.Unknown {
			t.Errorf("%s: found %+v", name, a)
		}
	}
}

func TestAnAddressTooLongForTheWireIsSentAsNobodys(t *testing.T) {
	t.Parallel()
	c := newCounter(t, dbtest.Clone(t))
	long := order("p-zhangmin", payNo)
	long.Address = "2001:db8:85a3:1111:2222:8a2e:1370:7334"
	if a, err := c.client.SendPayment(t.Context(), long); err != nil || a.Verdict != transfer.Paid {
		t.Errorf("a long address: %+v, %v", a, err)
	}
	got := ""
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if ask, err := wire.ReadXML(body); err == nil {
			got = ask["spbill_create_ip"]
		}
	}))
	t.Cleanup(srv.Close)
	client := newClient(t, wechat.Config{OAuthBase: srv.URL, PayAppBase: srv.URL, APIBase: srv.URL, PayBase: srv.URL, FraudBase: srv.URL,
		AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey})
	for address, want := range map[string]string{"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8::7": "2001:db8::7",
		"2001:0db8:0000:0000:0000:0000:0000:0007": "2001:db8::7", "fe80::1%eth0": "fe80::1", long.Address: "192.0.2.1", "": "192.0.2.1"} {
		o := long
		o.Address = address
		if _, err := client.SendPayment(t.Context(), o); err == nil || got != want {
			t.Errorf("%s is sent as %s, want %s (%v)", address, got, want, err)
		}
	}
}
