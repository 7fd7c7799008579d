package wechat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
)

// odd is a WeChat that answers whatever the test says.
func odd(t *testing.T, handle http.HandlerFunc) *wechat.Client {
	t.Helper()
	srv := httptest.NewServer(handle)
	t.Cleanup(srv.Close)
	return newClient(t, oddConfig(srv.URL))
}

func oddConfig(base string) wechat.Config {
	return wechat.Config{
		OAuthBase: base, PayAppBase: base, APIBase: base, PayBase: base, FraudBase: base,
		AppID: "wx1", AppSecret: "topsecret", MchID: "1800000001", APIKey: testKey,
	}
}

func says(body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, body) }
}

func TestOddAnswersToAnExchangeAreNoAnswer(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]http.HandlerFunc{
		"nothing":             says(""),
		"null":                says("null"),
		"an empty object":     says("{}"),
		"a page":              says("<html>busy</html>"),
		"an openid twice":     says(`{"openid":"o1","OpenID":"o2"}`),
		"a number as openid":  says(`{"openid":1}`),
		"a list as openid":    says(`{"openid":["o1"]}`),
		"an openid of spaces": says(`{"openid":"o 1"}`),
		"an endless openid":   says(`{"openid":"` + strings.Repeat("o", 129) + `"}`),
		"an endless answer":   says(`{"openid":"o1","x":"` + strings.Repeat("o", 70<<10) + `"}`),
		"text as errcode":     says(`{"errcode":"40029"}`),
		"system busy":         says(`{"errcode":-1,"errmsg":"system error"}`),
		"a status of 500":     func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusInternalServerError) },
		"a redirect": func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				_, _ = io.WriteString(rw, `{"openid":"o1"}`)
				return
			}
			http.Redirect(rw, r, "/elsewhere", http.StatusFound)
		},
		"a connection that breaks": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		openid, err := odd(t, handle).Exchange(t.Context(), "thecode")
		if !errors.Is(err, wechat.ErrUnavailable) || openid != "" {
			t.Errorf("%s: %q, %v", name, openid, err)
		}
		if err != nil && (strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), "thecode")) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

func TestWeChatsErrorCodesAreToldApart(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{
		`{"errcode":40029,"errmsg":"invalid code"}`:   wechat.ErrCodeInvalid,
		`{"errcode":40163,"errmsg":"code been used"}`: wechat.ErrCodeUsed,
		`{"errcode":41008,"errmsg":"missing code"}`:   wechat.ErrCodeInvalid,
		`{"errcode":40013,"errmsg":"invalid appid"}`:  wechat.ErrRefused,
		`{"errcode":45009,"errmsg":"reach max"}`:      wechat.ErrQuota,
		`{"errcode":99999}`:                           wechat.ErrRefused,
	} {
		_, err := odd(t, says(answer)).Exchange(t.Context(), "c")
		var named *wechat.APIError
		if !errors.Is(err, want) || !errors.As(err, &named) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestACancelledExchangeEndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := odd(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := client.Exchange(ctx, "c"); !errors.Is(err, wechat.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// checker answers the person check with what the test makes of an honest answer.
func checker(t *testing.T, token string, bend func(ask, honest wire.Fields) []byte) *wechat.Client {
	t.Helper()
	return odd(t, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "getaccesstoken") {
			_, _ = io.WriteString(rw, token)
			return
		}
		body, _ := io.ReadAll(r.Body)
		ask, err := wire.ReadXML(body)
		if err != nil || ask.Verify(testKey, wire.HMACSHA256) != nil {
			t.Errorf("the question: %v, %s", err, body)
		}
		honest := wire.Fields{
			"return_code": "SUCCESS", "result_code": "SUCCESS", "mch_id": ask["mch_id"], "appid": ask["appid"],
			"openid": ask["openid"], "access_token": ask["access_token"], "nonce_str": "n",
			"verify_openid": "V_OP_NM_MA", "verify_real_name": "V_NM_ID_MA",
		}
		_, _ = rw.Write(bend(ask, honest))
	})
}

func sealed(f wire.Fields, key string, as wire.SignType) []byte {
	body, err := f.Seal(key, as).WriteXML()
	if err != nil {
		panic(err)
	}
	return body
}

func set(f wire.Fields, name, value string) wire.Fields { f[name] = value; return f }

const goodToken = `{"retcode":0,"retmsg":"ok","access_token":"T1"}`

func TestVerdictsAreReadFromWeChatsWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[[2]string]identity.Verdict{
		{"V_OP_NM_MA", "V_NM_ID_MA"}:            identity.Match,
		{"V_OP_NM_MA;V_OP_X", "V_NM_ID_MA"}:     identity.Match,
		{"V_OP_NM_MA", "V_NM_ID_UM"}:            identity.NoMatch,
		{"V_OP_NM_MA", "V_NM_ID_TYPE_UM"}:       identity.NoMatch,
		{"V_OP_NM_MA", ""}:                      identity.NoMatch,
		{"V_OP_NM_UM", "V_NM_ID_MA"}:            identity.NoMatch,
		{"V_OP_NM_MA;V_OP_NM_UM", "V_NM_ID_MA"}: identity.NoMatch,
		{"V_OP_NA", ""}:                         identity.Unknown,
		{"V_OP_NA;V_OP_NM_MA", "V_NM_ID_MA"}:    identity.Unknown,
		{"SOMETHING_NEW", "V_NM_ID_MA"}:         identity.NoMatch,
	} {
		client := checker(t, goodToken, func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "verify_openid", words[0]), "verify_real_name", words[1]), testKey, wire.HMACSHA256)
		})
		got, err := client.Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if err != nil || got != want {
			t.Errorf("%v: %v, %v", words, got, err)
		}
	}
}

func TestAVerdictThatIsNotProvenIsNoVerdict(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(ask, f wire.Fields) []byte{
		"unsigned": func(_, f wire.Fields) []byte {
			body, _ := f.WriteXML()
			return body
		},
		"signed with another key": func(_, f wire.Fields) []byte { return sealed(f, strings.Repeat("x", 32), wire.HMACSHA256) },
		"signed more weakly":      func(_, f wire.Fields) []byte { return sealed(f, testKey, wire.MD5) },
		"about another person":    func(_, f wire.Fields) []byte { return sealed(set(f, "openid", "o2"), testKey, wire.HMACSHA256) },
		"an older answer":         func(_, f wire.Fields) []byte { return sealed(set(f, "access_token", "T0"), testKey, wire.HMACSHA256) },
		"for another merchant":    func(_, f wire.Fields) []byte { return sealed(set(f, "mch_id", "1"), testKey, wire.HMACSHA256) },
		"without the comparison":  func(_, f wire.Fields) []byte { return sealed(set(f, "verify_openid", ""), testKey, wire.HMACSHA256) },
		"not XML":                 func(_, _ wire.Fields) []byte { return []byte("busy") },
		"WeChat's own system error": func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "result_code", "FAIL"), "err_code", "SYSTEM_ERROR"), testKey, wire.HMACSHA256)
		},
		"changed after signing": func(_, f wire.Fields) []byte {
			return []byte(strings.Replace(string(sealed(set(f, "verify_openid", "V_OP_NM_UM"), testKey, wire.HMACSHA256)), "V_OP_NM_UM", "V_OP_NM_MA", 1))
		},
	} {
		got, err := checker(t, goodToken, bend).Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if !errors.Is(err, wechat.ErrUnavailable) || got != identity.Unknown {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestAMissingPermissionAndABadSignatureAreOurs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(ask, f wire.Fields) []byte
		want error
	}{
		"no permission": {func(_, f wire.Fields) []byte {
			return sealed(set(set(f, "result_code", "FAIL"), "err_code", "NO_API_AUTH"), testKey, wire.HMACSHA256)
		}, wechat.ErrNotPermitted},
		"signature": {func(_, _ wire.Fields) []byte {
			return []byte("<xml><return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg></xml>")
		}, wechat.ErrRefused},
	} {
		_, err := checker(t, goodToken, c.bend).Compare(t.Context(), "o1", "c", identity.Person{Name: "李思文", IDType: identity.IDCard, IDNumber: "1"})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOddAnswersToAConsentAreNoVerdict(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]error{
		`{}`:                                     wechat.ErrUnavailable,
		`{"retcode":0}`:                          wechat.ErrUnavailable,
		`{"retcode":0,"access_token":""}`:        wechat.ErrUnavailable,
		`{"retcode":"0","access_token":"T"}`:     wechat.ErrUnavailable,
		`{"retcode":0,"RETCODE":0}`:              wechat.ErrUnavailable,
		`{"retcode":-1,"retmsg":"code is used"}`: identity.ErrCodeRefused,
		`{"access_token":"T1"}`:                  wechat.ErrUnavailable,
	} {
		client := checker(t, token, func(_, f wire.Fields) []byte { return sealed(f, testKey, wire.HMACSHA256) })
		if _, err := client.Compare(t.Context(), "o1", "c", identity.Person{Name: "李", IDType: identity.IDCard, IDNumber: "1"}); !errors.Is(err, want) {
			t.Errorf("%s: %v", token, err)
		}
	}
}

func TestARefusedTokenIsFetchedAgainOnce(t *testing.T) {
	t.Parallel()
	var tokens, sends atomic.Int32
	client := odd(t, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "stable_token") {
			body, _ := io.ReadAll(r.Body)
			if forced := strings.Contains(string(body), `"force_refresh":true`); forced != (tokens.Add(1) > 1) {
				t.Errorf("token call %d: %s", tokens.Load(), body)
			}
			_, _ = io.WriteString(rw, `{"access_token":"T`+string('0'+rune(tokens.Load()))+`","expires_in":7200}`)
			return
		}
		sends.Add(1)
		_, _ = io.WriteString(rw, `{"errcode":40001,"errmsg":"invalid credential"}`)
	})
	err := client.Send(t.Context(), inbox.Notice{OpenID: "o1", Template: "signin", Title: "t"})
	if !errors.Is(err, wechat.ErrRefused) || tokens.Load() != 2 || sends.Load() != 2 {
		t.Errorf("%d tokens, %d sends, %v", tokens.Load(), sends.Load(), err)
	}
}

func TestOddAnswersToANoticeAreNoAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ token, send string }{
		"no token":             {`{}`, `{"errcode":0}`},
		"a token for ever":     {`{"access_token":"T","expires_in":9999999}`, `{"errcode":0}`},
		"a token for no time":  {`{"access_token":"T","expires_in":0}`, `{"errcode":0}`},
		"a page":               {`{"access_token":"T","expires_in":7200}`, `<html>`},
		"an object of nothing": {`{"access_token":"T","expires_in":7200}`, `{}`},
	} {
		client := odd(t, func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "stable_token") {
				says(c.token)(rw, r)
				return
			}
			says(c.send)(rw, r)
		})
		if err := client.Send(t.Context(), inbox.Notice{OpenID: "o1", Template: "signin", Title: "t"}); !errors.Is(err, wechat.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsThatCannotWorkAreNamedTogether(t *testing.T) {
	t.Parallel()
	_, err := wechat.New(wechat.Config{
		OAuthBase: "open.weixin.qq.com", PayAppBase: "https://payapp.weixin.qq.com", APIBase: "http://api.weixin.qq.com",
		PayBase: "https://api.mch.weixin.qq.com", FraudBase: "https://u:p@fraud.mch.weixin.qq.com", AppID: "wx1", APIKey: "short",
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"OAuthBase", "APIBase must be https", "FraudBase", "AppSecret", "MchID", "APIKey"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "PayAppBase") || strings.Contains(err.Error(), "AppID") {
		t.Errorf("names what is right: %v", err)
	}
}

func TestLinksHaveTheOrderThatWeChatExpects(t *testing.T) {
	t.Parallel()
	client := newClient(t, wechat.Config{
		OAuthBase: "https://open.weixin.qq.com", PayAppBase: "https://payapp.weixin.qq.com/", APIBase: "https://api.weixin.qq.com",
		PayBase: "https://api.mch.weixin.qq.com", FraudBase: "https://fraud.mch.weixin.qq.com",
		AppID: "wx1", AppSecret: "s", MchID: "1800000001", APIKey: testKey,
	})
	const back = "https://portal.example/m/oauth?x=1&y=2"
	want := "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fportal.example%2Fm%2Foauth%3Fx%3D1%26y%3D2" +
		"&response_type=code&scope=snsapi_base&state=S1#wechat_redirect"
	if got := client.AuthorizeURL(back, "S1"); got != want {
		t.Error(got)
	}
	want = "https://payapp.weixin.qq.com/appauth/authindex?mch_id=1800000001&appid=wx1&redirect_uri=https%3A%2F%2Fportal.example%2Fm%2Foauth%3Fx%3D1%26y%3D2" +
		"&response_type=code&scope=pay_identity&state=S1#wechat_redirect"
	if got := client.ConsentURL(back, "S1"); got != want {
		t.Error(got)
	}
}
