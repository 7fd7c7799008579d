package web

import (
	"regexp"
	"strings"

	"zhanggui/internal/words"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// A flash is a sentence said once after a redirect. The cookie holds its catalogue id alone, so
// nobody can put words of their own into a page by setting it.
var flashID = regexp.MustCompile(`^(done|need|fail|):(flash\.[a-z_.]{1,64})$`)

// flash keeps a sentence (catalogue id "flash." + id) for the next page.
func (v *visit) flash(kind ui.State, id string) {
	v.setCookie(cookieFlash, string(kind)+":flash."+id)
}

// takeFlash gives the sentence that waits, once.
func (v *visit) takeFlash() []layout.Flash {
	raw := v.cookie(cookieFlash)
	if raw == "" || v.Response().Committed {
		return nil
	}
	v.dropCookie(cookieFlash)
	m := flashID.FindStringSubmatch(raw)
	if m == nil || !words.Has(v.ctx(), m[2]) {
		return nil
	}
	return []layout.Flash{{Kind: ui.State(strings.TrimSpace(m[1])), Text: v.word(m[2])}}
}
