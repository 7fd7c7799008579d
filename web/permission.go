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
		case p.seated() && v.session == nil, p.insider() && !v.signedIn():
			return v.leadToSignIn()
		case p.permission != "":
			if p.hidden {
				if err := s.offered(v); err != nil {
					return err
				}
			}
			if err := v.scope.Require(p.permission); err != nil {
				return v.denied(err)
			}
		}
		return next(s, v)
	}
}

// insider tells whether a policy asks for a member.
func (p policy) insider() bool { return p == member || p == operator || p.permission != "" }

// seated tells whether a policy asks for somebody who may have to bind a WeChat first.
func (p policy) seated() bool { return p == seated || p == opsSeated }

// leadToSignIn shows the way in, and afterwards back to the page that was asked for. Somebody who
// has still to bind a WeChat is led there.
func (v *visit) leadToSignIn() error {
	d := v.door()
	switch {
	case shapeOf(v.Context) != shapePage:
		return errSignIn
	case v.session != nil && v.session.Stage == identity.ToBinding:
		return v.seeOther(d.at("/bind"))
	case v.route.Method != http.MethodGet:
		v.flash(ui.Needs, "sign_in_first")
		return v.seeOther(d.at("/login"))
	case v.Request().URL.Path == d.home:
		return v.seeOther(d.at("/login"))
	}
	return v.seeOther(d.at("/login?next=") + url.QueryEscape(v.Request().URL.RequestURI()))
}
