package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/merchant"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
	"zhanggui/internal/wire"
	"zhanggui/web/openapi"
)

var drawnKeys = sync.OnceValue(func() (keys [2]*wire.PrivateKey) {
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err == nil {
			keys[i], err = wire.NewPrivateKey("5DDE55AD98ED71D6EDD4A4A16996DE7B47773A8"+strconv.Itoa(i), key)
		}
		if err != nil {
			panic(err)
		}
	}
	return keys
})

const testV3Key = "0123456789abcdefghijklmnopqrstuv"

// counter is a provider behind real TLS: it counts which order was told how often.
type provider struct {
	mu    sync.Mutex
	told  map[string]int
	order []string
	fail  error
}

func (p *provider) take(_ context.Context, n openapi.Notice) error {
	var t wire.Transaction
	if err := wire.ReadJSON(n.Resource, &t); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.told[t.TransactionID]++
	p.order = append(p.order, t.TransactionID)
	return nil
}

func (p *provider) refuse(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

// payWorld is a simulated channel whose provider listens over TLS.
type payWorld struct {
	*WeChat
	t        *testing.T
	provider *provider
	business *clock.Manual
	worker   *job.Worker
}

func newPayWorld(t *testing.T) payWorld {
	t.Helper()
	d := dbtest.Clone(t)
	p := &provider{told: map[string]int{}}
	ours, theirs := drawnKeys()[0], drawnKeys()[1]
	h, err := openapi.New(openapi.Deps{Notices: openapi.Notices{"trade": p.take}, Channel: []*wire.PublicKey{theirs.Public()}, V3Key: testV3Key,
		Ready: func() bool { return true }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewTLSServer(h)
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	business := clock.At(time.Date(2026, 11, 22, 3, 20, 5, 0, time.UTC))
	w := New(d, Persons, Config{AppID: DemoAppID, AppSecret: testSecret, MchID: DemoMchID, APIKey: testKey, Business: business,
		Channel: &Channel{Key: theirs, Caller: ours.Public(), V3Key: testV3Key, Notify: srv.URL, Roots: roots}})
	openShops(t, d, business.Now())
	jobs := job.NewRegistry()
	jobs.Handle(NotifyKind, w.Deliver)
	return payWorld{w, t, p, business, job.NewWorker(d, business, jobs, signal.NewHub())}
}

func openShops(t *testing.T, d *db.DB, at time.Time) {
	t.Helper()
	v, err := vault.Open([]byte(testSecret))
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		for _, m := range Merchants {
			if err := merchant.Create(t.Context(), tx, v, m.New, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w payWorld) pays(merchant int64, count int) []Paid {
	w.t.Helper()
	made, err := w.Pay(w.t.Context(), Payment{Person: "p-lisiwen", Merchant: merchant, Amount: 1250, Count: count})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// later moves the clock and does what falls due.
func (w payWorld) later(by time.Duration) {
	w.t.Helper()
	w.business.Advance(by)
	if _, err := w.worker.DrainDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestTwoHundredPaymentsAreEachToldOnce(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	made := w.pays(1900000208, 200)
	w.later(25 * time.Hour)
	for _, p := range made {
		if p.Refused != "" || w.provider.told[p.TransactionID] != 1 {
			t.Errorf("%s: told %d times, %s", p.TransactionID, w.provider.told[p.TransactionID], p.Refused)
		}
	}
	book, err := w.Book(t.Context())
	if err != nil || len(book) != 200 || book[0].Effects != 1 || book[0].MchID != "1900000208" || book[0].Amount != 1250 || book[0].Status != "SUCCESS" {
		t.Errorf("the book has %d lines, %v", len(book), err)
	}
}

func TestAPaymentIsToldToTheProviderOfASubMerchant(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	sub := w.pays(1230000101, 1)[0].transaction()
	if sub.SPMchID != "1230000001" || sub.SubMchID != "1230000101" || sub.MchID != "" || sub.Payer.SPOpenID == "" || sub.Payer.OpenID != "" {
		t.Errorf("%+v", sub)
	}
	own := w.pays(1900000208, 1)[0].transaction()
	if own.MchID != "1900000208" || own.SPMchID != "" || own.Payer.OpenID == "" || own.Amount.Total != 1250 {
		t.Errorf("%+v", own)
	}
}

func TestARefusedNotificationComesAgainUntilItIsAccepted(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	w.provider.refuse(fault.New("trade.suspended"))
	p := w.pays(1900000208, 1)[0]
	if p.Refused == "" {
		t.Fatal("nobody says that it was refused")
	}
	w.later(14 * time.Second)
	w.later(15 * time.Minute)
	if w.provider.told[p.TransactionID] != 0 {
		t.Fatal("told although refused")
	}
	w.provider.refuse(nil)
	w.later(20 * time.Minute)
	if w.provider.told[p.TransactionID] != 1 {
		t.Errorf("told %d times", w.provider.told[p.TransactionID])
	}
	w.later(48 * time.Hour)
	if again, err := w.PaidAs(t.Context(), "p-lisiwen", p.TransactionID); err != nil || again.Refused != "" || w.provider.told[p.TransactionID] != 1 {
		t.Errorf("%+v, %v, told %d times", again, err, w.provider.told[p.TransactionID])
	}
}

func TestTheScheduleOfRetriesIsTheChannels(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	w.provider.refuse(errors.New("never"))
	w.pays(1900000208, 1)
	total := time.Duration(0)
	for _, wait := range retries {
		total += wait
	}
	if total != 24*time.Hour+4*time.Minute || len(retries) != 15 {
		t.Errorf("%d retries in %v", len(retries), total)
	}
	for range 40 {
		w.later(time.Hour)
	}
	var tries int
	if err := w.store.db.PG().QueryRow(t.Context(), "SELECT attempts FROM sandbox.events").Scan(&tries); err != nil || tries != 16 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestProbesDuplicatesAndLateNotificationsReachTheProviderInTheEnd(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	var f Faults
	if err := json.Unmarshal([]byte(`{"operation":"trade","signtest":1,"duplicate":1.0,"seed":7,"times":1}`), &f); err != nil {
		t.Fatal(err)
	}
	if err := w.SetFaults(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	first, second := w.pays(1900000208, 1)[0], w.pays(1900000208, 1)[0]
	if first.Refused == "" || second.Refused != "" {
		t.Fatalf("the probe: %q, then %q", first.Refused, second.Refused)
	}
	w.later(20 * time.Second)
	if w.provider.told[first.TransactionID] != 2 || w.provider.told[second.TransactionID] != 1 || w.provider.order[0] != second.TransactionID {
		t.Errorf("told %v in the order %v", w.provider.told, w.provider.order)
	}
}

func TestTheSameFormPaysOnce(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	var all sync.WaitGroup
	numbers := make(chan string, 8)
	for range 8 {
		all.Go(func() {
			made, err := w.Pay(t.Context(), Payment{Person: "p-lisiwen", Merchant: 1900000208, Amount: 100, Count: 1, Once: "k1"})
			if err != nil || len(made) != 1 {
				t.Errorf("%v, %v", made, err)
				return
			}
			numbers <- made[0].TransactionID
		})
	}
	all.Wait()
	close(numbers)
	first := <-numbers
	for no := range numbers {
		if no != first {
			t.Errorf("paid %s and %s", first, no)
		}
	}
	if _, err := w.Pay(t.Context(), Payment{Person: "p-lisiwen", Merchant: 1900000208, Amount: 200, Count: 1, Once: "k1"}); !fault.Is(err, "sandbox.paid_other") {
		t.Errorf("other values: %v", err)
	}
	if book, err := w.Book(t.Context()); err != nil || len(book) != 1 {
		t.Errorf("%d lines, %v", len(book), err)
	}
}

func TestWhatCannotBePaidIsRefused(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	good := Payment{Person: "p-lisiwen", Merchant: 1900000208, Amount: 100, Count: 1}
	for code, spoil := range map[string]func(*Payment){
		"sandbox.amount": func(p *Payment) { p.Amount = 0 }, "sandbox.count": func(p *Payment) { p.Count = PaymentsMax + 1 },
		"sandbox.trade_type": func(p *Payment) { p.Type = "CASH" }, "sandbox.no_person": func(p *Payment) { p.Person = "p-nobody" },
		"sandbox.no_payee": func(p *Payment) { p.Merchant = 1999999999 },
	} {
		p := good
		spoil(&p)
		if _, err := w.Pay(t.Context(), p); fault.All(err) == nil || fault.All(err)[0].Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := w.Pay(t.Context(), Payment{Person: "p-lisiwen", Merchant: 1230000001, Amount: 100, Count: 1}); !fault.Is(err, "sandbox.no_payee") {
		t.Errorf("a service provider: %v", err)
	}
}

func TestFaultsAreDrawnFromTheirSeedSoManyTimes(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	draw := func() (all []Fault) {
		f := Faults{Operation: "payout", Outcome: OutcomeBankReturn, Delay: Duration(time.Hour), Duplicate: certain / 2, Reorder: certain / 2, Seed: 42, Times: 20}
		if err := w.SetFaults(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		for range 21 {
			d, err := w.Fault(t.Context(), "payout")
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, d)
		}
		return all
	}
	first, again, doubled := draw(), draw(), 0
	for i := range first {
		if first[i] != again[i] {
			t.Errorf("the %dth of one seed: %+v and %+v", i, first[i], again[i])
		}
		if first[i].Duplicate {
			doubled++
		}
	}
	if first[0].Outcome != OutcomeBankReturn || first[0].Delay != time.Hour || first[20] != (Fault{Outcome: OutcomeSuccess}) {
		t.Errorf("%+v, after the last %+v", first[0], first[20])
	}
	if doubled < 3 || doubled > 17 {
		t.Errorf("%d of 20 doubled", doubled)
	}
}

func TestFaultsThatNobodyCanMeanAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"duplicate":-0.1}`, `{"duplicate":1.1}`, `{"duplicate":1e999999999}`, `{"duplicate":"1/3"}`, `{"delay":"soon"}`, `{"seed":0.5}`, `{"times":1.5}`} {
		if json.Unmarshal([]byte(text), &Faults{}) == nil {
			t.Errorf("%s is read", text)
		}
	}
	for text, want := range map[string]Chance{`0`: 0, `1`: certain, `1.0`: certain, `0.005`: 5000, `5e-3`: 5000, `0.0000001`: 0} {
		var f Faults
		if err := json.Unmarshal([]byte(`{"signtest":`+text+`}`), &f); err != nil || f.SignTest != want {
			t.Errorf("%s is %d, %v", text, f.SignTest, err)
		}
	}
	w := newPayWorld(t)
	for _, f := range []Faults{{Operation: "sleep"}, {Operation: "refund", Outcome: "maybe"}, {Operation: "refund", Delay: -1}, {Operation: "refund", Times: -1}} {
		if err := w.SetFaults(t.Context(), f); fault.All(err) == nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

// asked sends a signed query of an order.
func (w payWorld) asked(path, mchid string) int {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, Prefix+path, nil)
	proof, err := wire.SignRequest(drawnKeys()[0], mchid, r.Method, r.RequestURI, nil, clock.Wall(), "0123456789abcdef")
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", proof)
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	if err := wire.VerifyAnswer([]*wire.PublicKey{drawnKeys()[1].Public()}, rec.Header(), rec.Body.Bytes(), clock.Wall()); err != nil {
		w.t.Errorf("%s: %v", path, err)
	}
	return rec.Code
}

func TestAnOrderIsToldToItsOwnersAlone(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	own, sub := w.pays(1900000208, 1)[0].TransactionID, w.pays(1230000101, 1)[0].TransactionID
	for path, want := range map[string]int{
		"/v3/pay/transactions/id/" + own + "?mchid=1900000208":                                 200,
		"/v3/pay/transactions/id/" + own + "?mchid=1900000109":                                 404,
		"/v3/pay/transactions/id/" + own:                                                       404,
		"/v3/pay/transactions/id/4200000000000000000000000000?mchid=1900000208":                404,
		"/v3/pay/partner/transactions/id/" + sub + "?sp_mchid=1230000001&sub_mchid=1230000101": 200,
		"/v3/pay/partner/transactions/id/" + sub + "?sp_mchid=1230000001&sub_mchid=1230000102": 404,
		"/v3/pay/transactions/id/" + sub + "?mchid=1230000101":                                 404,
	} {
		if got := w.asked(path, DemoMchID); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if got := w.asked("/v3/pay/transactions/id/"+own+"?mchid=1900000208", "1800000002"); got != 401 {
		t.Errorf("signed in another's name: %d", got)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, Prefix+"/v3/pay/transactions/id/"+own+"?mchid=1900000208", nil)
	rec := httptest.NewRecorder()
	if w.Handler().ServeHTTP(rec, r); rec.Code != 401 {
		t.Errorf("unsigned: %d", rec.Code)
	}
}
