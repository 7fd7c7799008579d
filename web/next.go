package web

import (
	"net/http"
	"net/url"
	"strings"
)

// nextLimit bounds an address that a request asks to be led to.
const nextLimit = 1024

// seeOther ends a post: the browser gets the page at path, and repeating it changes nothing.
func (v *visit) seeOther(path string) error { return v.Redirect(http.StatusSeeOther, path) }

// safeNext lets a request choose where it is led only within this site; anything else is fallback.
func safeNext(next, fallback string) string {
	if next == "" || len(next) > nextLimit || next[0] != '/' || !clean(next) {
		return fallback
	}
	whole, err := url.Parse(next)
	if err != nil || whole.Scheme != "" || whole.Host != "" || whole.User != nil {
		return fallback
	}
	for _, text := range []string{next, whole.Path} {
		if strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\t\r\n") || strings.ContainsFunc(text, control) {
			return fallback
		}
	}
	return next
}

func control(r rune) bool { return r < ' ' || r == 0x7f }
