package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/staff"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showHandover asks to whom the super admin hands over.
func (s *site) showHandover(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{"to": {v.query("to")}, "keeps": {string(access.ReadOnly)}}
	}
	return s.handoverForm(v, http.StatusOK, typed, nil)
}

// handOver asks the super admin's phone; the receiver's is asked afterwards.
func (s *site) handOver(v *visit) error {
	h := staff.Handing{Keeps: v.formRoles("keeps")}
	m, err := s.Gate.Member(v.ctx(), s.DB.PG(), v.scope, v.form("to"))
	if err == nil {
		h.Account = m.ID
		err = s.ask(v, staff.HandOver, h, views.HandoverPath)
	} else if errors.Is(err, fault.ErrNotFound) {
		err = identity.ErrReceiver
	}
	if refusedForm(err) {
		return s.handoverForm(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

func (s *site) handoverForm(v *visit, status int, typed url.Values, refused error) error {
	board, err := s.Gate.MemberBoard(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	m := views.Handover{Keeps: v.rolePicks("keeps", v.formRolesOf(typed, "keeps"), board.Custom),
		To: ui.Field{Name: "to", Label: v.word("members.handover_to"), Hint: v.word("members.handover_to_hint"), Required: true}}
	m.Keeps.Label, m.Keeps.Hint = v.word("members.handover_keeps"), v.word("members.handover_keeps_hint")
	rows, _, err := s.Gate.Members(v.ctx(), s.DB.PG(), v.scope, identity.MemberFilter{State: identity.MemberActive, Limit: identity.MembersMax})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Admit(v.scope, identity.HandOver) == nil {
			m.To.Options = append(m.To.Options, ui.Option{Value: r.Name, Chosen: strings.EqualFold(typed.Get("to"), r.Name),
				Word: v.wordf("phone.account_person", words.Args{"Login": r.Name, "Name": r.NameMasked})})
		}
	}
	keeps := ui.Field{Name: "keeps"}
	m.Faults = v.faults(refused, &m.To, &keeps)
	m.Keeps.Error = keeps.Error
	if m.Once, err = v.once(); err != nil {
		return err
	}
	return v.show(status, views.HandoverPage(v.settingsFrame("members.handover", v.memberCrumb()), m, board.Handover))
}

// withdrawHandover takes back a handover that waits: nothing has happened yet.
func (s *site) withdrawHandover(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	if err := s.Gate.WithdrawHandover(v.ctx(), v.scope, v.from(), id); err != nil {
		return err
	}
	v.flash(ui.Done, "handover_withdrawn")
	return v.seeOther(views.MembersPath)
}
