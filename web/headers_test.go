package web

import (
	"net/http"
	"strings"
	"testing"
)

// protective are the headers of every answer.
var protective = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           permissions,
}

func (a *answer) protected(name string) {
	a.t.Helper()
	for header, want := range protective {
		if got := a.header.Get(header); got != want {
			a.t.Errorf("%s (%d): %s is %q", name, a.status, header, got)
		}
	}
	kept := strings.HasPrefix(a.url.Path, "/static/") && a.status == http.StatusOK
	if cache := a.header.Get("Cache-Control"); !kept && cache != "no-store" {
		a.t.Errorf("%s (%d): Cache-Control is %q", name, a.status, cache)
	}
	if a.header.Get("Request-Id") == "" {
		a.t.Errorf("%s (%d) has no number to quote", name, a.status)
	}
}

func TestEveryAnswerIsProtected(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	stranger, member := p.browser(), p.signedIn("p-sumingyue")
	for _, r := range siteMap(true) {
		if strings.HasSuffix(r.Path, "/events") || r.name() == "POST /logout" {
			continue
		}
		for who, c := range map[string]*client{"a stranger": stranger, "a member": member} {
			for _, method := range []string{r.Method, http.MethodHead, http.MethodDelete} {
				c.do(method, example(r), nil).protected(method + " " + r.Path + " by " + who)
			}
		}
	}
	for _, path := range []string{"/nowhere", "/login?a=%zz", "/m/nowhere", "/trades.json", "/sandbox/api/nowhere"} {
		stranger.do(http.MethodGet, path, nil).protected(path)
	}
	member.do(http.MethodPost, "/logout", nil).protected("POST /logout")
}

func TestSecureAddressesGetSecureCookiesAndHSTS(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(d *Deps) {
		base := *d.Base
		base.Scheme = "https"
		d.Base, d.FormOrigins = &base, []string{"https://open.weixin.qq.com"}
	})
	a := p.browser().do(http.MethodGet, "/login", nil).is(http.StatusOK)
	if a.header.Get("Strict-Transport-Security") != hsts {
		t.Error("no HSTS")
	}
	if !strings.Contains(a.header.Get("Content-Security-Policy"), "form-action 'self' https://open.weixin.qq.com;") {
		t.Error("WeChat's page cannot be reached by a form")
	}
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"__Host-pre=", "; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %q", cookie, part)
		}
	}
}

func TestAMistakeOfOursIsANumberAndNoTrace(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	broken := append(siteMap(true),
		route{get, "/broken", page, open, func(*site, *visit) error { panic("books on fire") }, ""},
		route{get, "/broken.json", api, open, func(_ *site, v *visit) error { _ = v.query("undeclared"); return nil }, ""})
	h, err := build(must1(p.deps.complete()), broken)
	must(t, err)
	c := p.serving(h)
	a := c.do(http.MethodGet, "/broken", nil).is(http.StatusInternalServerError)
	a.protected("a panic")
	a.says("没有保存任何内容", a.header.Get("Request-Id"))
	j := c.do(http.MethodGet, "/broken.json", nil).is(http.StatusInternalServerError)
	for _, leak := range []string{"fire", "goroutine", "undeclared", ".go:"} {
		if strings.Contains(a.body+j.body, leak) {
			t.Errorf("the answer tells %q", leak)
		}
	}
	if !strings.Contains(j.body, `"request_id":"`+j.header.Get("Request-Id")) {
		t.Errorf("the program gets no number: %s", j.body)
	}
}
