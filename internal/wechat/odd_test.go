package wechat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zhanggui/internal/wechat"
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
