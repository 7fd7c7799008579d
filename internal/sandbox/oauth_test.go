package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

func TestAScriptBecomesAPersonsPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := w.do(http.MethodGet, "/as/p-lisiwen", "", "")
	cookies := strings.Join(rec.Header().Values("Set-Cookie"), "\n")
	if rec.Code != http.StatusOK || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/plain") ||
		!strings.Contains(cookies, "zg_as=p-lisiwen; Path=/sandbox/wechat/; HttpOnly; SameSite=Lax") ||
		!strings.Contains(cookies, "zg_m=; Path=/m/; Max-Age=0") {
		t.Errorf("%d\n%s", rec.Code, cookies)
	}
	if rec := w.do(http.MethodGet, "/as/p-nobody", "", ""); rec.Code != http.StatusNotFound || rec.Header().Get("Set-Cookie") != "" {
		t.Errorf("nobody: %d", rec.Code)
	}
}

func TestAuthorizeSendsTheHolderBackWithACode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := w.do(http.MethodGet, "/connect/oauth2/authorize"+query(usualAuthorize), "p-lisiwen", "")
	to := rec.Header().Get("Location")
	if rec.Code != http.StatusFound || !strings.HasPrefix(to, testBack+"?a=1&code=") || !strings.HasSuffix(to, "&state=S1") {
		t.Errorf("%d, %s", rec.Code, to)
	}
}

func TestAuthorizeRefusesWhatWeChatRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		person string
		change []string
		want   *fault.Refusal
	}{
		"a browser that is no phone":    {"", nil, errNotInWeChat},
		"a phone of nobody":             {"p-nobody", nil, errNotInWeChat},
		"another official account":      {"p-lisiwen", []string{"appid", "wx0"}, errAppID},
		"no official account":           {"p-lisiwen", []string{"appid", ""}, errAppID},
		"a host that is not registered": {"p-lisiwen", []string{"redirect_uri", "https://evil.example/"}, errRedirect},
		"a host that looks like it":     {"p-lisiwen", []string{"redirect_uri", "https://portal.example:8443@evil.example/"}, errRedirect},
		"another port":                  {"p-lisiwen", []string{"redirect_uri", "https://portal.example/"}, errRedirect},
		"a script as address":           {"p-lisiwen", []string{"redirect_uri", "javascript://portal.example:8443/"}, errRedirect},
		"an address without a scheme":   {"p-lisiwen", []string{"redirect_uri", "//portal.example:8443/"}, errRedirect},
		"no address":                    {"p-lisiwen", []string{"redirect_uri", ""}, errRedirect},
		"another response type":         {"p-lisiwen", []string{"response_type", "token"}, errResponseType},
		"another scope":                 {"p-lisiwen", []string{"scope", "snsapi_login"}, errScope},
		"the person check's scope":      {"p-lisiwen", []string{"scope", scopeIdentity}, errScope},
		"a state with a dash":           {"p-lisiwen", []string{"state", "a-b"}, errState},
		"a state of 129 characters":     {"p-lisiwen", []string{"state", strings.Repeat("a", 129)}, errState},
	} {
		rec := w.do(http.MethodGet, "/connect/oauth2/authorize"+query(usualAuthorize, c.change...), c.person, "")
		if said := strings.TrimSpace(rec.Body.String()); rec.Code != http.StatusBadRequest ||
			said != words.T(t.Context(), "fault."+c.want.Code) || rec.Header().Get("Location") != "" {
			t.Errorf("%s: %d, %s", name, rec.Code, said)
		}
	}
}

func TestExchangeAnswersWithWeChatsNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := w.code("p-lisiwen", "snsapi_base")
	ask := func(change ...string) int {
		return w.errcode(http.MethodGet, "/sns/oauth2/access_token"+query(usualExchange, change...), "")
	}
	good := w.ask(http.MethodGet, "/sns/oauth2/access_token"+query(usualExchange, "code", used), "")
	if good["openid"] != OpenID(DemoAppID, "p-lisiwen") || good["scope"] != "snsapi_base" || good["expires_in"] != 7200.0 {
		t.Errorf("%v", good)
	}
	late := w.code("p-lisiwen", "snsapi_base")
	w.wall.Advance(codeLife)
	for name, c := range map[string]struct {
		change []string
		want   int
	}{
		"an unknown code":       {[]string{"code", "C"}, 40029},
		"a used code":           {[]string{"code", used}, 40163},
		"a late code":           {[]string{"code", late}, 40029},
		"no code":               {[]string{"code", ""}, 41008},
		"another appid":         {[]string{"appid", "wx0"}, 40013},
		"no appid":              {[]string{"appid", ""}, 41002},
		"another secret":        {[]string{"secret", "x"}, 40125},
		"no secret":             {[]string{"secret", ""}, 41004},
		"another kind of grant": {[]string{"grant_type", "password"}, 40002},
	} {
		if got := ask(c.change...); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestAProfileTellsANicknameAndNoName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.exchanged("p-lisiwen", "snsapi_userinfo")
	path := fmt.Sprintf("?access_token=%s&openid=%s", in["access_token"], in["openid"])
	if got := w.ask(http.MethodGet, "/sns/userinfo"+path, ""); got["nickname"] != "思文" || strings.Contains(fmt.Sprint(got), "李思文") {
		t.Errorf("%v", got)
	}
	if got := w.ask(http.MethodGet, "/sns/auth"+path, ""); got["errcode"] != 0.0 || got["errmsg"] != "ok" {
		t.Errorf("%v", got)
	}
	base := w.exchanged("p-lisiwen", "snsapi_base")
	for name, c := range map[string]struct {
		query string
		want  int
	}{
		"without the scope":  {fmt.Sprintf("?access_token=%s&openid=%s", base["access_token"], base["openid"]), 48001},
		"of another person":  {fmt.Sprintf("?access_token=%s&openid=%s", in["access_token"], OpenID(DemoAppID, "p-hejun")), 40003},
		"with a made-up key": {fmt.Sprintf("?access_token=x&openid=%s", in["openid"]), 40001},
		"without a token":    {fmt.Sprintf("?openid=%s", in["openid"]), 41001},
		"without an openid":  {fmt.Sprintf("?access_token=%s", in["access_token"]), 41009},
	} {
		if got := w.errcode(http.MethodGet, "/sns/userinfo"+c.query, ""); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	w.wall.Advance(snsLife)
	if got := w.errcode(http.MethodGet, "/sns/auth"+path, ""); got != 42001 {
		t.Errorf("two hours later: %d", got)
	}
}

func TestARefreshTokenLivesThirtyDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.exchanged("p-lisiwen", "snsapi_base")
	ask := func(appid, grant string, refresh any) map[string]any {
		return w.ask(http.MethodGet, fmt.Sprintf("/sns/oauth2/refresh_token?appid=%s&grant_type=%s&refresh_token=%s", appid, grant, refresh), "")
	}
	w.wall.Advance(29 * 24 * time.Hour)
	again := ask(DemoAppID, "refresh_token", in["refresh_token"])
	if again["openid"] != in["openid"] || again["access_token"] == in["access_token"] {
		t.Errorf("%v", again)
	}
	for name, c := range map[string]struct {
		got  map[string]any
		want float64
	}{
		"an unknown token":      {ask(DemoAppID, "refresh_token", "x"), 40030},
		"a sign-in token":       {ask(DemoAppID, "refresh_token", again["access_token"]), 40030},
		"another appid":         {ask("wx0", "refresh_token", in["refresh_token"]), 40013},
		"no appid":              {ask("", "refresh_token", in["refresh_token"]), 41002},
		"another kind of grant": {ask(DemoAppID, "x", in["refresh_token"]), 40002},
	} {
		if c.got["errcode"] != c.want {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	w.wall.Advance(24 * time.Hour)
	if got := ask(DemoAppID, "refresh_token", in["refresh_token"]); got["errcode"] != 42002.0 {
		t.Errorf("thirty days later: %v", got)
	}
}
