package wechat_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
)

var drawnKeys = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return keys
})

func drawnKey(i int, id string) *wire.PrivateKey {
	k, err := wire.NewPrivateKey(id, drawnKeys()[i])
	if err != nil {
		panic(err)
	}
	return k
}

func ourKey() *wire.PrivateKey   { return drawnKey(0, "5DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C") }
func theirKey() *wire.PrivateKey { return drawnKey(1, "PUB_KEY_ID_0118000000010000000000000000") }

// channelSaying is a channel that proves who asks, and answers as the test wants it.
func channelSaying(t *testing.T, answer func(http.ResponseWriter, *http.Request, []byte)) *wechat.Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		a, err := wire.ReadAuthorization(r.Header.Get("Authorization"))
		if err == nil {
			err = a.Verify(ourKey().Public(), r.Method, r.RequestURI, body, clock.Wall())
		}
		if err != nil || a.MchID != "1800000001" || r.Header.Get("Wechatpay-Serial") != theirKey().KeyID() {
			t.Errorf("%s %s: %v, %+v", r.Method, r.RequestURI, err, a)
		}
		answer(rw, r, body)
	}))
	t.Cleanup(srv.Close)
	return newClient(t, wechat.Config{OAuthBase: srv.URL, PayAppBase: srv.URL, APIBase: srv.URL, PayBase: srv.URL + "/base", FraudBase: srv.URL,
		AppID: "wx1", AppSecret: testSecret, MchID: "1800000001", APIKey: testKey,
		Channel: &wechat.Channel{Key: ourKey(), Platform: []*wire.PublicKey{theirKey().Public()}}})
}

// proven answers with a signature over what is said.
func proven(t *testing.T, rw http.ResponseWriter, status int, body string) {
	t.Helper()
	if err := wire.SignAnswer(theirKey(), rw.Header(), []byte(body), clock.Wall(), "0123456789abcdef"); err != nil {
		t.Error(err)
	}
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, body)
}

func TestACallIsSignedAndItsAnswerProven(t *testing.T) {
	t.Parallel()
	c := channelSaying(t, func(rw http.ResponseWriter, r *http.Request, body []byte) {
		if r.Method != http.MethodPost || r.RequestURI != "/base/v3/x?y=%E4%B8%AD" || string(body) != `{"amount":1}` {
			t.Errorf("%s %s %s", r.Method, r.RequestURI, body)
		}
		proven(t, rw, http.StatusOK, `{"status":"SUCCESS"}`)
	})
	var got struct{ Status string }
	if err := c.Call(t.Context(), http.MethodPost, "/v3/x?y=%E4%B8%AD", map[string]int{"amount": 1}, &got); err != nil || got.Status != "SUCCESS" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnAnswerWithoutContentIsProvenToo(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusAccepted, http.StatusNoContent} {
		c := channelSaying(t, func(rw http.ResponseWriter, _ *http.Request, _ []byte) { proven(t, rw, status, "") })
		if err := c.Call(t.Context(), http.MethodGet, "/v3/x", nil, nil); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAnAnswerThatProvesNothingIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(http.Header){
		"unsigned":       func(h http.Header) { h.Del("Wechatpay-Signature") },
		"a probe":        func(h http.Header) { h.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/xyz") },
		"old":            func(h http.Header) { h.Set("Wechatpay-Timestamp", "1554208460") },
		"of another key": func(h http.Header) { h.Set("Wechatpay-Serial", ourKey().KeyID()) },
	} {
		c := channelSaying(t, func(rw http.ResponseWriter, _ *http.Request, _ []byte) {
			h := http.Header{}
			if err := wire.SignAnswer(theirKey(), h, []byte(`{}`), clock.Wall(), "0123456789abcdef"); err != nil {
				t.Error(err)
			}
			spoil(h)
			for n, v := range h {
				rw.Header()[n] = v
			}
			_, _ = io.WriteString(rw, `{}`)
		})
		if err := c.Call(t.Context(), http.MethodGet, "/v3/x", nil, &struct{}{}); !errors.Is(err, wechat.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusalsOfTheChannelAreToldApart(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		status int
		err    error
	}{
		`{"code":"RESOURCE_NOT_EXISTS","message":"查询的资源不存在"}`: {404, wechat.ErrNotThere},
		`{"code":"INVALID_REQUEST","message":"请求不符合规则"}`:      {400, wechat.ErrRefused},
		`{"code":"SIGN_ERROR","message":"签名错误"}`:              {401, wechat.ErrRefused},
		`{"code":"NO_AUTH","message":"无权限"}`:                  {403, wechat.ErrNotPermitted},
		`{"code":"FREQUENCY_LIMITED","message":"频率限制"}`:       {429, wechat.ErrQuota},
		`{"code":"SYSTEM_ERROR","message":"系统错误"}`:            {500, wechat.ErrUnavailable},
		`<html>`: {502, wechat.ErrUnavailable},
		`{}`:     {400, wechat.ErrUnavailable},
		``:       {302, wechat.ErrUnavailable},
	} {
		c := channelSaying(t, func(rw http.ResponseWriter, _ *http.Request, _ []byte) {
			rw.Header().Set("Location", "/elsewhere")
			rw.WriteHeader(want.status)
			_, _ = io.WriteString(rw, body)
		})
		err := c.Call(t.Context(), http.MethodGet, "/v3/x?name=secret", nil, nil)
		if !errors.Is(err, want.err) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d %s: %v", want.status, body, err)
		}
	}
}

func TestAnOrderIsAskedForInItsOwnersName(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 3)
	c := channelSaying(t, func(rw http.ResponseWriter, r *http.Request, _ []byte) {
		asked <- r.RequestURI
		proven(t, rw, http.StatusOK, `{"transaction_id":"4200001","trade_state":"SUCCESS","amount":{"total":100}}`)
	})
	if o, err := c.QueryTrade(t.Context(), "4200001", "1900000208", ""); err != nil || o.Amount.Total != 100 {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := c.QueryTrade(t.Context(), "4200001", "1230000001", "1230000101"); err != nil {
		t.Error(err)
	}
	if _, err := c.QueryTrade(t.Context(), "4200002", "1900000208", ""); !errors.Is(err, wechat.ErrUnavailable) {
		t.Errorf("an answer about another order: %v", err)
	}
	for _, want := range []string{"/base/v3/pay/transactions/id/4200001?mchid=1900000208", "/base/v3/pay/partner/transactions/id/4200001?sp_mchid=1230000001&sub_mchid=1230000101"} {
		if got := <-asked; got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	}
}

func TestAChannelThatIsSilentIsLeftInTime(t *testing.T) {
	t.Parallel()
	silence := make(chan struct{})
	c := channelSaying(t, func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		select {
		case <-silence:
		case <-r.Context().Done():
		}
	})
	defer close(silence)
	begun := clock.Wall()
	if err := c.Call(t.Context(), http.MethodGet, "/v3/x", nil, nil); !errors.Is(err, wechat.ErrUnavailable) {
		t.Error(err)
	}
	if took := clock.Wall().Sub(begun); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
