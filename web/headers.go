package web

import (
	"net/http"
	"strings"
)

// policyText is the content policy: nothing but our own files, no inline style or script. Forms may
// lead to the origins in forms, because a form's redirect counts: WeChat's own consent page.
func policyText(forms []string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; form-action " + strings.Join(append([]string{"'self'"}, forms...), " ") +
		"; base-uri 'none'; frame-ancestors 'none'"
}

const (
	hsts        = "max-age=31536000; includeSubDomains"
	permissions = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)

// withHeaders puts the protective headers on every answer, whoever gives it. Nothing is stored by
// browsers unless a handler says otherwise, as static files do.
func withHeaders(d Deps, next http.Handler) http.Handler {
	csp, secure := policyText(d.FormOrigins), d.secure()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", permissions)
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", hsts)
		}
		next.ServeHTTP(w, r)
	})
}
