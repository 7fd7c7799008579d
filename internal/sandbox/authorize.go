package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

// What WeChat shows instead of sending the person back.
var (
	errNotInWeChat  = fault.New("sandbox.not_in_wechat")
	errAppID        = fault.New("sandbox.appid")
	errRedirect     = fault.New("sandbox.redirect_uri")
	errResponseType = fault.New("sandbox.response_type")
	errScope        = fault.New("sandbox.scope")
	errState        = fault.New("sandbox.state")
	errMchID        = fault.New("sandbox.mch_id")
)

// Lives of codes.
const (
	codeLife        = 5 * time.Minute
	consentCodeLife = 10 * time.Minute
)

const maxStateChars = 128

// Authorize answers the official account's sign-in link: it returns where to send the holder of the
// phone, with a code of five minutes, or refuses with what WeChat would show instead.
func (w *WeChat) Authorize(r *http.Request) (string, error) {
	query := r.URL.Query()
	holder, err := w.Holder(r)
	if err != nil {
		return "", err
	}
	back, err := w.checkLink(query, "snsapi_base", "snsapi_userinfo")
	if err != nil {
		return "", err
	}
	return w.sendBack(r.Context(), back, query.Get("state"), code{Person: holder.ID, Scope: query.Get("scope")}, codeLife)
}

// checkLink checks what both consent links share, in the order in which WeChat complains.
func (w *WeChat) checkLink(query url.Values, scopes ...string) (*url.URL, error) {
	back, err := url.Parse(query.Get("redirect_uri"))
	switch {
	case query.Get("appid") != w.cfg.AppID:
		return nil, errAppID
	case err != nil || back.Scheme != "http" && back.Scheme != "https" || back.User != nil ||
		!slices.Contains(w.cfg.RedirectHosts, back.Host):
		return nil, errRedirect
	case query.Get("response_type") != "code":
		return nil, errResponseType
	case !slices.Contains(scopes, query.Get("scope")):
		return nil, errScope
	case !isState(query.Get("state")):
		return nil, errState
	}
	return back, nil
}

// sendBack keeps a fresh code and writes it into the link back.
func (w *WeChat) sendBack(ctx context.Context, back *url.URL, state string, c code, life time.Duration) (string, error) {
	var err error
	if c.Code, err = w.secret(); err != nil {
		return "", err
	}
	now := w.cfg.Now()
	c.Expires = now.Add(life)
	if err := w.store.addCode(ctx, c, now); err != nil {
		return "", err
	}
	return linkBack(back, c.Code, state), nil
}

// linkBack adds the state to the link, and the code if there is one.
func linkBack(back *url.URL, code, state string) string {
	u, query := *back, back.Query()
	if code != "" {
		query.Set("code", code)
	}
	query.Set("state", state)
	u.RawQuery = query.Encode()
	return u.String()
}

func isState(state string) bool {
	for i := range len(state) {
		c := state[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(state) <= maxStateChars
}

func (w *WeChat) serveAuthorize(rw http.ResponseWriter, r *http.Request) {
	back, err := w.Authorize(r)
	refusal, refused := fault.As(err)
	switch {
	case err == nil:
		http.Redirect(rw, r, back, http.StatusFound) //nolint:gosec // Authorize let registered hosts through only
	case refused:
		writeText(rw, http.StatusBadRequest, words.T(r.Context(), "fault."+refusal.Code))
	default:
		fail(rw, r, err)
	}
}
