package web

import (
	"github.com/gorilla/sessions"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/identity"
)

// withSession learns who sits at the desktop, in one query, where the route may care.
func withSession(next handler) handler {
	return func(s *site, v *visit) error {
		if v.route.Policy.asksSession() {
			if err := v.greet(); err != nil {
				return err
			}
		}
		return next(s, v)
	}
}

// greet reads the session.
func (v *visit) greet() error {
	kept, err := v.desktop()
	if err != nil {
		return err
	}
	if sitting, ok := kept.Values[keySitting{}].(identity.Session); ok {
		v.session, v.scope = &sitting, sitting.Scope()
	}
	return nil
}

// asksSession leaves out what is never about a desktop: files, probes, phones.
func (p policy) asksSession() bool { return p != local && p != inChat && p != open }

// operator is the right across merchants of the operator who sits here.
func (v *visit) operator() (access.Platform, error) { return access.Across(v.scope) }

// desktop is the session of this request, at the door that its page lies behind.
func (v *visit) desktop() (*sessions.Session, error) {
	return v.site.sessions.Get(v.Request(), v.door().cookie.called(v.site.secure()))
}

// signIn gives the browser a fresh session in place of whatever it had.
func (v *visit) signIn(secret string) error {
	kept, err := v.desktop()
	if err != nil {
		return err
	}
	kept.Values[keySecret{}] = secret
	return kept.Save(v.Request(), v.Response())
}

// forget takes the session's cookie away.
func (v *visit) forget() error {
	kept, err := v.desktop()
	if err != nil {
		return err
	}
	kept.Options.MaxAge = -1
	delete(kept.Values, keySecret{})
	return kept.Save(v.Request(), v.Response())
}

// secret is the session's, for identity's verbs.
func (v *visit) secret() string {
	kept, err := v.desktop()
	if err != nil {
		return ""
	}
	secret, _ := kept.Values[keySecret{}].(string)
	return secret
}

// signedIn tells whether somebody with the run of the portal sits here.
func (v *visit) signedIn() bool { return v.session != nil && v.session.Stage == identity.Full }

// from is what the audit log keeps of where a request came from.
func (v *visit) from() audit.From {
	f := audit.From{Address: v.RealIP(), Agent: v.Request().UserAgent()}
	if v.session != nil {
		f.Session = v.session.Handle.String()
	}
	return f
}

// withPlace lets everything that the request writes into the audit log say where it came from.
func withPlace(next handler) handler {
	return func(s *site, v *visit) error {
		v.SetRequest(v.Request().WithContext(audit.Came(v.ctx(), v.from())))
		return next(s, v)
	}
}

// roleWords names roles; own are those that the merchant made.
func (v *visit) roleWords(roles []access.Role, own []access.CustomRole) string {
	return access.RoleWords(v.ctx(), roles, own)
}
