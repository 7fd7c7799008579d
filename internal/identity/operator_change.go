package identity

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Refusals about operators.
var (
	ErrOperatorSelf  = fault.New("identity.operator_self")
	ErrOperatorState = fault.New("identity.operator_state") // it stands so already
	ErrOperatorRole  = fault.New("identity.operator_role").On("role")
)

// NewOperator is an operator to be made.
type NewOperator struct {
	Login  string // without @ops
	Person Person
	Mobile string
	Role   access.Role
}

// Account is the login account that the operator gets.
func (n NewOperator) Account(by access.Actor) NewAccount {
	return NewAccount{Merchant: access.PlatformID, Login: n.Login, Person: n.Person, Mobile: n.Mobile,
		Roles: []access.Role{n.Role}, Actor: by}
}

// CheckNew refuses what cannot be an operator, or a member of a merchant, and a login that somebody has
// or had. Which roles a member can be given is AdmitNew's to say.
func (g *Gate) CheckNew(ctx context.Context, q db.Querier, n NewAccount) error {
	n = n.tidy()
	var f fault.Form
	f = append(f, fault.All(n.check())...)
	if n.Merchant == access.PlatformID && slices.ContainsFunc(n.Roles, func(r access.Role) bool { return r != "" && !r.KnownIn(n.Merchant) }) {
		f.Add(ErrOperatorRole)
	}
	if err := f.Err(); err != nil {
		return err
	}
	taken, err := loginTaken(ctx, q, n.Merchant, n.Login)
	if err == nil && taken {
		err = ErrLoginTaken
	}
	return err
}

// AddOperator makes an operator and returns the initial password. It refuses as CreateAccount.
func (g *Gate) AddOperator(ctx context.Context, tx db.Tx, p access.Platform, n NewOperator) (Operator, string, error) {
	if err := p.Require(access.OpsOperatorsWrite); err != nil {
		return Operator{}, "", err
	}
	if err := g.CheckNew(ctx, tx.PG(), n.Account(p.Actor())); err != nil {
		return Operator{}, "", err
	}
	id, password, err := g.CreateAccount(ctx, tx, n.Account(p.Actor()))
	if err != nil {
		return Operator{}, "", err
	}
	o, err := operatorOf(ctx, tx.PG(), "a.id = $1", id)
	return o, password, err
}

// SuspendOperator keeps an operator out at once. It refuses with ErrOperatorSelf and ErrOperatorState.
func (g *Gate) SuspendOperator(ctx context.Context, tx db.Tx, p access.Platform, login string) (Operator, error) {
	return g.changeOperator(ctx, tx, p, login, func(o Operator) error {
		if o.Suspended {
			return ErrOperatorState
		}
		if err := setAccountState(ctx, tx, o.ID, "suspended"); err != nil {
			return err
		}
		return endAll(ctx, tx, o.ID)
	})
}

// ResumeOperator lets a suspended operator in again.
func (g *Gate) ResumeOperator(ctx context.Context, tx db.Tx, p access.Platform, login string) (Operator, error) {
	return g.changeOperator(ctx, tx, p, login, func(o Operator) error {
		if !o.Suspended {
			return ErrOperatorState
		}
		return setAccountState(ctx, tx, o.ID, "active")
	})
}

// GiveOperatorRole puts another role in place of the operator's; it holds from the next click.
func (g *Gate) GiveOperatorRole(ctx context.Context, tx db.Tx, p access.Platform, login string, r access.Role) (Operator, error) {
	return g.changeOperator(ctx, tx, p, login, func(o Operator) error {
		switch {
		case !r.KnownIn(access.PlatformID):
			return ErrOperatorRole
		case o.Role == r:
			return ErrOperatorState
		}
		return replaceRole(ctx, tx, o.ID, r)
	})
}

// ResetOperator is for a lost phone: the WeChat is unbound, every session ends, and the returned
// initial password leads to binding another.
func (g *Gate) ResetOperator(ctx context.Context, tx db.Tx, p access.Platform, login string) (Operator, string, error) {
	password, err := g.newPassword()
	if err != nil {
		return Operator{}, "", err
	}
	hash, err := g.hashPassword(ctx, password)
	if err != nil {
		return Operator{}, "", err
	}
	o, err := g.changeOperator(ctx, tx, p, login, func(o Operator) error {
		if err := startOver(ctx, tx, o.ID, hash, g.clock.Now()); err != nil {
			return err
		}
		return endAll(ctx, tx, o.ID)
	})
	return o, password, err
}

// changeOperator holds the operator for a change by somebody else.
func (g *Gate) changeOperator(ctx context.Context, tx db.Tx, p access.Platform, login string, change func(Operator) error) (Operator, error) {
	if err := p.Require(access.OpsOperatorsWrite); err != nil {
		return Operator{}, err
	}
	if err := holdPlatform(ctx, tx.PG()); err != nil {
		return Operator{}, err
	}
	o, err := g.Operator(ctx, tx.PG(), p, login)
	switch {
	case err != nil:
		return o, err
	case o.ID == p.Actor().Account:
		return o, ErrOperatorSelf
	}
	if err := change(o); err != nil {
		return o, err
	}
	return operatorOf(ctx, tx.PG(), "a.id = $1", o.ID)
}

// endAll ends every session of an operator.
func endAll(ctx context.Context, tx db.Tx, account uuid.UUID) error {
	_, err := endOtherSessions(ctx, tx, access.PlatformID, account, uuid.Nil)
	return err
}

// EndMerchant ends every session in a merchant, and tells how many.
func EndMerchant(ctx context.Context, tx db.Tx, merchant int64) (int64, error) {
	if merchant == access.PlatformID {
		return 0, fault.ErrNotFound
	}
	return endWhere(ctx, tx, "merchant_id = $1", merchant)
}
