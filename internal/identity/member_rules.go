package identity

import (
	"slices"

	"zhanggui/internal/access"
)

// MemberAct is something done to a member by somebody else.
type MemberAct string

// The acts.
const (
	Suspend  MemberAct = "suspend"
	Resume   MemberAct = "resume"
	Reset    MemberAct = "reset" // a lost phone: the WeChat is unbound, a new initial password is made
	GiveRole MemberAct = "roles"
	EndThem  MemberAct = "sessions" // end all sessions
	HandOver MemberAct = "handover" // hand the super admin's role over to the member
)

// needed is what each act takes. The pages ask the same rule before they show a button.
var needed = map[MemberAct]access.Permission{
	Suspend: access.MemberWrite, Resume: access.MemberWrite, GiveRole: access.MemberWrite, EndThem: access.MemberWrite,
	Reset: access.MemberReset, HandOver: access.SuperHandover,
}

// Admit refuses an act on the member: without the right, on the super admin, on oneself, or where it
// changes nothing.
func (m Member) Admit(s access.Scope, a MemberAct) error {
	if err := s.Require(needed[a]); err != nil {
		return err
	}
	switch {
	case m.ID == s.Actor().Account:
		return ErrMemberSelf
	case m.Has(access.SuperAdmin):
		return ErrMemberSuper
	case a == Suspend && m.Suspended, a == Resume && !m.Suspended, a == HandOver && m.Suspended:
		return ErrMemberState
	case a == HandOver && m.BoundAt == nil:
		return ErrMemberUnbound
	}
	return nil
}

// AdmitRoles refuses roles for the member that cannot be given: none, unknown ones, the super admin's,
// those that hold what the actor lacks, and those the member has already. custom are the merchant's own
// roles. Roles that the member keeps are not given.
func (m Member) AdmitRoles(s access.Scope, roles []access.Role, custom []access.CustomRole) error {
	if err := m.Admit(s, GiveRole); err != nil {
		return err
	}
	if !distinct(roles) {
		return ErrRoles
	}
	for _, r := range roles {
		if m.Has(r) {
			continue
		}
		if err := s.MayGiveRole(r, custom); err != nil {
			return err
		}
	}
	if sameRoles(m.Roles, roles) {
		return ErrRolesSame
	}
	return nil
}

// AdmitNew refuses roles for a new member.
func AdmitNew(s access.Scope, roles []access.Role, custom []access.CustomRole) error {
	if err := s.Require(access.MemberWrite); err != nil {
		return err
	}
	if !distinct(roles) {
		return ErrRoles
	}
	for _, r := range roles {
		if err := s.MayGiveRole(r, custom); err != nil {
			return err
		}
	}
	return nil
}

func sameRoles(a, b []access.Role) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(r access.Role) bool { return !slices.Contains(b, r) })
}
