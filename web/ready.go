package web

import (
	"net/http"
	"strings"

	"zhanggui/internal/fault"
)

// servedBeforeReady are the posts that a person needs in order to sign in and to stay in control
// of the sign-in while the sample data is still being written. Every other post waits.
var servedBeforeReady = map[string]bool{
	"POST /login/tickets/{id}/session":     true,
	"POST /login/password":                 true,
	"POST /bind":                           true,
	"POST /logout":                         true,
	"POST /account/switch":                 true,
	"POST /account/sessions/{id}/end":      true,
	"POST /account/sessions/end":           true,
	"POST /m/t/{token}":                    true,
	"POST /m/bindings/{id}":                true,
	"POST /theme":                          true,
	"POST /ops/login/tickets/{id}/session": true,
	"POST /ops/login/password":             true,
	"POST /ops/logout":                     true,
	"POST /ops/sessions/{id}/end":          true,
	"POST /ops/sessions/end":               true,
	"POST /sandbox/phone/{person}/scan":    true,
}

// waitUntilReady answers bookings with 503 until the program is ready.
func waitUntilReady(next handler) handler {
	return func(s *site, v *visit) error {
		wechat := strings.HasPrefix(v.route.Path, "/sandbox/wechat/") // signing in needs it
		if v.route.Method != get && !servedBeforeReady[v.route.name()] && !wechat && !s.Ready() {
			return fault.New("web.not_ready")
		}
		return next(s, v)
	}
}

// live says that the program runs.
func (s *site) live(v *visit) error { return v.String(http.StatusOK, "ok\n") }

// ready says whether bookings are taken: the database answers and the seed is finished.
func (s *site) ready(v *visit) error {
	if !s.Ready() {
		return v.String(http.StatusServiceUnavailable, "starting\n")
	}
	if err := s.Ping(v.ctx()); err != nil {
		return v.String(http.StatusServiceUnavailable, "database\n")
	}
	return v.String(http.StatusOK, "ok\n")
}
