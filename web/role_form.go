package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/staff"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// newRole asks for a role; with permission, that one is ticked.
func (s *site) newRole(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{"permission": {v.query("permission")}}
	}
	return s.showRole(v, http.StatusOK, views.RoleForm{New: true}, typed, nil)
}

// createRole asks the phone for the role.
func (s *site) createRole(v *visit) error {
	err := s.ask(v, staff.CreateRole, v.roleAsked(""), views.RolesPath+"/new")
	if refusedForm(err) {
		return s.showRole(v, http.StatusUnprocessableEntity, views.RoleForm{New: true}, v.posted, err)
	}
	return err
}

// roleAsked is the role as the form has it.
func (v *visit) roleAsked(code access.Role) staff.Role {
	r := staff.Role{Code: code, Name: v.form("name"), Permissions: []access.Permission{}}
	for _, p := range v.formMany("permission") {
		r.Permissions = append(r.Permissions, access.Permission(p))
	}
	return r
}

// rolePage is one role: a ready one, or one of the merchant's own with the form that changes it.
func (s *site) rolePage(v *visit) error {
	m, err := s.roleNamed(v)
	if err != nil {
		return err
	}
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = url.Values{"name": {m.Word}}
		for _, p := range m.Permissions {
			typed.Add("permission", string(p))
		}
	}
	return s.showRole(v, http.StatusOK, m, typed, nil)
}

// roleNamed reads the role of the address.
func (s *site) roleNamed(v *visit) (views.RoleForm, error) {
	code, err := v.path("code")
	if err != nil {
		return views.RoleForm{}, err
	}
	if r := access.Role(code); r.Known() {
		_, ready, err := access.RoleList(v.ctx(), s.DB.PG(), v.scope)
		return views.RoleForm{RoleRow: v.readyRole(r, ready[r])}, err
	}
	row, err := access.FindRole(v.ctx(), s.DB.PG(), v.scope, access.Role(code))
	return views.RoleForm{RoleRow: v.ownRole(row), Edit: v.scope.May(access.RoleWrite)}, err
}

// changeRole asks the phone for the role as the form has it.
func (s *site) changeRole(v *visit) error {
	m, err := s.roleNamed(v)
	if err != nil {
		return err
	}
	err = s.ask(v, staff.ChangeRole, v.roleAsked(m.Code), views.RoleHref(m.Code))
	if refusedForm(err) {
		return s.showRole(v, http.StatusUnprocessableEntity, m, v.posted, err)
	}
	return err
}

// deleteRole asks the phone to let go of a role that nobody has.
func (s *site) deleteRole(v *visit) error {
	m, err := s.roleNamed(v)
	if err != nil {
		return err
	}
	err = s.ask(v, staff.DeleteRole, staff.End{Code: m.Code}, views.RoleHref(m.Code))
	if refusedForm(err) {
		return s.showRole(v, http.StatusUnprocessableEntity, m, v.posted, err)
	}
	return err
}

func (s *site) showRole(v *visit, status int, m views.RoleForm, typed url.Values, refused error) error {
	title := v.word("roles.create")
	if !m.New {
		title = m.Word
	}
	m.Name = ui.Field{Name: "name", Label: v.word("roles.name"), Value: typed.Get("name"), MaxLength: access.RoleNameMax, Required: true,
		Hint: v.wordf("roles.name_hint", words.Args{"Max": access.RoleNameMax})}
	for _, p := range access.Listed(access.Permissions) {
		if p.SuperOnly() {
			m.Kept = append(m.Kept, p)
			continue
		}
		m.Picks = append(m.Picks, views.PermissionPick{Code: p, Lacks: !v.scope.May(p), Chosen: slices.Contains(typed["permission"], string(p))})
	}
	m.Opens = v.opens()
	picks := ui.Field{Name: "permission"}
	m.Faults = v.faults(refused, &m.Name, &picks)
	m.Error = picks.Error
	var err error
	if m.Once, err = v.once(); err != nil {
		return err
	}
	if m.Ending, err = v.once(); err != nil {
		return err
	}
	p := v.frame(title, ui.Crumb{Word: v.word("menu.account")}, ui.Crumb{Word: v.word("menu.account.settings")}, v.roleCrumb(), ui.Crumb{Word: title})
	return v.show(status, views.RolePage(p, m))
}

// opens are the pages of the menu that each permission opens, in words, by the site map itself.
func (v *visit) opens() map[access.Permission]string {
	pages := map[access.Permission]string{}
	for _, c := range menu {
		for _, g := range c.groups {
			for _, path := range g.paths {
				p := pageAt[path].Policy.permission
				if p == "" {
					continue
				}
				if pages[p] != "" {
					pages[p] += v.word("web.list_comma")
				}
				pages[p] += v.word("menu" + strings.ReplaceAll(path, "/", "."))
			}
		}
	}
	return pages
}
