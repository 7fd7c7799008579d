package web

import (
	"errors"
	"net/http"

	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// approval shows one act that waits, or waited, for a second person.
func (s *site) approval(v *visit) error { return s.showApproval(v, http.StatusOK, nil, nil) }

func (s *site) showApproval(v *visit, status int, refused error, secret *confirm.Line) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	row, err := s.Desk.Approval(v.ctx(), v.scope, id)
	if err != nil {
		return err
	}
	m := views.Approval{ApprovalRow: row, Path: v.approvalsPath() + "/" + id.String(), Faults: v.faults(refused),
		Reason: confirm.Sentence(v.ctx(), row.Reason), Secret: secret}
	if row.MayAnswer {
		if m.Once, err = v.once(); err != nil {
			return err
		}
	}
	frame := v.frame(row.Words.Title, v.approvalCrumbs(ui.Crumb{Word: row.Words.Title})...)
	return v.show(status, views.ApprovalPage(frame, m))
}

// answerApproval asks the second person's own phone for the answer given at the desktop.
func (s *site) answerApproval(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	answer := confirm.Verdict{ID: id, Decision: confirm.Decision(v.form("decision")), Hash: v.form("hash")}
	err = s.ask(v, confirm.AnswerAction, answer, v.approvalsPath()+"/"+id.String())
	if len(fault.All(err)) > 0 && !errors.Is(err, fault.ErrNotFound) {
		return s.showApproval(v, http.StatusUnprocessableEntity, err, nil)
	}
	return err
}

// withdrawApproval takes back what one asked for oneself.
func (s *site) withdrawApproval(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	switch err := s.Desk.Withdraw(v.ctx(), v.scope, id); {
	case err == nil:
		v.flash(ui.Done, "withdrawn")
	case errors.Is(err, confirm.ErrEnded), errors.Is(err, confirm.ErrExpired):
		v.flash(ui.Needs, "approval_ended")
	default:
		return err
	}
	return v.seeOther(v.approvalsPath() + "/" + id.String())
}

// showApprovedSecret shows the maker what came of an approved act and is told once.
func (s *site) showApprovedSecret(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	line, err := s.Desk.ApprovedSecret(v.ctx(), v.scope, id)
	if err != nil {
		return err
	}
	return s.showApproval(v, http.StatusOK, nil, &line)
}
