package sandbox

import (
	"net/http"
	"net/url"
)

// serveRefresh gives a new sign-in token for a refresh token.
func (w *WeChat) serveRefresh(rw http.ResponseWriter, r *http.Request) {
	brought, err := w.refresh(r, r.URL.Query())
	answer(rw, r, brought, err)
}

func (w *WeChat) refresh(r *http.Request, query url.Values) (in signIn, err error) {
	switch {
	case query.Get("appid") == "":
		return in, errNoAppID
	case query.Get("appid") != w.cfg.AppID:
		return in, errWrongAppID
	case query.Get("grant_type") != "refresh_token":
		return in, errGrant
	}
	now := w.cfg.Now()
	known, err := w.store.token(r.Context(), "refresh", query.Get("refresh_token"))
	switch {
	case err != nil:
		return in, err
	case known.Token == "":
		return in, errRefresh
	case !now.Before(known.Expires):
		return in, errRefreshOver
	}
	access, err := w.secret()
	if err != nil {
		return in, err
	}
	in = signIn{access, int(snsLife.Seconds()), known.Token, OpenID(w.cfg.AppID, known.Person), known.Scope}
	return in, w.store.addToken(r.Context(), token{access, "sns", known.Person, known.Scope, now.Add(snsLife)}, now)
}

// serveAuth tells whether a sign-in token still stands.
func (w *WeChat) serveAuth(rw http.ResponseWriter, r *http.Request) {
	_, err := w.signedIn(r)
	answer(rw, r, okay, err)
}

// serveUserInfo shows the WeChat profile, which never holds the real name.
func (w *WeChat) serveUserInfo(rw http.ResponseWriter, r *http.Request) {
	t, err := w.signedIn(r)
	if err == nil && t.Scope != "snsapi_userinfo" {
		err = errScopeMissing
	}
	answer(rw, r, map[string]any{
		"openid": r.URL.Query().Get("openid"), "nickname": w.people[t.Person].Nickname,
		"sex": 0, "province": "", "city": "", "country": "", "headimgurl": "", "privilege": []string{},
	}, err)
}

// signedIn finds the sign-in token of the query and checks that it is this openid's.
func (w *WeChat) signedIn(r *http.Request) (token, error) {
	query := r.URL.Query()
	switch {
	case query.Get("access_token") == "":
		return token{}, errNoToken
	case query.Get("openid") == "":
		return token{}, errNoOpenID
	}
	t, err := w.store.token(r.Context(), "sns", query.Get("access_token"))
	switch {
	case err != nil:
		return token{}, err
	case t.Token == "":
		return token{}, errCredential
	case OpenID(w.cfg.AppID, t.Person) != query.Get("openid"):
		return token{}, errOpenID
	case !w.cfg.Now().Before(t.Expires):
		return token{}, errTokenOver
	}
	return t, nil
}
