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

// status is the head of WeChat's answers.
type status struct {
	Code int    `json:"errcode"`
	Msg  string `json:"errmsg"`
}

var okay = status{0, "ok"}

// statusError is WeChat's way to refuse: HTTP 200 and a number.
type statusError struct{ status }

func (e statusError) Error() string { return e.Msg }

func refuse(code int, msg string) error { return statusError{status{code, msg}} }

// WeChat's numbers.
var (
	errCredential   = refuse(40001, "invalid credential, access_token is invalid or not latest")
	errGrant        = refuse(40002, "invalid grant_type")
	errOpenID       = refuse(40003, "invalid openid")
	errWrongAppID   = refuse(40013, "invalid appid")
	errCode         = refuse(40029, "invalid code")
	errRefresh      = refuse(40030, "invalid refresh_token")
	errTemplate     = refuse(40037, "invalid template_id")
	errSecret       = refuse(40125, "invalid appsecret")
	errUsedCode     = refuse(40163, "code been used")
	errNoToken      = refuse(41001, "access_token missing")
	errNoAppID      = refuse(41002, "appid missing")
	errNoSecret     = refuse(41004, "appsecret missing")
	errNoCode       = refuse(41008, "missing code")
	errNoOpenID     = refuse(41009, "missing openid")
	errTokenOver    = refuse(42001, "access_token expired")
	errRefreshOver  = refuse(42002, "refresh_token expired")
	errNotFollowing = refuse(43004, "require subscribe")
	errArgument     = refuse(47003, "argument invalid!")
	errScopeMissing = refuse(48001, "api unauthorized") //nolint:misspell // WeChat's spelling
	errFormat       = refuse(47001, "data format error")
)

// answer writes what the call brought, or WeChat's refusal; any other error is the sandbox's own.
func answer(rw http.ResponseWriter, r *http.Request, brought any, err error) {
	var refusal statusError
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
		return in, errGrant
	case query.Get("code") == "":
		return in, errNoCode
	}
	access, refresh, err := w.twoSecrets()
	if err != nil {
		return in, err
	}
	now := w.cfg.Now()
	err = w.store.useCode(r.Context(), query.Get("code"), now,
		func(c code) error {
			if !strings.HasPrefix(c.Scope, "snsapi_") {
				return errCode
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
		return errUsedCode
	case errors.Is(err, errCodeUnknown):
		return errCode
	}
	return err
}

func (w *WeChat) checkAccount(appid, secret string) error {
	switch {
	case appid == "":
		return errNoAppID
	case appid != w.cfg.AppID:
		return errWrongAppID
	case secret == "":
		return errNoSecret
	case secret != w.cfg.AppSecret:
		return errSecret
	}
	return nil
}
