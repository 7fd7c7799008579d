package web

import (
	"io"
	"net/http"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// roles lists what roles there are and what they allow.
func (s *site) roles(v *visit) error {
	rows, own, err := s.roleList(v)
	if err != nil {
		return err
	}
	m := views.Roles{Rows: rows, Own: own, Make: v.scope.May(access.RoleWrite)}
	return v.show(http.StatusOK, views.RolesPage(v.settingsFrame("roles.title"), m))
}

func (s *site) roleList(v *visit) (rows []views.RoleRow, own int, err error) {
	custom, ready, err := access.RoleList(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range access.Roles {
		rows = append(rows, v.readyRole(r, ready[r]))
	}
	for _, r := range custom {
		rows = append(rows, v.ownRole(r))
	}
	return rows, len(custom), nil
}

func (v *visit) readyRole(r access.Role, members int) views.RoleRow {
	return views.RoleRow{Code: r, Word: v.word("role." + string(r)), What: v.word("role." + string(r) + ".what"), Ready: true,
		Permissions: access.Listed(r.Permissions()), Members: members}
}

func (v *visit) ownRole(r access.RoleRow) views.RoleRow {
	return views.RoleRow{Code: r.Code, Word: r.Name, Members: r.Members, Changed: views.ChangedWords(v.ctx(), r),
		Permissions: access.Sum(v.scope.Merchant(), []access.Role{r.Code}, []access.CustomRole{r.CustomRole})}
}

// roleWire is a role in JSON.
type roleWire struct {
	Code        access.Role         `json:"code"`
	Name        string              `json:"name"`
	Ready       bool                `json:"ready"`
	Permissions []access.Permission `json:"permissions"`
	Members     int                 `json:"members"`
}

func (s *site) rolesJSON(v *visit) error {
	rows, _, err := s.roleList(v)
	if err != nil {
		return err
	}
	out := listing[roleWire]{Rows: make([]roleWire, 0, len(rows))}
	for _, r := range rows {
		out.Rows = append(out.Rows, roleWire{Code: r.Code, Name: r.Word, Ready: r.Ready, Permissions: r.Permissions, Members: r.Members})
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) rolesCSV(v *visit) error {
	rows, _, err := s.roleList(v)
	if err != nil {
		return err
	}
	return v.stream("roles.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("roles.col.", "name", "kind", "permissions", "members", "changed")...)
		for _, r := range rows {
			kind := "roles.kind.own"
			if r.Ready {
				kind = "roles.kind.ready"
			}
			if err := out.Row(r.Word, v.word(kind), access.PermissionWords(v.ctx(), r.Permissions), strconv.Itoa(r.Members), r.Changed); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// roleCrumb says where a page below the list of roles lies.
func (v *visit) roleCrumb() ui.Crumb {
	return ui.Crumb{Word: v.word("roles.title"), Href: views.RolesPath}
}
