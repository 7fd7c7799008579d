package wechat_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/wechat"
)

const (
	testSecret = "0123456789abcdef0123456789abcdef"
	testKey    = "abcdefghijklmnopqrstuvwxyz012345"
	testState  = "Zx81"
)

// town is the simulated WeChat with the real client in front of it.
type town struct {
	client *wechat.Client
	wechat *sandbox.WeChat
	wall   *clock.Manual // WeChat's own clock
	back   string        // where people are sent back to
	base   string
	cfg    wechat.Config
}

func newTown(t *testing.T) town {
	t.Helper()
	d := dbtest.Clone(t)
	wall := clock.At(clock.Wall())
	srv := httptest.NewUnstartedServer(nil)
	w := sandbox.New(d, sandbox.Persons, sandbox.Config{
		AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey,
		RedirectHosts: []string{srv.Listener.Addr().String()}, Business: clock.System{}, Now: wall.Now,
	})
	mux := http.NewServeMux()
	mux.Handle(sandbox.Prefix+"/", w.Handler())
	mux.HandleFunc("POST "+sandbox.Prefix+sandbox.ConsentPath, func(rw http.ResponseWriter, r *http.Request) {
		back, err := w.Decide(r, r.FormValue("decision") == "confirm")
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		http.Redirect(rw, r, back, http.StatusFound)
	})
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(srv.Close)
	base := srv.URL + sandbox.Prefix
	cfg := wechat.Config{
		OAuthBase: base, PayAppBase: base, APIBase: base, PayBase: base, FraudBase: base,
		AppID: sandbox.DemoAppID, AppSecret: testSecret, MchID: sandbox.DemoMchID, APIKey: testKey,
	}
	return town{client: newClient(t, cfg), wechat: w, wall: wall, back: srv.URL + "/m/oauth", base: base, cfg: cfg}
}

func newClient(t *testing.T, cfg wechat.Config) *wechat.Client {
	t.Helper()
	c, err := wechat.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// phone is a person's in-app browser, which shows redirects instead of following them.
func (w town) phone(t *testing.T, person string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	phone := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if status, _ := open(t, phone, http.MethodGet, w.base+"/as/"+person, nil); status != http.StatusOK {
		t.Fatalf("as %s: %d", person, status)
	}
	return phone
}

// open asks for a page and returns the status and where it redirects to.
func open(t *testing.T, phone *http.Client, method, address string, form url.Values) (int, *url.URL) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := phone.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	to, _ := res.Location()
	return res.StatusCode, to
}

// signIn walks the person through the silent sign-in and returns the code.
func (w town) signIn(t *testing.T, person string) string {
	t.Helper()
	status, to := open(t, w.phone(t, person), http.MethodGet, w.client.AuthorizeURL(w.back, testState), nil)
	if status != http.StatusFound || to.Query().Get("state") != testState || !strings.HasPrefix(to.String(), w.back+"?") {
		t.Fatalf("authorize: %d, %v", status, to)
	}
	return to.Query().Get("code")
}

// consent walks the person through the consent page and returns the code, empty if they refused.
func (w town) consent(t *testing.T, person, decision string) string {
	t.Helper()
	address, _, _ := strings.Cut(w.client.ConsentURL(w.back, testState), "#")
	status, to := open(t, w.phone(t, person), http.MethodPost, address, url.Values{"decision": {decision}})
	if status != http.StatusFound || to.Query().Get("state") != testState {
		t.Fatalf("consent: %d, %v", status, to)
	}
	return to.Query().Get("code")
}

func (w town) openid(person string) string { return sandbox.OpenID(sandbox.DemoAppID, person) }
