package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showPassword asks for login account and initial password.
func (s *site) showPassword(v *visit) error {
	if v.signedIn() {
		return v.seeOther(v.door().home)
	}
	return s.passwordPage(v, http.StatusOK, "", nil)
}

// signInByPassword is the first way in of a new login account; it leads to the binding alone.
func (s *site) signInByPassword(v *visit) error {
	login, secret := v.form("login"), v.posted.Get("password")
	var missing fault.Form
	if login == "" {
		missing.Add(fault.New("web.login_missing").On("login"))
	}
	if secret == "" {
		missing.Add(fault.New("web.password_missing").On("password"))
	}
	if err := missing.Err(); err != nil {
		return s.passwordPage(v, http.StatusUnprocessableEntity, login, err)
	}
	b, err := v.knownBrowser()
	if err != nil {
		return err
	}
	session, kept, err := s.Gate.Password(v.ctx(), login, secret, b)
	switch {
	case errors.Is(err, identity.ErrTooManyTries):
		return s.passwordPage(v, http.StatusTooManyRequests, login, err)
	case fault.All(err) != nil:
		return s.passwordPage(v, http.StatusUnprocessableEntity, login, err)
	case err != nil:
		return err
	}
	return s.enter(v, session, kept, v.door().at("/bind"))
}

func (s *site) passwordPage(v *visit, status int, login string, wrong error) error {
	m := views.Password{
		Login: ui.Field{Name: "login", Label: v.word("password.login"), Hint: v.word("password.login_hint"), Value: login,
			Autocomplete: "username", MaxLength: 64, Required: true, Focus: true},
		Secret: ui.Field{Name: "password", Label: v.word("password.secret"), Autocomplete: "current-password",
			MaxLength: 128, Required: true},
	}
	m.Faults = v.faults(wrong, &m.Login, &m.Secret)
	return v.show(status, views.PasswordPage(v.frame(v.word("password.title")), m))
}
