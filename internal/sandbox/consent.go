package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"zhanggui/internal/wire"
)

const (
	scopeIdentity = "pay_identity"
	identityLife  = 5 * time.Minute
)

// ConsentView is what WeChat's page of the person check shows to the holder of the phone.
type ConsentView struct {
	Holder Phone
	AppID  string
}

// Consent checks the link of WeChat's consent page and says what the page shows.
func (w *WeChat) Consent(r *http.Request) (ConsentView, error) {
	holder, err := w.Holder(r)
	if err != nil {
		return ConsentView{}, err
	}
	if _, err := w.checkConsent(r.URL.Query()); err != nil {
		return ConsentView{}, err
	}
	return ConsentView{Holder: holder, AppID: w.cfg.AppID}, nil
}

// Decide ends the consent page and returns where to send the holder: with a code of ten minutes if they
// allowed the comparison, with the state alone if they did not. The link's parameters are read from
// the query again, as the page's form posts to its own address.
func (w *WeChat) Decide(r *http.Request, allowed bool) (string, error) {
	query := r.URL.Query()
	holder, err := w.Holder(r)
	if err != nil {
		return "", err
	}
	back, err := w.checkConsent(query)
	if err != nil {
		return "", err
	}
	if !allowed {
		return linkBack(back, "", query.Get("state")), nil
	}
	return w.sendBack(r.Context(), back, query.Get("state"), code{Person: holder.ID, Scope: scopeIdentity}, consentCodeLife)
}

func (w *WeChat) checkConsent(query url.Values) (*url.URL, error) {
	if query.Get("mch_id") != w.cfg.MchID {
		return nil, errMchID
	}
	return w.checkLink(query, scopeIdentity)
}

// retCodeError is how appauth answers.
type retCodeError struct {
	RetCode int    `json:"retcode"`
	RetMsg  string `json:"retmsg"`
	Token   string `json:"access_token,omitempty"`
	Seconds int    `json:"access_token_expire_in,omitempty"`
}

func (w *WeChat) serveIdentityToken(rw http.ResponseWriter, r *http.Request) {
	access, err := w.identityToken(r)
	var refusal retCodeError
	switch {
	case err == nil:
		writeJSON(rw, r, retCodeError{RetMsg: "ok", Token: access, Seconds: int(identityLife.Seconds())})
	case errors.As(err, &refusal):
		writeJSON(rw, r, refusal)
	default:
		fail(rw, r, err)
	}
}

func (e retCodeError) Error() string { return e.RetMsg }

func no(msg string) error { return retCodeError{RetCode: -1, RetMsg: msg} }

func (w *WeChat) identityToken(r *http.Request) (string, error) {
	ask := wire.Fields{}
	for name, values := range r.URL.Query() {
		if len(values) != 1 {
			return "", no("param error")
		}
		ask[name] = values[0]
	}
	if ask.Verify(w.cfg.APIKey, wire.HMACSHA256) != nil {
		return "", no("sign error")
	}
	if ask["mch_id"] != w.cfg.MchID || ask["appid"] != w.cfg.AppID || ask["scope"] != scopeIdentity ||
		ask["grant_type"] != "authorization_code" {
		return "", no("param error")
	}
	access, err := w.secret()
	if err != nil {
		return "", err
	}
	now := w.cfg.Now()
	err = w.store.useCode(r.Context(), ask["code"], now,
		func(c code) error {
			if c.Scope != scopeIdentity || OpenID(w.cfg.AppID, c.Person) != ask["openid"] {
				return no("code and openid do not belong together")
			}
			return nil
		},
		func(c code) []token {
			return []token{{access, "identity", c.Person, scopeIdentity, now.Add(identityLife)}}
		})
	if errors.Is(err, errCodeUsed) || errors.Is(err, errCodeUnknown) {
		return "", no(err.Error())
	}
	return access, err
}
