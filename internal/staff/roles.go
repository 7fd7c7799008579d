package staff

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Given are roles for a member, in place of those it has: the parameters of GiveRoles.
type Given struct {
	Account uuid.UUID     `json:"account"`
	Roles   []access.Role `json:"roles"`
}

func (o *Office) describeRoles(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	g, err := decode[Given](params)
	if err != nil {
		return confirm.Words{}, err
	}
	m, err := o.gate.MemberByID(ctx, q, s, g.Account)
	if err != nil {
		return confirm.Words{}, err
	}
	custom, err := access.CustomRoles(ctx, q, s.Merchant())
	if err != nil {
		return confirm.Words{}, err
	}
	if err := m.AdmitRoles(s, g.Roles, custom); err != nil {
		return confirm.Words{}, err
	}
	before, after := access.Sum(m.Merchant, m.Roles, custom), access.Sum(m.Merchant, g.Roles, custom)
	w := confirm.Words{Title: titled(ctx, "roles", m), Lines: who(ctx, m), Warn: words.T(ctx, "member.warn.roles")}
	w.Lines = append(w.Lines, line(ctx, "roles_before", access.RoleWords(ctx, m.Roles, custom)),
		line(ctx, "roles_after", access.RoleWords(ctx, g.Roles, custom)))
	w.Lines = append(w.Lines, changeLines(ctx, before, after)...)
	return w, nil
}

// changeLines say which permissions come and which go.
func changeLines(ctx context.Context, before, after []access.Permission) []confirm.Line {
	lines := []confirm.Line{}
	if added := access.Added(before, after); len(added) > 0 {
		lines = append(lines, line(ctx, "added", access.PermissionWords(ctx, added)))
	}
	if taken := access.Added(after, before); len(taken) > 0 {
		lines = append(lines, line(ctx, "taken", access.PermissionWords(ctx, taken)))
	}
	return lines
}

func (o *Office) giveRoles(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	g, err := decode[Given](params)
	if err != nil {
		return confirm.Result{}, err
	}
	before, err := o.gate.MemberByID(ctx, tx.PG(), s, g.Account)
	if err != nil {
		return confirm.Result{}, err
	}
	m, err := o.gate.SetRoles(ctx, tx, s, g.Account, g.Roles)
	if err != nil {
		return confirm.Result{}, err
	}
	names := access.RoleWords(ctx, m.Roles, m.Custom)
	err = inbox.Tell(ctx, tx, inbox.Message{Merchant: m.Merchant, To: m.ID, Category: inbox.Security, Kind: "roles_changed",
		Args: map[string]string{"Roles": names}, Link: "/account/profile", At: o.clock.Now()})
	return confirm.Result{Object: m.Login(), Link: page(m), Lines: []confirm.Line{line(ctx, "roles_after", names)},
		Details: map[string]any{"before": before.Roles, "after": m.Roles}}, err
}

// Role is a role to be made, changed or deleted: the parameters of the acts on roles. A new one has no code.
type Role struct {
	Code        access.Role         `json:"code"`
	Name        string              `json:"name"`
	Permissions []access.Permission `json:"permissions"`
}

func (r Role) draft() access.RoleDraft {
	return access.RoleDraft{Name: r.Name, Permissions: r.Permissions}.Tidy()
}

func (o *Office) describeNewRole(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	r, err := decode[Role](params)
	if err != nil {
		return confirm.Words{}, err
	}
	d := r.draft()
	if _, err := access.AdmitRole(ctx, q, s, "", d); err != nil {
		return confirm.Words{}, err
	}
	return confirm.Words{Title: words.F(ctx, "member.title.role_create", words.Args{"Name": d.Name}), Lines: []confirm.Line{
		line(ctx, "role", d.Name), line(ctx, "permissions", access.PermissionWords(ctx, d.Permissions))}}, nil
}

func (o *Office) createRole(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	r, err := decode[Role](params)
	if err != nil {
		return confirm.Result{}, err
	}
	c, err := access.CreateRole(ctx, tx, s, r.draft(), o.clock.Now())
	return confirm.Result{Object: c.Name, Link: rolePage(c.Code), Lines: []confirm.Line{line(ctx, "role", c.Name)},
		Details: map[string]any{"code": c.Code, "permissions": c.Permissions}}, err
}

func (o *Office) describeRoleChange(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	r, err := decode[Role](params)
	if err != nil {
		return confirm.Words{}, err
	}
	d := r.draft()
	old, err := access.AdmitRole(ctx, q, s, r.Code, d)
	if err != nil {
		return confirm.Words{}, err
	}
	row, err := access.FindRole(ctx, q, s, r.Code)
	if err != nil {
		return confirm.Words{}, err
	}
	w := confirm.Words{Title: words.F(ctx, "member.title.role_change", words.Args{"Name": old.Name}),
		Warn: words.T(ctx, "member.warn.role_change"), Lines: []confirm.Line{line(ctx, "role", old.Name)}}
	if d.Name != old.Name {
		w.Lines = append(w.Lines, line(ctx, "role_name_after", d.Name))
	}
	w.Lines = append(w.Lines, changeLines(ctx, old.Permissions, d.Permissions)...)
	w.Lines = append(w.Lines, line(ctx, "affected", words.F(ctx, "member.affected", words.Args{"Count": row.Members})))
	return w, nil
}

func (o *Office) changeRole(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	r, err := decode[Role](params)
	if err != nil {
		return confirm.Result{}, err
	}
	before, after, err := access.ChangeRole(ctx, tx, s, r.Code, r.draft(), o.clock.Now())
	return confirm.Result{Object: before.Name, Link: rolePage(r.Code), Lines: []confirm.Line{line(ctx, "role", after.Name)},
		Details: map[string]any{"code": r.Code, "name": after.Name, "before": before.Permissions, "after": after.Permissions}}, err
}

// End names a role to be deleted.
type End struct {
	Code access.Role `json:"code"`
}

func (o *Office) describeRoleEnd(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
	r, err := decode[End](params)
	if err != nil {
		return confirm.Words{}, err
	}
	row, err := access.FindRole(ctx, q, s, r.Code)
	if err != nil {
		return confirm.Words{}, err
	}
	if row.Members > 0 {
		return confirm.Words{}, access.ErrRoleInUse
	}
	return confirm.Words{Title: words.F(ctx, "member.title.role_delete", words.Args{"Name": row.Name}), Warn: words.T(ctx, "member.warn.role_delete"),
		Lines: []confirm.Line{line(ctx, "role", row.Name), line(ctx, "permissions", access.PermissionWords(ctx, row.Permissions))}}, nil
}

func (o *Office) deleteRole(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
	r, err := decode[End](params)
	if err != nil {
		return confirm.Result{}, err
	}
	old, err := access.DeleteRole(ctx, tx, s, r.Code)
	return confirm.Result{Object: old.Name, Link: "/account/roles", Details: map[string]any{"code": r.Code, "permissions": old.Permissions}}, err
}

func rolePage(code access.Role) string { return "/account/roles/" + string(code) }
