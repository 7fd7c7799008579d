package web

import (
	"net/url"

	"github.com/google/uuid"

	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/views/ui"
)

// once is the field of a form's one-time key, and again the address parameter that opens a form with what
// was typed into it.
const (
	once  = "_once"
	again = "again"
)

// ask freezes a sensitive act of a form and leads to the page where the phone is asked. back is the form's
// path. Refusals are for the form: it is shown again, with its text and a fresh key.
func (s *site) ask(v *visit, action string, params any, back string) error {
	c, err := s.Desk.Ask(v.ctx(), v.scope, v.asker(), confirm.Request{Action: action, Params: params,
		Once: v.form(once), Back: back, Form: v.typed()})
	if err != nil {
		return err
	}
	return v.seeOther(v.confirmationPath(c.ID))
}

// asker is the desktop that asks.
func (v *visit) asker() confirm.Browser {
	return confirm.Browser{Session: v.session.Handle, Address: v.RealIP(), Agent: v.Request().UserAgent()}
}

// typed is the posted form without its key.
func (v *visit) typed() url.Values {
	kept := url.Values{}
	for name, values := range v.posted {
		if name != once {
			kept[name] = values
		}
	}
	return kept
}

// once is the hidden field that makes a form of this session count once. It stands in every form whose
// post asks for a confirmation; its route names the field.
func (v *visit) once() (ui.Pair, error) {
	key, err := v.site.Desk.Once(v.session.Handle)
	return ui.Pair{Name: once, Value: key}, err
}

// again is what was typed into the form of a confirmation that came to nothing, when the address names
// one; else nothing. The route names the parameter "?again".
func (v *visit) again() (url.Values, error) {
	text := v.query(again)
	if text == "" {
		return url.Values{}, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return nil, fault.ErrNotFound
	}
	return v.site.Desk.Typed(v.ctx(), v.scope, id)
}

// confirmationPath is where a confirmation stands; operators have their own.
func (v *visit) confirmationPath(id uuid.UUID) string {
	return v.door().at("/confirmations/" + id.String())
}

// formAgain leads back to the form of a confirmation, with its text.
func formAgain(c confirm.Confirmation) string {
	path := safeNext(c.Back, "")
	if path == "" {
		return ""
	}
	u, err := url.Parse(path)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set(again, c.ID.String())
	u.RawQuery = q.Encode()
	return u.String()
}
