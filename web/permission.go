package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views/ui"
)

// errSignIn refuses programs that came without a session; people are led to the sign-in.
var errSignIn = fault.New("web.sign_in")

// permit lets a visit pass that its route's policy allows.
func permit(next handler) handler {
	return func(s *site, v *visit) error {
		switch p := v.route.Policy; {
		case p == local:
			if err := onlyLocal(v.Request()); err != nil {
				return err
			}
		case p == seated && v.session == nil, p.insider() && !v.signedIn():
			return v.leadToSignIn()
		case p.permission != "":
			if err := v.scope.Require(p.permission); err != nil {
				return err
			}
		}
		return next(s, v)
	}
}

// insider tells whether a policy asks for a member.
func (p policy) insider() bool { return p == member || p.permission != "" }

// leadToSignIn shows the way in, and afterwards back to the page that was asked for. Somebody who
// has still to bind a WeChat is led there.
func (v *visit) leadToSignIn() error {
	switch {
	case shapeOf(v.Context) != shapePage:
		return errSignIn
	case v.session != nil && v.session.Stage == identity.ToBinding:
		return v.seeOther("/bind")
	case v.route.Method != http.MethodGet:
		v.flash(ui.Needs, "sign_in_first")
		return v.seeOther("/login")
	case v.Request().URL.Path == "/":
		return v.seeOther("/login")
	}
	return v.seeOther("/login?next=" + url.QueryEscape(v.Request().URL.RequestURI()))
}
