package sandbox

import (
	"io"
	"net/http"
	"time"

	"zhanggui/internal/wire"
)

const (
	accountLife    = 2 * time.Hour
	accountOverlap = 5 * time.Minute // how long an older token still works, or is still given out
)

type accountAnswer struct {
	Token   string `json:"access_token"`
	Seconds int    `json:"expires_in"`
}

// serveToken gives a new token at each call; the one before works five minutes more.
func (w *WeChat) serveToken(rw http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	now := w.cfg.Now()
	brought, err := w.accountToken(r, query.Get("grant_type"), query.Get("appid"), query.Get("secret"),
		now.Add(accountLife), now.Add(accountOverlap))
	answer(rw, r, brought, err)
}

// serveStableToken gives everybody the same token until it ends or is replaced by force.
func (w *WeChat) serveStableToken(rw http.ResponseWriter, r *http.Request) {
	var ask struct {
		GrantType string `json:"grant_type"`
		AppID     string `json:"appid"`
		Secret    string `json:"secret"`
		Force     bool   `json:"force_refresh"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBodyBytes))
	if err != nil || wire.ReadJSON(body, &ask) != nil {
		answer(rw, r, nil, errFormat)
		return
	}
	now := w.cfg.Now()
	keep, overlap := now.Add(accountOverlap), now.Add(accountOverlap)
	if ask.Force {
		keep, overlap = now.Add(accountLife), now
	}
	brought, err := w.accountToken(r, ask.GrantType, ask.AppID, ask.Secret, keep, overlap)
	answer(rw, r, brought, err)
}

func (w *WeChat) accountToken(r *http.Request, grant, appid, secret string, keep, overlap time.Time) (accountAnswer, error) {
	if grant != "client_credential" {
		return accountAnswer{}, errGrant
	}
	if err := w.checkAccount(appid, secret); err != nil {
		return accountAnswer{}, err
	}
	value, err := w.secret()
	if err != nil {
		return accountAnswer{}, err
	}
	now := w.cfg.Now()
	got, err := w.store.accountToken(r.Context(), token{Token: value, Kind: "account", Expires: now.Add(accountLife)}, keep, overlap, now)
	if err != nil {
		return accountAnswer{}, err
	}
	return accountAnswer{got.Token, int(got.Expires.Sub(now).Seconds())}, nil
}
