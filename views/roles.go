package views

import (
	"context"
	"net/url"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// RolesPath is where roles are listed.
const RolesPath = "/account/roles"

// Roles are the roles of a merchant: the ready ones, then its own by name.
type Roles struct {
	Rows []RoleRow
	Own  int
	Make bool // the reader may make roles
}

// RoleRow is one of them.
type RoleRow struct {
	Code        access.Role
	Word        string
	What        string // of a ready role: what it is for
	Ready       bool
	Permissions []access.Permission
	Members     int
	Changed     string // of one's own: by whom and when
}

// RoleHref is the address of a role.
func RoleHref(code access.Role) string { return RolesPath + "/" + url.PathEscape(string(code)) }

func (r RoleRow) kind(ctx context.Context) string {
	if r.Ready {
		return say(ctx, "roles.kind.ready")
	}
	return say(ctx, "roles.kind.own")
}

// may is what the role allows, in one line.
func (r RoleRow) may(ctx context.Context) string {
	if r.Code == access.SuperAdmin {
		return say(ctx, "roles.all")
	}
	return access.PermissionWords(ctx, r.Permissions)
}

// members is how many have the role, as a link to them.
func (r RoleRow) members() ui.Act {
	return ui.Act{Word: strconv.Itoa(r.Members), Href: MembersPath + "?role=" + url.QueryEscape(string(r.Code))}
}

func (m Roles) sums(ctx context.Context) []ui.Sum {
	return []ui.Sum{{Before: words.F(ctx, "roles.count", words.Args{"Count": len(m.Rows), "Own": m.Own, "Max": access.RolesMax})}}
}

func rolesExports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: RolesPath + ".csv"}, {Word: say(ctx, "trades.export_json"), Href: RolesPath + ".json"}}
}

// RoleForm is a role: its name and its permissions, to be read or changed.
type RoleForm struct {
	RoleRow
	New    bool
	Edit   bool // the reader may change it
	Once   ui.Pair
	Ending ui.Pair // the key of the form that deletes it
	Faults []ui.Fault
	Name   ui.Field
	Picks  []PermissionPick
	Error  string // about the permissions
	Kept   []access.Permission
	Opens  map[access.Permission]string // which pages of the menu a permission opens, by the site map
}

// PermissionPick is a permission to choose.
type PermissionPick struct {
	Code   access.Permission
	Chosen bool
	Lacks  bool // the reader does not hold it, and cannot add it
}

func (p PermissionPick) id() string { return "permission-" + string(p.Code) }

func (m RoleForm) hint(ctx context.Context, p PermissionPick) string {
	what := m.what(ctx, p.Code)
	if p.Lacks && !p.Chosen {
		what += say(ctx, "roles.not_held")
	}
	return what
}

// what says what a permission allows, and which pages it opens.
func (m RoleForm) what(ctx context.Context, p access.Permission) string {
	what := say(ctx, "permission."+string(p)+".what")
	if opens := m.Opens[p]; opens != "" {
		what += words.F(ctx, "roles.opens", words.Args{"Pages": opens})
	}
	return what
}

// ChangedWords says by whom and when a role was changed.
func ChangedWords(ctx context.Context, r access.RoleRow) string {
	return words.F(ctx, "roles.changed_by", words.Args{"By": r.ChangedBy, "Time": clock.Text(r.ChangedAt)})
}

func (m RoleForm) action() string {
	if m.New {
		return RolesPath
	}
	return RoleHref(m.Code)
}

func (m RoleForm) head(ctx context.Context) ui.Head {
	switch {
	case m.New:
		return ui.Head{Title: say(ctx, "roles.create"), Lead: say(ctx, "roles.create_lead")}
	case m.Edit:
		return ui.Head{Title: m.Word, Lead: say(ctx, "roles.edit_lead"), Tag: ui.Tag(ui.Waiting, m.kind(ctx))}
	}
	return ui.Head{Title: m.Word, Lead: m.What, Tag: ui.Tag(ui.Waiting, m.kind(ctx))}
}

func (m RoleForm) ending(ctx context.Context) string {
	if m.Members > 0 {
		return words.F(ctx, "roles.delete_in_use", words.Args{"Count": m.Members})
	}
	return say(ctx, "roles.delete_text")
}

// lacks are the permissions that the role does not give.
func (m RoleForm) lacks() []access.Permission {
	return access.Listed(access.Added(m.Permissions, access.Permissions))
}
