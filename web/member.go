package web

import (
	"net/http"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/staff"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// memberPage is one member.
func (s *site) memberPage(v *visit) error {
	m, err := s.memberNamed(v)
	if err != nil {
		return err
	}
	return s.showMember(v, http.StatusOK, m, nil)
}

// memberNamed reads the member of the address.
func (s *site) memberNamed(v *visit) (identity.Member, error) {
	name, err := v.path("login")
	if err != nil {
		return identity.Member{}, err
	}
	return s.Gate.Member(v.ctx(), s.DB.PG(), v.scope, name)
}

func (s *site) showMember(v *visit, status int, row identity.Member, refused error) error {
	m := views.Member{Member: row, Self: row.ID == v.session.Seat.Account, Faults: v.faults(refused)}
	var err error
	if m.Acts, err = v.memberActs(row); err != nil {
		return err
	}
	if row.Request != nil && v.scope.May(access.BindingAnswer) {
		once, err := v.once()
		if err != nil {
			return err
		}
		m.Answer = &once
	}
	p := v.frame(row.Login(), ui.Crumb{Word: v.word("menu.account")}, ui.Crumb{Word: v.word("menu.account.settings")}, v.memberCrumb(),
		ui.Crumb{Word: row.NameMasked})
	return v.show(status, views.MemberPage(p, m))
}

// memberActs are what the reader may do to the member, by the very rule that the act obeys.
func (v *visit) memberActs(m identity.Member) (acts []views.MemberAct, err error) {
	at := views.MemberHref(m.Name)
	for _, a := range []struct {
		act        identity.MemberAct
		href, post string
		kind       ui.Kind
	}{
		{identity.GiveRole, at + "/roles", "", ui.Plain},
		{identity.EndThem, "", at + "/sessions/end", ui.Plain},
		{identity.Reset, "", at + "/reset", ui.Danger},
		{identity.Suspend, "", at + "/suspension", ui.Danger},
		{identity.Resume, "", at + "/resumption", ui.Plain},
		{identity.HandOver, views.HandoverPath + "?to=" + m.Name, "", ui.Plain},
	} {
		if m.Admit(v.scope, a.act) != nil {
			continue
		}
		act := views.MemberAct{ID: string(a.act), Href: a.href, Post: a.post, Kind: a.kind}
		if a.post != "" {
			if act.Once, err = v.once(); err != nil {
				return nil, err
			}
		}
		acts = append(acts, act)
	}
	return acts, nil
}

func (s *site) suspendMember(v *visit) error { return s.changeMember(v, staff.Suspend, one) }

func (s *site) resumeMember(v *visit) error { return s.changeMember(v, staff.Resume, one) }

func (s *site) resetMember(v *visit) error { return s.changeMember(v, staff.Reset, one) }

func (s *site) endMember(v *visit) error { return s.changeMember(v, staff.EndSessions, one) }

// answerBinding asks the super admin's phone for an answer to the member's binding.
func (s *site) answerBinding(v *visit) error {
	return s.changeMember(v, staff.AnswerBinding, func(id uuid.UUID) any {
		return staff.Binding{Account: id, Decision: identity.Decision(v.form("decision"))}
	})
}

func one(id uuid.UUID) any { return staff.One{Account: id} }

// changeMember asks the phone for an act on the member of the address. What is refused is said on the
// member's page.
func (s *site) changeMember(v *visit, action string, params func(uuid.UUID) any) error {
	m, err := s.memberNamed(v)
	if err != nil {
		return err
	}
	err = s.ask(v, action, params(m.ID), views.MemberHref(m.Name))
	if refusedForm(err) {
		return s.showMember(v, http.StatusUnprocessableEntity, m, err)
	}
	return err
}
