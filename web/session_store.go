package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"

	"zhanggui/internal/identity"
)

// sessionStore keeps sessions where they can be ended: in the database, by identity. The cookie holds a
// random secret and nothing else, so there is nothing to sign, and a deleted row is a dead session.
type sessionStore struct {
	gate   *identity.Gate
	secure bool
}

// What a session holds while a request lasts.
type (
	keySecret  struct{} // the cookie's value
	keySitting struct{} // identity.Session
)

// Get gives the request's session; it is read once.
func (st *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New reads the session of a request. Without a live one it is new and empty.
func (st *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	empty := sessions.NewSession(st, name)
	empty.IsNew = true
	empty.Options = &sessions.Options{Path: cookieSession.path, Secure: st.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	c, err := r.Cookie(name)
	if err != nil || c.Value == "" || len(c.Value) > cookieLimit {
		return empty, nil
	}
	sitting, err := st.gate.Session(r.Context(), c.Value)
	switch {
	case errors.Is(err, identity.ErrNoSession), errors.Is(err, identity.ErrSuspended):
		return empty, nil
	case err != nil:
		return empty, fmt.Errorf("session: %w", err)
	}
	if sitting.Seat.Platform() != (name == cookieOperator.called(st.secure)) {
		return empty, nil // a member's session at the operators' door, or the other way round
	}
	empty.IsNew = false
	empty.Values[keySecret{}], empty.Values[keySitting{}] = c.Value, sitting
	return empty, nil
}

// Save writes the cookie; what a session may do is written by identity's verbs alone.
func (st *sessionStore) Save(_ *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	secret, _ := s.Values[keySecret{}].(string)
	if s.Options.MaxAge >= 0 && secret == "" {
		return errors.New("session: nothing to keep")
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), secret, s.Options))
	return nil
}
