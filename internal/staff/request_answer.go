package staff

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
)

// Asked is a request as the super admin's phone shows it.
type Asked struct {
	Request
	Member  identity.Member
	Choices []Choice
	Held    bool // the member holds it by now
}

// Choice is a role that could be added to a member's.
type Choice struct {
	Role  access.Role
	Name  string
	Gives []access.Permission // what the role would add
}

// Asked reads a request for the WeChat of the merchant's super admin; to every other it does not exist.
func (o *Office) Asked(ctx context.Context, id uuid.UUID, openid string) (a Asked, err error) {
	err = o.db.InTx(ctx, func(tx db.Tx) error {
		if a.Request, err = findRequest(ctx, tx, id); err != nil {
			return err
		}
		s, err := o.adminOf(ctx, tx, a.Merchant, openid)
		if err != nil {
			return err
		}
		if a.Member, err = o.gate.MemberByID(ctx, tx.PG(), s, a.Account); err != nil {
			return err
		}
		custom, err := access.CustomRoles(ctx, tx.PG(), a.Merchant)
		a.Choices = Choices(ctx, s, a.Member, custom, a.Permission)
		a.Held = slices.Contains(access.Sum(a.Merchant, a.Member.Roles, custom), a.Permission)
		return err
	})
	return a, err
}

// adminOf is the super admin's scope, by the WeChat that asks.
func (o *Office) adminOf(ctx context.Context, tx db.Tx, merchant int64, openid string) (access.Scope, error) {
	admin, err := o.gate.StandingOf(ctx, tx, merchant, openid)
	if err != nil {
		return access.Scope{}, err
	}
	if !admin.Active || !slices.Contains(admin.Seat.Roles, access.SuperAdmin) {
		return access.Scope{}, fault.ErrNotFound
	}
	return access.Phone(admin.Seat), nil
}

// Choices lists the roles by which the actor could give a member the permission, those that give least
// first. custom are the merchant's own roles.
func Choices(ctx context.Context, s access.Scope, m identity.Member, custom []access.CustomRole, p access.Permission) []Choice {
	all := slices.Clone(access.Roles)
	for _, c := range custom {
		all = append(all, c.Code)
	}
	held := access.Sum(m.Merchant, m.Roles, custom)
	var choices []Choice
	for _, r := range all {
		gives := access.Sum(m.Merchant, []access.Role{r}, custom)
		if slices.Contains(gives, p) && !m.Has(r) && s.MayGiveRole(r, custom) == nil {
			choices = append(choices, Choice{Role: r, Name: access.RoleWord(ctx, r, custom), Gives: access.Added(held, gives)})
		}
	}
	slices.SortStableFunc(choices, func(a, b Choice) int { return cmp.Compare(len(a.Gives), len(b.Gives)) })
	return choices
}

// Giving are the parameters of GiveRoles that add one of the choices to the member's roles.
func (a Asked) Giving(r access.Role) (Given, error) {
	if !slices.ContainsFunc(a.Choices, func(c Choice) bool { return c.Role == r }) {
		return Given{}, fault.ErrNotFound
	}
	return Given{Account: a.Account, Roles: append(slices.Clone(a.Member.Roles), r)}, nil
}
