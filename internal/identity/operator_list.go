package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Operator is an operator as others on the platform see them.
type Operator struct {
	ID           uuid.UUID
	Name         string // of the login, without @ops
	NameMasked   string
	IDMasked     string
	MobileMasked string
	Role         access.Role
	Suspended    bool
	BoundAt      *time.Time // nil: no WeChat is bound
	Request      *uuid.UUID // a binding that waits for a platform admin
	RequestUntil *time.Time
	SeenAt       *time.Time // wall clock: the last use of a live session
	CreatedAt    time.Time
}

// Login is name@ops.
func (o Operator) Login() string { return fullLogin(o.Name, access.PlatformID) }

// OperatorState is how an operator stands.
type OperatorState string

// The states. Words: catalogue id "ops.operators.state." + code.
const (
	OperatorActive    OperatorState = "active"
	OperatorUnbound   OperatorState = "unbound"
	OperatorWaiting   OperatorState = "waiting" // for a platform admin's answer
	OperatorSuspended OperatorState = "suspended"
)

// OperatorStates lists them in the order they are shown.
var OperatorStates = []OperatorState{OperatorActive, OperatorUnbound, OperatorWaiting, OperatorSuspended}

// State is how the operator stands.
func (o Operator) State() OperatorState {
	switch {
	case o.Suspended:
		return OperatorSuspended
	case o.BoundAt != nil:
		return OperatorActive
	case o.Request != nil:
		return OperatorWaiting
	}
	return OperatorUnbound
}

// OperatorFilter chooses operators; the zero value is all, the newest first.
type OperatorFilter struct {
	Text   string // part of the login name
	Role   access.Role
	State  OperatorState
	Before uuid.UUID // cursor
	Limit  int
}

// Operators lists operators, and tells whether more follow.
func (g *Gate) Operators(ctx context.Context, q db.Querier, p access.Platform, f OperatorFilter) ([]Operator, bool, error) {
	if err := p.Require(access.OpsOperatorsRead); err != nil {
		return nil, false, err
	}
	return listOperators(ctx, q, f, g.clock.Now(), g.wall.Now())
}

// Operator reads one by the login's name, whatever its case; fault.ErrNotFound where there is none.
func (g *Gate) Operator(ctx context.Context, q db.Querier, p access.Platform, name string) (Operator, error) {
	if err := p.Require(access.OpsOperatorsRead); err != nil {
		return Operator{}, err
	}
	if !loginName.MatchString(name) {
		return Operator{}, fault.ErrNotFound
	}
	return operatorOf(ctx, q, "lower(a.login) = $1", strings.ToLower(name))
}
