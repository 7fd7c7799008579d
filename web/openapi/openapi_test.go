package openapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/wire"
)

const v3Key = "0123456789abcdefghijklmnopqrstuv"

var channelKey = sync.OnceValue(func() *wire.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	k, err := wire.NewPrivateKey("5DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", key)
	if err != nil {
		panic(err)
	}
	return k
})

// listener is the machine API over real TLS, with one handler that the test gives.
type listener struct {
	t     *testing.T
	srv   *httptest.Server
	ready atomic.Bool
	wall  *clock.Manual
	log   bytes.Buffer
}

func listening(t *testing.T, handle func(context.Context, Notice) error) *listener {
	t.Helper()
	l := &listener{t: t, wall: clock.At(clock.Wall())}
	l.ready.Store(true)
	h, err := New(Deps{Notices: Notices{"trade": handle}, Channel: []*wire.PublicKey{channelKey().Public()}, V3Key: v3Key,
		Ready: l.ready.Load, Log: slog.New(slog.NewTextHandler(&l.log, nil)), Now: l.wall.Now})
	if err != nil {
		t.Fatal(err)
	}
	l.srv = httptest.NewTLSServer(h)
	t.Cleanup(l.srv.Close)
	return l
}

func sealed(t *testing.T, resource string) []byte {
	t.Helper()
	body, err := wire.Event{ID: "EV-1", At: clock.Wall(), Type: "TRANSACTION.SUCCESS", OriginalType: "transaction", Resource: json.RawMessage(resource)}.
		Seal(v3Key, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// post sends a notification whose headers the test may spoil.
func (l *listener) post(path string, body []byte, spoil ...func(http.Header)) (int, string) {
	l.t.Helper()
	req, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.srv.URL+path, bytes.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	if err := wire.SignAnswer(channelKey(), req.Header, body, l.wall.Now(), "0123456789abcdef"); err != nil {
		l.t.Fatal(err)
	}
	for _, f := range spoil {
		f(req.Header)
	}
	return l.do(req)
}

func (l *listener) do(req *http.Request) (int, string) {
	l.t.Helper()
	res, err := l.srv.Client().Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.Header.Get("Request-ID") == "" {
		l.t.Errorf("%s: %v, Request-ID %q", req.URL.Path, err, res.Header.Get("Request-ID"))
	}
	return res.StatusCode, string(text)
}

func TestAProvenNotificationReachesItsHandler(t *testing.T) {
	t.Parallel()
	got := make(chan Notice, 1)
	l := listening(t, func(_ context.Context, n Notice) error { got <- n; return nil })
	if status, text := l.post("/channel/notify/trade", sealed(t, `{"mchid":"1900000208"}`)); status != http.StatusNoContent || text != "" {
		t.Errorf("%d %s", status, text)
	}
	if n := <-got; n.ID != "EV-1" || n.EventType != "TRANSACTION.SUCCESS" || string(n.Resource) != `{"mchid":"1900000208"}` {
		t.Errorf("%+v", n)
	}
}

const failText = `{"code":"FAIL","message":"失败"}`

func TestWhatIsNotProvenReachesNobody(t *testing.T) {
	t.Parallel()
	l := listening(t, func(_ context.Context, n Notice) error { t.Errorf("handed on: %+v", n); return nil })
	good := sealed(t, `{"total":1}`)
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for name, c := range map[string]struct {
		want  int
		body  []byte
		spoil func(http.Header)
	}{
		"another signature":  {401, good, set("Wechatpay-Signature", "AAAA")},
		"a probe":            {401, good, func(h http.Header) { h.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+h.Get("Wechatpay-Signature")) }},
		"no signature":       {401, good, func(h http.Header) { h.Del("Wechatpay-Signature") }},
		"another serial":     {401, good, set("Wechatpay-Serial", "00DE55AD98ED71D6EDD4A4A16996DE7B47773A8C")},
		"another nonce":      {401, good, set("Wechatpay-Nonce", "x")},
		"301 s ago":          {401, good, set("Wechatpay-Timestamp", seconds(l.wall.Now().Add(-301*time.Second)))},
		"in 301 s":           {401, good, set("Wechatpay-Timestamp", seconds(l.wall.Now().Add(301*time.Second)))},
		"a key twice inside": {400, sealed(t, `{"total":1,"total":2}`), func(http.Header) {}},
		"no envelope":        {400, []byte(`{"total":1}`), func(http.Header) {}},
		"no JSON":            {400, []byte(`<xml/>`), func(http.Header) {}},
		"2 MiB":              {413, bytes.Repeat([]byte("x"), 2<<20), func(http.Header) {}},
	} {
		if status, text := l.post("/channel/notify/trade", c.body, c.spoil); status != c.want || text != failText {
			t.Errorf("%s: %d %s, want %d", name, status, text, c.want)
		}
	}
	tampered := append(bytes.Clone(good[:len(good)-1]), []byte(` }`)...)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.srv.URL+"/channel/notify/trade", bytes.NewReader(tampered))
	if err != nil || wire.SignAnswer(channelKey(), req.Header, good, l.wall.Now(), "0123456789abcdef") != nil {
		t.Fatal(err)
	}
	if status, text := l.do(req); status != 401 || text != failText {
		t.Errorf("a changed body: %d %s", status, text)
	}
}

// Who names no key is answered before the body is read: it never comes.
func TestABodyThatCouldNotBeProvenIsNotReadAtAll(t *testing.T) {
	t.Parallel()
	l := listening(t, func(_ context.Context, n Notice) error { t.Errorf("handed on: %+v", n); return nil })
	endless, held := io.Pipe()
	t.Cleanup(func() { _ = held.Close() })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.srv.URL+"/channel/notify/trade", endless)
	if err != nil || wire.SignAnswer(channelKey(), req.Header, nil, l.wall.Now(), "0123456789abcdef") != nil {
		t.Fatal(err)
	}
	req.Header.Del("Wechatpay-Serial")
	if status, text := l.do(req); status != 401 || text != failText {
		t.Errorf("%d %s", status, text)
	}
}

func seconds(at time.Time) string {
	h := http.Header{}
	if err := wire.SignAnswer(channelKey(), h, nil, at, "0123456789abcdef"); err != nil {
		panic(err)
	}
	return h.Get("Wechatpay-Timestamp")
}

func TestAHandlersRefusalIsAnsweredAsFailureAndLogged(t *testing.T) {
	t.Parallel()
	var fails error
	l := listening(t, func(context.Context, Notice) error { return fails })
	for _, c := range []struct {
		err  error
		want int
	}{{fault.New("trade.contradicts").With("No", "4200001"), 409}, {errors.New("the database is away"), 500}} {
		fails = c.err
		if status, text := l.post("/channel/notify/trade", sealed(t, `{}`)); status != c.want || text != failText {
			t.Errorf("%v: %d %s", c.err, status, text)
		}
		if !strings.Contains(l.log.String(), c.err.Error()) || !strings.Contains(l.log.String(), "EV-1") {
			t.Errorf("not logged: %s", l.log.String())
		}
	}
}

func TestAHandlerThatPanicsAnswersFailure(t *testing.T) {
	t.Parallel()
	l := listening(t, func(context.Context, Notice) error { panic("a mistake of ours") })
	if status, text := l.post("/channel/notify/trade", sealed(t, `{}`)); status != 500 || strings.Contains(text, "mistake") {
		t.Errorf("%d %s", status, text)
	}
}

func TestNothingIsBookedBeforeReady(t *testing.T) {
	t.Parallel()
	l := listening(t, func(context.Context, Notice) error { t.Error("handed on"); return nil })
	l.ready.Store(false)
	if status, text := l.post("/channel/notify/trade", sealed(t, `{}`)); status != 503 || text != failText {
		t.Errorf("%d %s", status, text)
	}
}

func TestWhatDoesNotExistIsSaidInTheProtocolsWords(t *testing.T) {
	t.Parallel()
	l := listening(t, func(context.Context, Notice) error { return nil })
	for _, path := range []string{"/channel/notify/nonsense", "/channel/notify/trade/more", "/", "/v3/none", "/channel/notify/"} {
		if status, text := l.post(path, sealed(t, `{}`)); status != 404 || !strings.Contains(text, `"code":"RESOURCE_NOT_EXISTS"`) {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.srv.URL+"/channel/notify/trade", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, text := l.do(req); status != 404 || !strings.Contains(text, "RESOURCE_NOT_EXISTS") {
		t.Errorf("GET: %d %s", status, text)
	}
}

func TestARimWithoutKeysDoesNotStart(t *testing.T) {
	t.Parallel()
	whole := Deps{Channel: []*wire.PublicKey{channelKey().Public()}, V3Key: v3Key, Ready: func() bool { return true }}
	for name, spoil := range map[string]func(*Deps){
		"readiness": func(d *Deps) { d.Ready = nil }, "the channel's key": func(d *Deps) { d.Channel = nil }, "the APIv3 key": func(d *Deps) { d.V3Key = "short" },
	} {
		d := whole
		spoil(&d)
		if _, err := New(d); err == nil {
			t.Errorf("starts without %s", name)
		}
	}
}
