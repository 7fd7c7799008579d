package web

import (
	"net/http"
	"net/url"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/identity"
	"zhanggui/internal/staff"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// memberFields are the fields of a new member.
const memberFields = "login name id_type id_number mobile role* _once"

// newMember asks who becomes a member.
func (s *site) newMember(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{"id_type": {string(identity.IDCard)}}
	}
	return s.showMemberForm(v, http.StatusOK, typed, nil)
}

// createMember asks the phone whether the member is made.
func (s *site) createMember(v *visit) error {
	n := staff.Newcomer{Login: v.form("login"), Name: v.form("name"), IDType: identity.IDType(v.form("id_type")), IDNumber: v.form("id_number"),
		Mobile: v.form("mobile"), Roles: v.formRoles("role")}
	err := s.ask(v, staff.Create, n, views.MembersPath+"/new")
	if refusedForm(err) {
		return s.showMemberForm(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

// formRoles are the roles chosen in a form, in the order of the form.
func (v *visit) formRoles(name string) []access.Role {
	roles := []access.Role{}
	for _, r := range v.formMany(name) {
		roles = append(roles, access.Role(r))
	}
	return roles
}

func (s *site) showMemberForm(v *visit, status int, typed url.Values, refused error) error {
	custom, err := access.CustomRoles(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	f := func(name string, hint string, most int) ui.Field {
		return ui.Field{Name: name, Label: v.word("members.form_" + name), Value: typed.Get(name), Hint: hint, MaxLength: most, Required: true}
	}
	m := views.MemberForm{
		Login:  f("login", v.wordf("members.form_login_hint", words.Args{"MchID": v.scope.Merchant()}), identity.LoginMax),
		Name:   f("name", v.word("members.form_name_hint"), identity.NameMax),
		IDType: f("id_type", "", 0), Number: f("id_number", v.word("members.form_id_hint"), identity.PaperMax),
		Mobile: f("mobile", "", identity.MobileMax), Roles: v.rolePicks("role", v.formRolesOf(typed, "role"), custom),
	}
	m.Login.Mono, m.Number.Mono, m.Mobile.InputMode = true, true, "tel"
	for _, t := range identity.IDTypes {
		m.IDType.Options = append(m.IDType.Options, ui.Option{Value: string(t), Word: v.word("identity.id_type." + string(t)),
			Chosen: typed.Get("id_type") == string(t)})
	}
	m.Roles.Hint, m.Roles.Quiet = v.word("members.form_roles_hint"), true
	roles := ui.Field{Name: "role"}
	m.Faults = v.faults(refused, &m.Login, &m.Name, &m.IDType, &m.Number, &m.Mobile, &roles)
	m.Roles.Error = roles.Error
	if m.Once, err = v.once(); err != nil {
		return err
	}
	return v.show(status, views.NewMemberPage(v.settingsFrame("members.create", v.memberCrumb()), m))
}

func (v *visit) formRolesOf(typed url.Values, name string) []access.Role {
	var roles []access.Role
	for _, r := range typed[name] {
		roles = append(roles, access.Role(r))
	}
	return roles
}

// rolePicks are the roles that can be given, the ready ones first; those that hold what the reader lacks
// say so. The super admin's is handed over, never given.
func (v *visit) rolePicks(name string, chosen []access.Role, custom []access.CustomRole) views.RolePicks {
	all := slices.DeleteFunc(slices.Clone(access.Roles), func(r access.Role) bool { return r == access.SuperAdmin })
	for _, c := range custom {
		all = append(all, c.Code)
	}
	picks := views.RolePicks{Name: name, Label: v.word("members.form_roles")}
	for _, r := range all {
		picks.Picks = append(picks.Picks, views.RolePick{Code: r, Word: access.RoleWord(v.ctx(), r, custom),
			Gives: access.Sum(v.scope.Merchant(), []access.Role{r}, custom), Chosen: slices.Contains(chosen, r),
			Lacks: v.scope.MayGiveRole(r, custom) != nil})
	}
	return picks
}

// showMemberRoles asks for roles in place of those the member has. With want, a permission that somebody
// asked for, the role that gives least beyond it is ticked.
func (s *site) showMemberRoles(v *visit) error {
	m, err := s.memberNamed(v)
	if err != nil {
		return err
	}
	if err := m.Admit(v.scope, identity.GiveRole); err != nil {
		return s.showMember(v, http.StatusUnprocessableEntity, m, err)
	}
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.rolesForm(v, http.StatusOK, m, typed, nil)
}

// giveMemberRoles asks the phone for other roles.
func (s *site) giveMemberRoles(v *visit) error {
	m, err := s.memberNamed(v)
	if err != nil {
		return err
	}
	given := staff.Given{Account: m.ID, Roles: v.formRoles("role")}
	err = s.ask(v, staff.GiveRoles, given, views.MemberHref(m.Name)+"/roles")
	if refusedForm(err) {
		return s.rolesForm(v, http.StatusUnprocessableEntity, m, v.posted, err)
	}
	return err
}

func (s *site) rolesForm(v *visit, status int, m identity.Member, typed url.Values, refused error) error {
	custom, err := access.CustomRoles(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	chosen := m.Roles
	if len(typed) > 0 {
		chosen = v.formRolesOf(typed, "role")
	}
	f := views.MemberRoles{Login: m.Login(), Name: m.Name, Masked: m.NameMasked, Now: v.roleWords(m.Roles, custom)}
	if v.route.Method == http.MethodGet && len(typed) == 0 {
		if f.Want, chosen, err = v.wanted(m, chosen, custom); err != nil {
			return err
		}
	}
	f.Roles = v.rolePicks("role", chosen, custom)
	f.Roles.Hint = v.word("members.form_roles_hint")
	roles := ui.Field{Name: "role"}
	f.Faults = v.faults(refused, &roles)
	f.Roles.Error = roles.Error
	if f.Once, err = v.once(); err != nil {
		return err
	}
	return v.show(status, views.MemberRolesPage(v.memberFrame("members.roles", m), f))
}

// memberFrame is the frame of a page below a member's.
func (v *visit) memberFrame(title string, m identity.Member) layout.Page {
	return v.settingsFrame(title, v.memberCrumb(), ui.Crumb{Word: m.NameMasked, Href: views.MemberHref(m.Name)})
}
