package web

import (
	"net/http"
	"time"
)

// cookie is one of our cookies. Over https the name carries __Host- where the path is the whole
// site, so that no neighbour can set it.
type cookie struct {
	name string
	path string
	life time.Duration // 0: as long as the browser runs
}

var (
	cookieSession  = cookie{name: "sid", path: "/"}
	cookieOperator = cookie{name: "ops", path: "/"} // an operator's session; a browser may have both
	cookieBrowser  = cookie{name: "pre", path: "/"}
	cookiePhone    = cookie{name: "zg_m", path: "/m/"}
	cookieInApp    = cookie{name: "zg_mp", path: "/m/"} // the in-app browser before its WeChat is known
	cookieFlash    = cookie{name: "flash", path: "/"}
	cookieTheme    = cookie{name: "theme", path: "/", life: 365 * 24 * time.Hour}
	cookieDensity  = cookie{name: "density", path: "/", life: 365 * 24 * time.Hour}
)

// called is the cookie's name on the wire.
func (k cookie) called(secure bool) string {
	switch {
	case !secure:
		return k.name
	case k.path == "/":
		return "__Host-" + k.name
	}
	return "__Secure-" + k.name
}

// cookieLimit bounds what is read of a cookie; ours are shorter.
const cookieLimit = 256

// cookie reads one of our cookies; what cannot be ours is not there.
func (v *visit) cookie(k cookie) string {
	c, err := v.Request().Cookie(k.called(v.site.secure()))
	if err != nil || len(c.Value) > cookieLimit || !clean(c.Value) {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a cookie that scripts cannot read.
func (v *visit) setCookie(k cookie, value string) {
	http.SetCookie(v.Response(), k.make(value, v.site.secure()))
}

func (v *visit) dropCookie(k cookie) {
	c := k.make("", v.site.secure())
	c.MaxAge = -1
	http.SetCookie(v.Response(), c)
}

func (k cookie) make(value string, secure bool) *http.Cookie {
	return &http.Cookie{Name: k.called(secure), Value: value, Path: k.path, MaxAge: int(k.life.Seconds()),
		Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
