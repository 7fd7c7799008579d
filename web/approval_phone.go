package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// approvalOnPhone asks the second person on the phone, where the message's link leads.
func (s *site) approvalOnPhone(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	on, err := s.Desk.ApprovalOnPhone(v.ctx(), id, v.openid)
	if err != nil {
		return err
	}
	return s.showOnPhone(v, http.StatusOK, on, "")
}

// answerOnPhone is the second person's answer; a yes has run the act when the page comes.
func (s *site) answerOnPhone(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	if v.otherWeChat() {
		return s.reopen(v)
	}
	decision := confirm.Decision(v.form("decision"))
	sheet, err := s.Desk.AnswerOnPhone(v.ctx(), id, v.openid, decision, v.form("hash"))
	if errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if err != nil && len(fault.All(err)) == 0 {
		return err
	}
	on, wrong := s.Desk.ApprovalOnPhone(v.ctx(), id, v.openid)
	if wrong != nil {
		return wrong
	}
	switch {
	case err == nil && sheet.State == confirm.Failed:
		return s.showOnPhone(v, http.StatusForbidden, on, confirm.Sentence(v.ctx(), sheet.Reason))
	case errors.Is(err, confirm.ErrDecide):
		return s.showOnPhone(v, http.StatusUnprocessableEntity, on, v.wrongWords(err))
	case err != nil:
		return s.confirmRefused(v, err)
	}
	return s.showOnPhone(v, http.StatusOK, on, "")
}

// showOnPhone asks whoever may answer, and tells everyone else how it stands.
func (s *site) showOnPhone(v *visit, status int, on confirm.OnApproval, wrong string) error {
	if on.State != confirm.Approving || on.Why != nil {
		told := v.toldApproval(on)
		if wrong != "" {
			told.State, told.Text = ui.Failed, wrong
		}
		return v.show(status, views.PhoneTold(v.frame(told.Title), told))
	}
	q := views.Ask{Action: "/m/approvals/" + on.ID.String(), Title: on.Words.Title,
		Hidden: []ui.Pair{{Name: shownTo, Value: v.openid}, {Name: "hash", Value: on.Hash}},
		Lines:  []string{v.wordf("phone.merchant_choice", words.Args{"Merchant": on.ShortName, "Account": on.Login})},
		Facts: append(factsOf(on.Words.Lines),
			ui.Fact{Word: v.word("approval.maker"), Text: v.wordf("phone.account_person", words.Args{"Login": on.Maker, "Name": on.MakerName})},
			ui.Fact{Word: v.word("approval.asked_at"), Text: clock.Text(on.AskedAt)},
			ui.Fact{Word: v.word("phone.fact_until"), Text: clock.Text(on.LapsesAt)}),
		Confirm: v.word("approval.yes"), Refuse: v.word("approval.no")}
	if on.Words.Warn != "" {
		q.Sections = []views.AskSection{{Lines: []ui.PhoneLine{{Text: on.Words.Warn}}}}
	}
	return s.showQuestion(v, status, q, wrong)
}

// toldApproval says where an approval stands.
func (v *visit) toldApproval(on confirm.OnApproval) views.Told {
	told := views.Told{State: ui.Waiting, Title: v.word("approval.state." + string(on.State)), Text: on.Words.Title,
		Facts: append(factsOf(on.Words.Lines), ui.Fact{Word: v.word("approval.maker"), Text: on.Maker})}
	switch {
	case on.State == confirm.Done:
		told.State = ui.Done
	case on.State == confirm.Failed:
		told.State, told.Text = ui.Failed, confirm.Sentence(v.ctx(), on.Reason)
	case on.State != confirm.Approving:
		told.Text = confirm.Sentence(v.ctx(), on.Reason)
	case on.Why != nil:
		told.Text = v.wrongWords(on.Why)
	}
	return told
}
