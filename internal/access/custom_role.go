package access

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"zhanggui/internal/fault"
	"zhanggui/internal/words"
)

// Limits of a merchant's own roles.
const (
	RolesMax    = 50
	RoleNameMax = 64
)

// Refusals of roles.
var (
	ErrRoleName        = fault.New("access.role_name").On("name")
	ErrRoleNameTaken   = fault.New("access.role_name_taken").On("name")
	ErrRolePermissions = fault.New("access.role_permissions").On("permission")
	ErrRolesMax        = fault.New("access.roles_max")
	ErrRoleInUse       = fault.New("access.role_in_use")
	ErrRoleSame        = fault.New("access.role_same")
	ErrGrantLacking    = fault.New("access.grant_lacking") // nobody gives what they do not hold
	ErrGrantSuper      = fault.New("access.grant_super")   // it is handed over, never given
	ErrGrantUnknown    = fault.New("access.grant_unknown")
)

// RoleDraft is a role as it is asked for.
type RoleDraft struct {
	Name        string
	Permissions []Permission
}

// Tidy writes a draft one way: its name without outer spaces, its permissions in the order of all, with
// those that they cannot be used without.
func (d RoleDraft) Tidy() RoleDraft {
	d.Name = strings.TrimSpace(d.Name)
	given := slices.Clone(d.Permissions)
	for _, p := range d.Permissions {
		if needed, ok := brings[p]; ok {
			given = append(given, needed)
		}
	}
	d.Permissions = slices.DeleteFunc(Givable(), func(p Permission) bool { return !slices.Contains(given, p) })
	for _, p := range given { // what is unknown stays, to be refused
		if !p.Givable() {
			d.Permissions = append(d.Permissions, p)
		}
	}
	return d
}

// Check refuses what cannot be a role, all at once.
func (d RoleDraft) Check(ctx context.Context) error {
	var f fault.Form
	if n := utf8.RuneCountInString(d.Name); n < 1 || n > RoleNameMax || strings.ContainsFunc(d.Name, unseen) {
		f.Add(ErrRoleName.With("Max", RoleNameMax))
	}
	for _, r := range Roles {
		if strings.EqualFold(d.Name, words.T(ctx, "role."+string(r))) {
			f.Add(ErrRoleNameTaken)
		}
	}
	if len(d.Permissions) == 0 || slices.ContainsFunc(d.Permissions, func(p Permission) bool { return !p.Givable() }) {
		f.Add(ErrRolePermissions)
	}
	return f.Err()
}

// unseen characters would let two names look alike.
func unseen(r rune) bool {
	return r == utf8.RuneError || unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// MayGive refuses permissions that the actor does not hold; nobody gives what they lack.
func (s Scope) MayGive(all []Permission) error {
	for _, p := range all {
		if !s.May(p) {
			return ErrGrantLacking.On("permission").With("Permission", string(p))
		}
	}
	return nil
}

// MayGiveRole refuses a role that nobody can be given, or that holds what the actor lacks. custom are
// the merchant's own roles.
func (s Scope) MayGiveRole(r Role, custom []CustomRole) error {
	known := r.KnownIn(s.merchant) || slices.ContainsFunc(custom, func(c CustomRole) bool { return c.Code == r })
	switch {
	case r == SuperAdmin:
		return ErrGrantSuper.On("role")
	case !known:
		return ErrGrantUnknown.On("role")
	}
	if err := s.MayGive(permissionsOf(s.merchant, r, custom)); err != nil {
		return ErrGrantLacking.On("role").With("Permission", string(firstLacking(s, permissionsOf(s.merchant, r, custom))))
	}
	return nil
}

func firstLacking(s Scope, all []Permission) Permission {
	for _, p := range all {
		if !s.May(p) {
			return p
		}
	}
	return ""
}
