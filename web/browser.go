package web

import (
	"encoding/base64"
	"fmt"
	"io"

	"zhanggui/internal/identity"
)

// secretBytes is 256 bits: nobody guesses a cookie.
const secretBytes = 32

// browser is the desktop's browser before anyone signed in. A ticket belongs to one browser, so one
// that has no secret yet gets one when it is about to be shown a code.
func (v *visit) browser() identity.Browser {
	return identity.Browser{Secret: v.cookie(cookieBrowser), Address: v.RealIP(), Agent: v.Request().UserAgent(),
		Platform: v.door().platform}
}

// knownBrowser is browser, with a secret in any case.
func (v *visit) knownBrowser() (identity.Browser, error) {
	b := v.browser()
	if b.Secret != "" {
		return b, nil
	}
	var err error
	if b.Secret, err = v.site.secret(); err == nil {
		v.setCookie(cookieBrowser, b.Secret)
	}
	return b, err
}

func (s *site) secret() (string, error) {
	var raw [secretBytes]byte
	if _, err := io.ReadFull(s.Rand, raw[:]); err != nil {
		return "", fmt.Errorf("random secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
