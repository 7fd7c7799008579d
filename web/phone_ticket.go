package web

import (
	"errors"
	"net/http"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views"
	"zhanggui/views/ui"
)

const pathCheck = "/m/check"

// openTicket is the link in the QR code, opened by a WeChat: it takes the ticket and asks.
func (s *site) openTicket(v *visit) error {
	token, err := v.path("token")
	if err != nil {
		return err
	}
	ask, err := s.Gate.Scan(v.ctx(), token, v.openid)
	if err != nil {
		return s.phoneRefused(v, err)
	}
	return s.showAsk(v, http.StatusOK, token, ask, "")
}

// answerTicket is what the person says: to the number first, for a binding then to the comparison.
func (s *site) answerTicket(v *visit) error {
	token, err := v.path("token")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	ask, err := s.Gate.Scan(v.ctx(), token, v.openid)
	if err == nil && ask.State == identity.Consenting {
		return s.consent(v, token)
	}
	if err == nil {
		ask, err = s.Gate.Answer(v.ctx(), token, v.openid, v.answer())
	}
	switch {
	case unfilled(err):
		return s.showAsk(v, http.StatusUnprocessableEntity, token, ask, v.wrongWords(err))
	case err != nil:
		return s.phoneRefused(v, err)
	}
	return s.showAsk(v, http.StatusOK, token, ask, "")
}

// answer reads the phone's form; what was not chosen stays zero.
func (v *visit) answer() identity.Answer {
	a := identity.Answer{Decision: identity.Decision(v.form("decision"))}
	a.Number, _ = strconv.Atoi(v.form("number"))
	a.Merchant, _ = strconv.ParseInt(v.form("mchid"), 10, 64)
	return a
}

// consent answers our own page about the comparison; a yes leads to WeChat's.
func (s *site) consent(v *visit, token string) error {
	cookie, err := v.inApp()
	if err != nil {
		return err
	}
	ask, to, err := s.Gate.Consent(v.ctx(), token, v.openid, cookie, identity.Decision(v.form("decision")))
	switch {
	case unfilled(err):
		return s.showAsk(v, http.StatusUnprocessableEntity, token, ask, v.wrongWords(err))
	case err != nil:
		return s.phoneRefused(v, err)
	case to != "":
		return v.seeOther(to)
	}
	return s.showAsk(v, http.StatusOK, token, ask, "")
}

// compared takes the phone back from WeChat's consent page and says how the binding ended.
func (s *site) compared(v *visit) error {
	ask, err := s.Gate.Check(v.ctx(), v.openid, v.query("code"), v.query("state"), v.cookie(cookieInApp))
	if err != nil {
		return s.phoneRefused(v, err)
	}
	return s.showAsk(v, http.StatusOK, "", ask, "")
}

// unfilled tells a form that lacks a choice, which may be posted again, from an end.
func unfilled(err error) bool {
	return errors.Is(err, identity.ErrDecide) || errors.Is(err, identity.ErrChooseNumber) || errors.Is(err, identity.ErrChooseMerchant)
}

func (v *visit) wrongWords(err error) string {
	if r, ok := fault.As(err); ok {
		return sentence(v.ctx(), r)
	}
	return ""
}

// showAsk shows the page for where the ticket stands.
func (s *site) showAsk(v *visit, status int, token string, ask identity.Ask, wrong string) error {
	switch ask.State {
	case identity.Scanned:
		return s.showQuestion(v, status, v.question(token, ask), wrong)
	case identity.Consenting:
		return s.showQuestion(v, status, v.consentPage(token, ask), wrong)
	}
	told := v.ended(ask)
	return v.show(status, views.PhoneTold(v.frame(told.Title), told))
}

func (s *site) showQuestion(v *visit, status int, ask views.Ask, wrong string) error {
	p := v.frame(ask.Title)
	if wrong == "" && len(p.Flash) > 0 {
		wrong = p.Flash[0].Text
	}
	if wrong != "" {
		ask.Notice = &ui.Note{Kind: ui.Needs, Text: wrong, Alert: true}
	}
	return v.show(status, views.PhoneAsk(p, ask))
}

// phoneRefused says on the phone why nothing happened.
func (s *site) phoneRefused(v *visit, err error) error {
	r, ok := fault.As(err)
	if !ok || errors.Is(err, fault.ErrNotFound) {
		return err
	}
	told := views.Told{State: ui.Failed, Title: v.word("web.trouble.phone"), Text: sentence(v.ctx(), r)}
	return v.show(phoneStatus(r), views.PhoneTold(v.frame(told.Title), told))
}

// phoneStatus tells a code that opens nothing from a rule that refused.
func phoneStatus(r *fault.Refusal) int {
	switch {
	case errors.Is(r, identity.ErrTicketGone):
		return http.StatusNotFound
	case errors.Is(r, identity.ErrTicketTaken), errors.Is(r, identity.ErrTicketEnded), errors.Is(r, identity.ErrTicketExpired):
		return http.StatusConflict
	case errors.Is(r, identity.ErrWeChatSilent):
		return http.StatusServiceUnavailable
	}
	return http.StatusForbidden
}
