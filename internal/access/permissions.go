package access

// Permission is one thing a login account may do in its merchant.
type Permission string

// The permissions, named by what they allow. Words: catalogue id "permission." + code.
const (
	TradeRead   Permission = "trade.read"
	TradeImport Permission = "trade.import"
)

// Permissions lists all of them in the order they are shown.
var Permissions = []Permission{TradeRead, TradeImport}

// Role is a set of permissions with a name.
type Role string

// The ready roles.
const (
	SuperAdmin Role = "super_admin"
	Finance    Role = "finance"
	Operations Role = "operations"
	Service    Role = "service"
	ReadOnly   Role = "readonly"
)

// Roles lists the ready roles in the order they are shown.
var Roles = []Role{SuperAdmin, Finance, Operations, Service, ReadOnly}

// granted is what each ready role may do. The super admin may do everything.
var granted = map[Role][]Permission{
	SuperAdmin: Permissions,
	Finance:    {TradeRead, TradeImport},
	Operations: {TradeRead},
	Service:    {TradeRead},
	ReadOnly:   {TradeRead},
}

// Known tells whether the permission is one of ours.
func (p Permission) Known() bool {
	for _, known := range Permissions {
		if p == known {
			return true
		}
	}
	return false
}

// Known tells whether the role is a ready role.
func (r Role) Known() bool {
	_, ok := granted[r]
	return ok
}

// RolesWith lists the ready roles that hold a permission: who can grant it or do it.
func RolesWith(p Permission) []Role {
	var with []Role
	for _, r := range Roles {
		for _, has := range granted[r] {
			if has == p {
				with = append(with, r)
			}
		}
	}
	return with
}

// rights is what a list of roles adds up to. A role nobody knows gives nothing.
func rights(roles []Role) map[Permission]bool {
	all := map[Permission]bool{}
	for _, r := range roles {
		for _, p := range granted[r] {
			all[p] = true
		}
	}
	return all
}
