package wechat

import (
	"context"
	"strconv"

	"zhanggui/internal/wire"
)

const (
	pathAuthorize   = "/connect/oauth2/authorize"
	pathAccessToken = "/sns/oauth2/access_token" //nolint:gosec // a path, not a token

	scopeBase = "snsapi_base"

	maxOpenIDBytes = 128
)

// AuthorizeURL is where a phone goes to say silently whose WeChat it is. WeChat sends it back to
// redirect with ?code=&state=. The state may have letters and digits only, at most 128.
func (c *Client) AuthorizeURL(redirect, state string) string {
	return link(c.cfg.OAuthBase, pathAuthorize,
		"appid", c.cfg.AppID, "redirect_uri", redirect, "response_type", "code",
		"scope", scopeBase, "state", state) + "#wechat_redirect"
}

// Exchange turns the code of a redirect into the openid of who came, once. It refuses with
// ErrCodeInvalid, ErrCodeUsed, ErrRefused or ErrUnavailable.
func (c *Client) Exchange(ctx context.Context, code string) (openid string, err error) {
	address := link(c.cfg.APIBase, pathAccessToken,
		"appid", c.cfg.AppID, "secret", c.cfg.AppSecret, "code", code, "grant_type", "authorization_code")
	body, err := c.caller.get(ctx, pathAccessToken, address)
	if err != nil {
		return "", err
	}
	var answer struct {
		status
		OpenID string `json:"openid"`
		Scope  string `json:"scope"`
	}
	if err := wire.ReadJSON(body, &answer); err != nil {
		return "", unavailable(pathAccessToken, err)
	}
	if err := answer.refusal(pathAccessToken); err != nil {
		return "", err
	}
	if !isOpenID(answer.OpenID) {
		return "", odd(pathAccessToken, "no openid")
	}
	return answer.OpenID, nil
}

// status is the head of the answers of api.weixin.qq.com. Errors come with HTTP 200; an answer that
// brings something may leave it out.
type status struct {
	ErrCode *int64 `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

// meanings of the errcodes that callers tell apart; all others are a mistake of ours.
var meanings = map[int64]error{
	-1:    ErrUnavailable, // "system busy"
	40029: ErrCodeInvalid,
	41008: ErrCodeInvalid, // missing code
	42003: ErrCodeInvalid, // code expired
	40163: ErrCodeUsed,
	40003: ErrUnknownPerson,
	43004: ErrNotFollowing,
	45009: ErrQuota,
	45011: ErrQuota, // too many calls a minute
}

func (s status) refusal(call string) error {
	if s.ErrCode == nil || *s.ErrCode == 0 {
		return nil
	}
	why, known := meanings[*s.ErrCode]
	if !known {
		why = ErrRefused
	}
	return refused(why, call, strconv.FormatInt(*s.ErrCode, 10), s.ErrMsg)
}

func isOpenID(s string) bool {
	if s == "" || len(s) > maxOpenIDBytes {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
