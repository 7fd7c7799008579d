package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// refreshSeconds is how often a browser without JavaScript looks whether the phone has answered.
const refreshSeconds = 3

// showSignIn shows a fresh code, or, with ticket, where a code of this browser stands.
func (s *site) showSignIn(v *visit) error {
	d := v.door()
	next := d.next(v.query("next"), "")
	switch {
	case v.signedIn():
		return v.seeOther(d.next(next, d.home))
	case v.Request().Method == http.MethodHead:
		return v.NoContent(http.StatusOK) // asking whether the page is there opens no ticket
	}
	t, err := v.ticketShown(identity.SignIn, nil)
	if errors.Is(err, fault.ErrNotFound) {
		return s.showCard(v, s.foreignCard(v), "")
	}
	if err != nil {
		return err
	}
	card, err := s.signInCard(v.speech(), t, next)
	if err != nil {
		return err
	}
	return s.showCard(v, card, d.signInAddress(t.ID, next))
}

func (s *site) showCard(v *visit, card ui.Scan, refresh string) error {
	p := v.frame(v.word("signin.by_scan"))
	if refresh != "" && (card.State == ui.ScanWaiting || card.State == ui.ScanScanned) {
		p.Refresh, p.RefreshTo = refreshSeconds, refresh
	}
	return v.show(http.StatusOK, views.SignIn(p, card))
}

// ticketShown is the ticket that the address names, or a fresh one.
func (v *visit) ticketShown(purpose identity.Purpose, seat *identity.BindingSeat) (identity.Ticket, error) {
	if text := v.query("ticket"); text != "" {
		id, err := uuid.Parse(text)
		if err != nil {
			return identity.Ticket{}, fault.ErrNotFound
		}
		return v.site.Gate.Ticket(v.ctx(), id, v.browser())
	}
	b, err := v.knownBrowser()
	if err != nil {
		return identity.Ticket{}, err
	}
	return v.site.Gate.OpenTicket(v.ctx(), b, purpose, seat)
}

// redeem turns a confirmed ticket into a fresh session, by a post of the browser that shows it.
func (s *site) redeem(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	next := v.door().next(v.form("next"), v.door().home)
	session, secret, err := s.Gate.Redeem(v.ctx(), id, v.browser())
	if errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if _, refused := fault.As(err); refused {
		return s.redeemed(v, id, next)
	}
	if err != nil {
		return err
	}
	return s.enter(v, session, secret, next)
}

// redeemed leads on from a ticket that lets nobody in any more: who is in already goes on, others
// see why.
func (s *site) redeemed(v *visit, id uuid.UUID, next string) error {
	if v.signedIn() {
		return v.seeOther(next)
	}
	return v.seeOther(v.door().signInAddress(id, ""))
}

// enter gives the browser its new session; the one it had before, and what it was known by as a
// stranger, are over.
func (s *site) enter(v *visit, session identity.Session, secret, next string) error {
	if old := v.secret(); old != "" {
		if err := s.Gate.SignOut(v.ctx(), old); err != nil {
			return err
		}
	}
	v.dropCookie(cookieBrowser)
	if err := v.signIn(secret); err != nil {
		return err
	}
	if session.Stage == identity.ToBinding {
		next = v.door().at("/bind")
	}
	return v.seeOther(next)
}

func (d door) signInAddress(id uuid.UUID, next string) string {
	return d.at("/login?") + withNext(url.Values{"ticket": {id.String()}}, next).Encode()
}

func withNext(q url.Values, next string) url.Values {
	if next != "" && next != memberDoor.home && next != opsDoor.home {
		q.Set("next", next)
	}
	return q
}
