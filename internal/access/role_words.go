package access

import (
	"context"
	"slices"
	"strings"

	"zhanggui/internal/words"
)

// RoleWord names a role: a ready one in words, a merchant's own by its name.
func RoleWord(ctx context.Context, r Role, custom []CustomRole) string {
	if r.Known() || slices.Contains(PlatformRoles, r) {
		return words.T(ctx, "role."+string(r))
	}
	if i := slices.IndexFunc(custom, func(c CustomRole) bool { return c.Code == r }); i >= 0 {
		return custom[i].Name
	}
	return words.T(ctx, "role.gone")
}

// RoleWords names roles in one line.
func RoleWords(ctx context.Context, roles []Role, custom []CustomRole) string {
	names := make([]string, len(roles))
	for i, r := range Sorted(roles, custom) {
		names[i] = RoleWord(ctx, r, custom)
	}
	return strings.Join(names, words.T(ctx, "web.list_comma"))
}

// PermissionWords names permissions in one line, as pages list them.
func PermissionWords(ctx context.Context, all []Permission) string {
	all = Listed(all)
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = words.T(ctx, "permission."+string(p))
	}
	return strings.Join(names, words.T(ctx, "web.list_comma"))
}

// Sorted puts roles into the order they are shown: the ready ones first, the merchant's own by name.
func Sorted(roles []Role, custom []CustomRole) []Role {
	all := slices.Clone(roles)
	slices.SortStableFunc(all, func(a, b Role) int { return place(a, custom) - place(b, custom) })
	return all
}

func place(r Role, custom []CustomRole) int {
	if i := slices.Index(Roles, r); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(custom, func(c CustomRole) bool { return c.Code == r }); i >= 0 {
		return len(Roles) + i
	}
	return len(Roles) + len(custom)
}

// Sum is what roles add up to in a merchant, in the order permissions are shown.
func Sum(merchant int64, roles []Role, custom []CustomRole) []Permission {
	held := rights(Seat{Merchant: merchant, Roles: roles, Custom: custom})
	return slices.DeleteFunc(slices.Clone(Permissions), func(p Permission) bool { return !held[p] })
}
