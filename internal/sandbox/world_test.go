package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

const (
	testSecret = "0123456789abcdef0123456789abcdef"
	testKey    = "abcdefghijklmnopqrstuvwxyz012345"
	testBack   = "https://portal.example:8443/m/oauth"
)

// world is a WeChat of its own for one test.
type world struct {
	*WeChat
	t        *testing.T
	wall     *clock.Manual
	business *clock.Manual
}

func newWorld(t *testing.T) world {
	t.Helper()
	return worldOn(t, dbtest.Tx(t))
}

func worldOn(t *testing.T, d *db.DB) world {
	t.Helper()
	wall, business := clock.At(clock.Wall()), clock.At(time.Date(2026, 11, 22, 3, 20, 5, 0, time.UTC))
	w := New(d, Persons, Config{
		AppID: DemoAppID, AppSecret: testSecret, MchID: DemoMchID, APIKey: testKey,
		RedirectHosts: []string{"portal.example:8443"}, Business: business, Now: wall.Now,
	})
	return world{w, t, wall, business}
}

// request builds one as the phone of a person (or of nobody).
func (w world) request(method, path, person, body string) *http.Request {
	r := httptest.NewRequestWithContext(w.t.Context(), method, Prefix+path, strings.NewReader(body))
	if person != "" {
		r.AddCookie(&http.Cookie{Name: cookieAs, Value: person})
	}
	return r
}

func (w world) do(method, path, person, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, w.request(method, path, person, body))
	return rec
}

// ask calls a JSON path.
func (w world) ask(method, path, body string) map[string]any {
	w.t.Helper()
	rec := w.do(method, path, "", body)
	var answer map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != http.StatusOK {
		w.t.Fatalf("%s: %d, %s", path, rec.Code, rec.Body)
	}
	return answer
}

func (w world) errcode(method, path, body string) int {
	w.t.Helper()
	number, _ := w.ask(method, path, body)["errcode"].(float64)
	return int(number)
}

// query writes parameters, with changes laid over the usual ones.
func query(usual map[string]string, changes ...string) string {
	values := url.Values{}
	for name, value := range usual {
		values.Set(name, value)
	}
	for i := 0; i < len(changes); i += 2 {
		if values.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			values.Del(changes[i])
		}
	}
	return "?" + values.Encode()
}

var usualAuthorize = map[string]string{
	"appid": DemoAppID, "redirect_uri": testBack + "?a=1", "response_type": "code", "scope": "snsapi_base", "state": "S1",
}

var usualExchange = map[string]string{
	"appid": DemoAppID, "secret": testSecret, "grant_type": "authorization_code", "code": "C",
}

// code signs the person in with a scope.
func (w world) code(person, scope string) string {
	w.t.Helper()
	rec := w.do(http.MethodGet, "/connect/oauth2/authorize"+query(usualAuthorize, "scope", scope), person, "")
	to, err := rec.Result().Location()
	if err != nil {
		w.t.Fatalf("%d, %s", rec.Code, rec.Body)
	}
	return to.Query().Get("code")
}

func (w world) exchanged(person, scope string) map[string]any {
	w.t.Helper()
	return w.ask(http.MethodGet, "/sns/oauth2/access_token"+query(usualExchange, "code", w.code(person, scope)), "")
}
