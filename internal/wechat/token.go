package wechat

import (
	"context"
	"encoding/json"
	"time"

	"zhanggui/internal/wire"
)

const (
	pathToken = "/cgi-bin/stable_token" //nolint:gosec // a path, not a token
	// tokenMargin is how long before its end a token is no longer begun with.
	tokenMargin = 5 * time.Minute
)

// tokenCache keeps the official account's access token. One caller at a time fetches; the others wait
// for it, each as long as its own context lasts.
type tokenCache struct {
	turn  chan struct{}
	value string
	until time.Time
}

func newTokenCache() *tokenCache { return &tokenCache{turn: make(chan struct{}, 1)} }

// accessToken is the present token. A caller whose token was refused names it as stale, and only the
// first of those fetches a new one.
func (c *Client) accessToken(ctx context.Context, stale string) (string, error) {
	select {
	case c.token.turn <- struct{}{}:
		defer func() { <-c.token.turn }()
	case <-ctx.Done():
		return "", unavailable(pathToken, ctx.Err())
	}
	if c.token.value != "" && c.token.value != stale && c.cfg.Now().Before(c.token.until) {
		return c.token.value, nil
	}
	value, life, err := c.fetchToken(ctx, stale != "" && stale == c.token.value)
	if err != nil {
		return "", err
	}
	c.token.value, c.token.until = value, c.cfg.Now().Add(max(life-tokenMargin, 0))
	return value, nil
}

// fetchToken asks for the stable token, which all replicas share: the older cgi-bin/token would end the
// token of every other replica. Only a token that was refused is replaced by force.
func (c *Client) fetchToken(ctx context.Context, force bool) (string, time.Duration, error) {
	ask, err := json.Marshal(map[string]any{
		"grant_type": "client_credential", "appid": c.cfg.AppID, "secret": c.cfg.AppSecret, "force_refresh": force,
	})
	if err != nil {
		return "", 0, err
	}
	body, err := c.caller.post(ctx, pathToken, link(c.cfg.APIBase, pathToken), "application/json", ask)
	if err != nil {
		return "", 0, err
	}
	var answer struct {
		status
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if err := wire.ReadJSON(body, &answer); err != nil {
		return "", 0, unavailable(pathToken, err)
	}
	if err := answer.refusal(pathToken); err != nil {
		return "", 0, err
	}
	if answer.Token == "" || answer.Seconds <= 0 || answer.Seconds > 86400 {
		return "", 0, odd(pathToken, "no token or no life")
	}
	return answer.Token, time.Duration(answer.Seconds) * time.Second, nil
}
