package access

import (
	"slices"
)

// Role is a set of permissions with a name: a ready one, or one that the merchant made.
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
	Finance: {TradeRead, TradeImport, FundsRead, FundsTopUp, FundsAlert, FundsMove, SettlementRepay, WithdrawalMake, WithdrawalSettings,
		TransferMake},
	Operations: {TradeRead, FundsRead, TransferMake},
	Service:    {TradeRead},
	ReadOnly:   {TradeRead, FundsRead},
}

// Known tells whether the role is a ready role.
func (r Role) Known() bool {
	_, ok := granted[r]
	return ok
}

// Permissions lists what a ready role may do; nothing for any other.
func (r Role) Permissions() []Permission { return slices.Clone(granted[r]) }

// RolesWith lists the ready roles that hold a permission: who can grant it or do it.
func RolesWith(p Permission) []Role {
	var with []Role
	for _, r := range Roles {
		if slices.Contains(granted[r], p) {
			with = append(with, r)
		}
	}
	return with
}

// CustomRole is a role that a merchant made of named permissions.
type CustomRole struct {
	Code        Role         `json:"code"`
	Name        string       `json:"name"`
	Permissions []Permission `json:"permissions"`
}

// holds is what the role gives. Permissions that nobody knows, or that are the super admin's alone,
// give nothing, however they came into the row.
func (c CustomRole) holds() []Permission {
	return slices.DeleteFunc(slices.Clone(c.Permissions), func(p Permission) bool { return !p.Givable() })
}

// rights is what a seat's roles add up to. A role nobody knows gives nothing.
func rights(s Seat) map[Permission]bool {
	all := map[Permission]bool{}
	for _, r := range s.Roles {
		for _, p := range permissionsOf(s.Merchant, r, s.Custom) {
			all[p] = true
		}
	}
	return all
}

// permissionsOf is what one role gives in the merchant: a ready role what it always gives, whatever
// role of the same code the merchant may have made.
func permissionsOf(merchant int64, r Role, custom []CustomRole) []Permission {
	if ready, ok := rolesOf(merchant)[r]; ok {
		return ready
	}
	if i := slices.IndexFunc(custom, func(c CustomRole) bool { return c.Code == r }); i >= 0 && merchant != PlatformID {
		return custom[i].holds()
	}
	return nil
}
