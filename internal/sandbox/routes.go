package sandbox

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// Route is one path of the simulated WeChat, for the site map.
type Route struct {
	Method string
	Path   string // below Prefix, as http.ServeMux writes it
	Params []string
	handle http.HandlerFunc
}

// ConsentPath is the page of the person check; web draws it with Consent and Decide.
const ConsentPath = "/appauth/authindex"

// Routes lists the paths that Handler answers.
func (w *WeChat) Routes() []Route {
	return []Route{
		{http.MethodGet, "/as/{person}", []string{"person"}, w.serveAs},
		{http.MethodGet, "/connect/oauth2/authorize", []string{"appid", "redirect_uri", "response_type", "scope", "state"}, w.serveAuthorize},
		{http.MethodGet, "/sns/oauth2/access_token", []string{"appid", "secret", "code", "grant_type"}, w.serveExchange},
		{http.MethodGet, "/sns/oauth2/refresh_token", []string{"appid", "grant_type", "refresh_token"}, w.serveRefresh},
		{http.MethodGet, "/sns/auth", []string{"access_token", "openid"}, w.serveAuth},
		{http.MethodGet, "/sns/userinfo", []string{"access_token", "openid", "lang"}, w.serveUserInfo},
		{http.MethodGet, "/appauth/getaccesstoken", []string{"mch_id", "appid", "openid", "code", "scope", "grant_type", "sign_type", "sign"}, w.serveIdentityToken},
		{http.MethodPost, "/secsvc/realnameauth", nil, w.serveRealName},
		{http.MethodGet, "/cgi-bin/token", []string{"grant_type", "appid", "secret"}, w.serveToken},
		{http.MethodPost, "/cgi-bin/stable_token", nil, w.serveStableToken},
		{http.MethodPost, "/cgi-bin/message/template/send", []string{"access_token"}, w.serveSend},
		{http.MethodGet, "/v3/pay/transactions/id/{transaction}", []string{"transaction", "mchid"}, w.v3(w.serveTrade)},
		{http.MethodGet, "/v3/pay/partner/transactions/id/{transaction}", []string{"transaction", "sp_mchid", "sub_mchid"}, w.v3(w.serveTrade)},
		{http.MethodPost, "/mmpaymkttransfers/promotion/transfers", nil, w.v2(w.serveTransfer)},
		{http.MethodPost, "/mmpaymkttransfers/gettransferinfo", nil, w.v2(w.serveTransferInfo)},
		{http.MethodPost, "/v3/zhanggui/payouts", nil, w.v3(w.servePayouts)},
		{http.MethodGet, "/v3/zhanggui/payouts/{number}", []string{"number"}, w.v3(w.servePayout)},
	}
}

// Handler answers Routes at their full paths.
func (w *WeChat) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range w.Routes() {
		mux.HandleFunc(r.Method+" "+Prefix+r.Path, r.handle)
	}
	return mux
}

// maxBodyBytes bounds what a client may send.
const maxBodyBytes = 64 << 10

func writeJSON(rw http.ResponseWriter, r *http.Request, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		fail(rw, r, err)
		return
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = rw.Write(body)
}

func writeText(rw http.ResponseWriter, status int, text string) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write([]byte(text + "\n")) //nolint:gosec // plain text
}

// fail is a mistake of the sandbox itself. WeChat would say that it is down.
func fail(rw http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "the simulated WeChat failed", "path", r.URL.Path, "error", err)
	rw.WriteHeader(http.StatusInternalServerError)
}
