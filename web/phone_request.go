package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showRequest asks the super admin whether an employee's WeChat may be bound.
func (s *site) showRequest(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	r, err := s.Gate.BindingRequest(v.ctx(), id, v.openid)
	if err != nil {
		return err
	}
	return s.requestPage(v, http.StatusOK, r, "")
}

// answerRequest is the super admin's answer.
func (s *site) answerRequest(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	r, err := s.Gate.AnswerBinding(v.ctx(), id, v.openid, identity.Decision(v.form("decision")))
	switch {
	case errors.Is(err, identity.ErrDecide):
		return s.requestPage(v, http.StatusUnprocessableEntity, r, v.wrongWords(err))
	case errors.Is(err, identity.ErrRequestEnded), errors.Is(err, identity.ErrRequestLapsed):
		return s.requestPage(v, http.StatusConflict, r, "")
	case errors.Is(err, fault.ErrNotFound):
		return err
	case err != nil:
		return s.phoneRefused(v, err)
	}
	return s.requestPage(v, http.StatusOK, r, "")
}

func (s *site) requestPage(v *visit, status int, r identity.BindingRequest, wrong string) error {
	say := v.speechOf(r.Mchid == access.PlatformID)
	who := words.Args{"Name": r.NameMasked, "Login": r.Login}
	if r.State == identity.RequestWaiting {
		return s.showQuestion(v, status, views.Ask{
			Action: "/m/bindings/" + r.ID.String(), Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}},
			Title: v.wordf("phone.request_title", who), Lines: []string{say.word("phone.request_line")},
			Facts: []ui.Fact{
				{Word: say.word("phone.fact_merchant"), Text: r.ShortName},
				{Word: v.word("phone.fact_account"), Text: r.Login},
				{Word: v.word("phone.fact_roles"), Text: v.roleWords(r.Roles, r.Custom)},
				{Word: v.word("phone.fact_time"), Text: clock.Text(r.AskedAt)},
				{Word: v.word("phone.fact_until"), Text: clock.Text(r.LapsesAt)},
			},
			Confirm: v.word("phone.request_approve"), Refuse: v.word("phone.request_refuse"),
		}, wrong)
	}
	told := views.Told{State: ui.Waiting, Title: say.word("phone.request_" + string(r.State)),
		Text: say.wordf("phone.request_"+string(r.State)+"_text", who)}
	if r.State == identity.RequestApproved {
		told.State = ui.Done
	}
	return v.show(status, views.PhoneTold(v.frame(told.Title), told))
}
