package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

func (w world) accountTokenOf(path, body string) string {
	w.t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	value, _ := w.ask(method, path, body)["access_token"].(string)
	if value == "" {
		w.t.Fatalf("%s gave no token", path)
	}
	return value
}

func (w world) newToken() string {
	return w.accountTokenOf("/cgi-bin/token"+query(map[string]string{"grant_type": "client_credential", "appid": DemoAppID, "secret": testSecret}), "")
}

func (w world) stableToken(force bool) string {
	return w.accountTokenOf("/cgi-bin/stable_token",
		fmt.Sprintf(`{"grant_type":"client_credential","appid":%q,"secret":%q,"force_refresh":%t}`, DemoAppID, testSecret, force))
}

// post sends a template message and returns the errcode.
func (w world) post(token, openid, template, key, data string) int {
	return w.errcode(http.MethodPost, "/cgi-bin/message/template/send?access_token="+token,
		fmt.Sprintf(`{"touser":%q,"template_id":%q,"url":"https://portal.example:8443/m/x","client_msg_id":%q,"data":%s}`, openid, template, key, data))
}

const data = `{"first":{"value":"新设备登录"},"登录账号":{"value":"admin01"}}`

func TestAnOlderTokenWorksFiveMinutesMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := OpenID(DemoAppID, "p-lisiwen")
	first, second := w.newToken(), w.newToken()
	if first == second || w.post(first, li, "signin", "", data) != 0 || w.post(second, li, "signin", "", data) != 0 {
		t.Error("both should work at once")
	}
	w.wall.Advance(accountOverlap)
	if w.post(first, li, "signin", "", data) != 42001 || w.post(second, li, "signin", "", data) != 0 {
		t.Error("only the newer should work after five minutes")
	}
}

func TestTheStableTokenIsTheSameForAllUntilForced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := OpenID(DemoAppID, "p-lisiwen")
	first := w.stableToken(false)
	if again := w.stableToken(false); again != first {
		t.Error("another token without need")
	}
	forced := w.stableToken(true)
	if forced == first || w.post(first, li, "signin", "", data) != 42001 || w.post(forced, li, "signin", "", data) != 0 {
		t.Error("by force there is a new token, and the old one ends")
	}
	w.wall.Advance(accountLife - accountOverlap)
	if later := w.stableToken(false); later == forced {
		t.Error("a token about to end is given out")
	}
}

func TestATokenNeedsTheAccountsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	usual := map[string]string{"grant_type": "client_credential", "appid": DemoAppID, "secret": testSecret}
	for change, want := range map[[2]string]int{
		{"grant_type", "x"}: 40002, {"appid", "wx0"}: 40013, {"appid", ""}: 41002, {"secret", "x"}: 40125, {"secret", ""}: 41004,
	} {
		if got := w.errcode(http.MethodGet, "/cgi-bin/token"+query(usual, change[0], change[1]), ""); got != want {
			t.Errorf("%v: %d, want %d", change, got, want)
		}
	}
	for _, body := range []string{"x", `{"appid":"a","APPID":"b"}`} {
		if got := w.errcode(http.MethodPost, "/cgi-bin/stable_token", body); got != 47001 {
			t.Errorf("%s: %d", body, got)
		}
	}
}

func TestAMessageIsKeptAsTheContractShowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := OpenID(DemoAppID, "p-lisiwen")
	token := w.newToken()
	for range 2 {
		if code := w.post(token, li, "signin", "K1", data); code != 0 {
			t.Fatal(code)
		}
	}
	if code := w.post(token, OpenID(DemoAppID, "p-chenjing"), "signin", "K1", data); code != 0 {
		t.Fatal(code)
	}
	got, err := w.Messages(t.Context(), li)
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	got[0].ID = "1"
	body, _ := json.Marshal(got[0])
	want := `{"id":"1","openid":"` + li + `","template":"signin","sent_at":"2026-11-22T11:20:05+08:00","title":"新设备登录",` +
		`"fields":{"登录账号":"admin01"},"url":"https://portal.example:8443/m/x"}`
	if string(body) != want {
		t.Errorf("%s", body)
	}
	w.business.Advance(time.Hour)
	if w.post(token, li, "binding", "K2", data) != 0 || w.post(token, li, "binding", "", data) != 0 || w.post(token, li, "binding", "", data) != 0 {
		t.Fatal("not sent")
	}
	if got, _ := w.Messages(t.Context(), li); len(got) != 4 || got[0].Template != "binding" || got[3].Template != "signin" {
		t.Errorf("not newest first: %+v", got)
	}
}

func TestAMessageIsRefusedWithWeChatsNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, li := w.newToken(), OpenID(DemoAppID, "p-lisiwen")
	long := fmt.Sprintf(`{"a":{"value":%q}}`, strings.Repeat("长", maxFieldRunes+1))
	for name, c := range map[string]struct{ got, want int }{
		"no token":            {w.post("", li, "signin", "", data), 41001},
		"a made-up token":     {w.post("x", li, "signin", "", data), 40001},
		"nobody":              {w.post(token, "oNobody", "signin", "", data), 40003},
		"not a follower":      {w.post(token, OpenID(DemoAppID, "p-qianduo"), "signin", "", data), 43004},
		"no template":         {w.post(token, li, "", "", data), 40037},
		"a strange template":  {w.post(token, li, "No Such", "", data), 40037},
		"nothing to say":      {w.post(token, li, "signin", "", `{}`), 47003},
		"an empty place":      {w.post(token, li, "signin", "", `{"a":{"value":""}}`), 47003},
		"too much in a place": {w.post(token, li, "signin", "", long), 47003},
		"broken JSON":         {w.post(token, li, "signin", "", `{`), 47001},
		"a place twice":       {w.post(token, li, "signin", "", `{"a":{"value":"1"},"A":{"value":"2"}}`), 47001},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	if got, _ := w.Messages(t.Context(), li); len(got) != 0 {
		t.Errorf("kept all the same: %+v", got)
	}
}

func TestWhatPeopleChangedStaysChanged(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	w := worldOn(t, d)
	if err := w.Follow(t.Context(), "p-lisiwen", false); err != nil {
		t.Fatal(err)
	}
	if err := w.Verify(t.Context(), "p-zhaoyi", true); err != nil {
		t.Fatal(err)
	}
	again := worldOn(t, d)
	phones, err := again.Phones(t.Context())
	if err != nil || len(phones) != len(Persons) {
		t.Fatalf("%d phones, %v", len(phones), err)
	}
	for _, p := range phones {
		if p.Follows == (p.ID == "p-lisiwen" || p.ID == "p-qianduo") || !p.Verified || p.Name == "" {
			t.Errorf("%+v", p)
		}
	}
	if _, err := again.Phone(t.Context(), "p-nobody"); !fault.Is(err, fault.ErrNotFound.Code) {
		t.Errorf("nobody: %v", err)
	}
	if err := again.Follow(t.Context(), "p-nobody", true); !fault.Is(err, fault.ErrNotFound.Code) {
		t.Errorf("nobody: %v", err)
	}
}
