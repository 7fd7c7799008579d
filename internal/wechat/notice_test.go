package wechat_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"zhanggui/internal/inbox"
	"zhanggui/internal/wechat"
)

func TestARefusedTokenIsFetchedAgainOnce(t *testing.T) {
	t.Parallel()
	var tokens, sends atomic.Int32
	client := odd(t, func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "stable_token") {
			body, _ := io.ReadAll(r.Body)
			if forced := strings.Contains(string(body), `"force_refresh":true`); forced != (tokens.Add(1) > 1) {
				t.Errorf("token call %d: %s", tokens.Load(), body)
			}
			_, _ = fmt.Fprintf(rw, `{"access_token":"T%d","expires_in":7200}`, tokens.Load())
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
