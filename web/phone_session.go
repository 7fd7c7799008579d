package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/identity"
)

// withPhone learns whose WeChat asks on the phone pages. A phone that has not said so is sent to
// WeChat to say it and comes back to the page; what it posted meanwhile is not executed.
func withPhone(next handler) handler {
	return func(s *site, v *visit) error {
		if v.route.Policy != inChat {
			return next(s, v)
		}
		openid, err := s.Gate.Phone(v.ctx(), v.cookie(cookiePhone))
		if errors.Is(err, identity.ErrNoSession) {
			return s.askWeChat(v)
		}
		if err != nil {
			return err
		}
		v.openid = openid
		return next(s, v)
	}
}

// askWeChat sets out on the round trip that tells whose phone this is.
func (s *site) askWeChat(v *visit) error {
	cookie, err := v.inApp()
	if err != nil {
		return err
	}
	back := v.Request().URL.RequestURI()
	if v.Request().URL.Path == pathCheck {
		return identity.ErrRoundTrip // an answer without a question cannot be asked again
	}
	to, err := s.Gate.PhoneStart(v.ctx(), cookie, back)
	if err != nil {
		return err
	}
	return v.Redirect(http.StatusFound, to)
}

// inApp is what the phone's browser is known by on its way to WeChat and back.
func (v *visit) inApp() (string, error) {
	if kept := v.cookie(cookieInApp); kept != "" {
		return kept, nil
	}
	fresh, err := v.site.secret()
	if err == nil {
		v.setCookie(cookieInApp, fresh)
	}
	return fresh, err
}

// fromWeChat takes the phone back from WeChat, now known as one WeChat.
func (s *site) fromWeChat(v *visit) error {
	_, secret, next, err := s.Gate.PhoneReturn(v.ctx(), v.cookie(cookieInApp), v.query("code"), v.query("state"))
	if err != nil {
		return s.phoneRefused(v, err)
	}
	v.setCookie(cookiePhone, secret)
	return v.seeOther(next)
}
