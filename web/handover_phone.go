package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// handoverOnPhone asks the receiver whether to take over.
func (s *site) handoverOnPhone(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	h, err := s.Gate.Handover(v.ctx(), id, v.openid)
	if err != nil {
		return err
	}
	return s.showHandoverAsk(v, http.StatusOK, h, "")
}

// answerHandover is what the receiver says.
func (s *site) answerHandover(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	h, err := s.Gate.AnswerHandover(v.ctx(), id, v.openid, identity.Decision(v.form("decision")))
	switch {
	case errors.Is(err, identity.ErrDecide):
		return s.showHandoverAsk(v, http.StatusUnprocessableEntity, h, v.wrongWords(err))
	case errors.Is(err, identity.ErrHandoverEnded), errors.Is(err, identity.ErrHandoverLapsed):
		return s.showHandoverAsk(v, http.StatusConflict, h, "")
	case errors.Is(err, fault.ErrNotFound):
		return err
	case err != nil:
		return s.phoneRefused(v, err)
	}
	return s.showHandoverAsk(v, http.StatusOK, h, "")
}

func (s *site) showHandoverAsk(v *visit, status int, h identity.Handover, wrong string) error {
	args := words.Args{"Merchant": h.ShortName, "From": h.FromLogin, "To": h.ToLogin}
	if h.State != identity.HandoverWaiting {
		told := views.Told{State: ui.Waiting, Title: v.wordf("phone.handover_"+string(h.State), args), Text: v.wordf("phone.handover_"+string(h.State)+"_text", args)}
		if h.State == identity.HandoverAccepted {
			told.State = ui.Done
		}
		return v.show(status, views.PhoneTold(v.frame(told.Title), told))
	}
	return s.showQuestion(v, status, views.Ask{
		Action: "/m/handover/" + h.ID.String(), Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}},
		Title: v.wordf("phone.handover_title", args), Lines: []string{v.wordf("phone.merchant_line", words.Args{"MchID": h.Mchid})},
		Facts: []ui.Fact{
			{Word: v.word("phone.handover_fact_from"), Text: v.wordf("phone.account_person", words.Args{"Login": h.FromLogin, "Name": h.FromName})},
			{Word: v.word("phone.fact_account"), Text: h.ToLogin},
			{Word: v.word("phone.handover_fact_keeps"), Text: v.roleWords(h.Keeps, h.Custom)},
			{Word: v.word("phone.fact_time"), Text: clock.Text(h.AskedAt)}, {Word: v.word("phone.fact_until"), Text: clock.Text(h.LapsesAt)},
		},
		Sections: []views.AskSection{
			{Title: v.word("phone.handover_may"), Lines: []ui.PhoneLine{{Kind: ui.Done, Text: v.word("phone.handover_may_all")}, {Kind: ui.Done, Text: v.word("phone.handover_may_alone")}}},
			{Title: v.word("phone.handover_not"), Lines: []ui.PhoneLine{{Kind: ui.Failed, Text: v.word("phone.handover_not_text")}}},
		},
		Confirm: v.word("phone.handover_yes"), Refuse: v.word("phone.handover_no"),
	}, wrong)
}
