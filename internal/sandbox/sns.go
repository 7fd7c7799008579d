package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	snsLife     = 2 * time.Hour
	refreshLife = 30 * 24 * time.Hour
)

// errCode is WeChat's way to refuse: HTTP 200 and a number.
type errCode struct {
	Code int    `json:"errcode"`
	Msg  string `json:"errmsg"`
}

func (e errCode) Error() string { return e.Msg }

// WeChat's numbers.
var (
	okAnswer       = errCode{0, "ok"}
	badCredential  = errCode{40001, "invalid credential, access_token is invalid or not latest"}
	badGrant       = errCode{40002, "invalid grant_type"}
	badOpenID      = errCode{40003, "invalid openid"}
	badAppID       = errCode{40013, "invalid appid"}
	badCode        = errCode{40029, "invalid code"}
	badRefresh     = errCode{40030, "invalid refresh_token"}
	badTemplate    = errCode{40037, "invalid template_id"}
	badSecret      = errCode{40125, "invalid appsecret"}
	usedCode       = errCode{40163, "code been used"}
	missingToken   = errCode{41001, "access_token missing"}
	missingAppID   = errCode{41002, "appid missing"}
	missingSecret  = errCode{41004, "appsecret missing"}
	missingCode    = errCode{41008, "missing code"}
	missingOpenID  = errCode{41009, "missing openid"}
	tokenOver      = errCode{42001, "access_token expired"}
	refreshOver    = errCode{42002, "refresh_token expired"}
	notFollowing   = errCode{43004, "require subscribe"}
	badArgument    = errCode{47003, "argument invalid!"}
	notAuthorized  = errCode{48001, "api unauthorized"}
	malformedInput = errCode{47001, "data format error"}
)

// answer writes what the call brought, or WeChat's refusal; any other error is the sandbox's own.
func answer(rw http.ResponseWriter, r *http.Request, brought any, err error) {
	var refusal errCode
	switch {
	case err == nil:
		writeJSON(rw, r, brought)
	case errors.As(err, &refusal):
		writeJSON(rw, r, refusal)
	default:
		fail(rw, r, err)
	}
}

type signIn struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	OpenID       string `json:"openid"`
	Scope        string `json:"scope"`
}

func (w *WeChat) serveExchange(rw http.ResponseWriter, r *http.Request) {
	brought, err := w.exchange(r, r.URL.Query())
	answer(rw, r, brought, err)
}

func (w *WeChat) exchange(r *http.Request, query url.Values) (in signIn, err error) {
	if err := w.checkAccount(query.Get("appid"), query.Get("secret")); err != nil {
		return in, err
	}
	switch {
	case query.Get("grant_type") != "authorization_code":
		return in, badGrant
	case query.Get("code") == "":
		return in, missingCode
	}
	access, refresh, err := w.twoSecrets()
	if err != nil {
		return in, err
	}
	now := w.cfg.Now()
	err = w.store.useCode(r.Context(), query.Get("code"), now,
		func(c code) error {
			if !strings.HasPrefix(c.Scope, "snsapi_") {
				return badCode
			}
			in = signIn{access, int(snsLife.Seconds()), refresh, OpenID(w.cfg.AppID, c.Person), c.Scope}
			return nil
		},
		func(c code) []token {
			return []token{
				{access, "sns", c.Person, c.Scope, now.Add(snsLife)},
				{refresh, "refresh", c.Person, c.Scope, now.Add(refreshLife)},
			}
		})
	return in, codeRefusal(err)
}

func (w *WeChat) twoSecrets() (a, b string, err error) {
	if a, err = w.secret(); err == nil {
		b, err = w.secret()
	}
	return a, b, err
}

func codeRefusal(err error) error {
	switch {
	case errors.Is(err, errCodeUsed):
		return usedCode
	case errors.Is(err, errCodeUnknown):
		return badCode
	}
	return err
}

func (w *WeChat) checkAccount(appid, secret string) error {
	switch {
	case appid == "":
		return missingAppID
	case appid != w.cfg.AppID:
		return badAppID
	case secret == "":
		return missingSecret
	case secret != w.cfg.AppSecret:
		return badSecret
	}
	return nil
}
