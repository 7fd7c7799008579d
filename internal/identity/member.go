package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Refusals about members.
var (
	ErrMemberSuper   = fault.New("identity.member_super") // the super admin hands over; nobody takes the role away
	ErrMemberSelf    = fault.New("identity.member_self")
	ErrMemberState   = fault.New("identity.member_state") // it stands so already
	ErrMemberUnbound = fault.New("identity.member_unbound")
	ErrRolesSame     = fault.New("identity.roles_same").On("role")
)

// Lengths of what a form of a new login account takes.
const (
	LoginMax  = 12
	NameMax   = nameMax
	PaperMax  = idMax
	MobileMax = 16
)

// IDTypes lists the papers that are taken, in the order they are shown.
var IDTypes = []IDType{IDCard, HKMacaoPermit, TaiwanPermit, Passport}

// Member is a login account as those see it who manage a merchant's members.
type Member struct {
	Merchant     int64
	ID           uuid.UUID
	Name         string // of the login, without @mchid
	NameMasked   string
	IDType       IDType
	IDMasked     string
	MobileMasked string
	Roles        []access.Role
	Custom       []access.CustomRole // what those of Roles mean that the merchant made itself
	Suspended    bool
	BoundAt      *time.Time // nil: no WeChat is bound
	Request      *uuid.UUID // a binding that waits for the super admin
	RequestAt    *time.Time
	RequestUntil *time.Time
	Sessions     int        // live ones
	SeenAt       *time.Time // wall clock: the last use of a live session
	CreatedAt    time.Time
}

// Login is name@mchid.
func (m Member) Login() string { return fullLogin(m.Name, m.Merchant) }

// FullLogin writes name@mchid as the login will be kept.
func FullLogin(name string, merchant int64) string {
	return fullLogin(strings.TrimSpace(name), merchant)
}

// Has tells whether the member has the role.
func (m Member) Has(r access.Role) bool { return slices.Contains(m.Roles, r) }

// MemberState is how a member stands.
type MemberState string

// The states. Words: catalogue id "members.state." + code.
const (
	MemberActive    MemberState = "active"
	MemberUnbound   MemberState = "unbound"
	MemberWaiting   MemberState = "waiting" // for the super admin's answer
	MemberSuspended MemberState = "suspended"
)

// MemberStates lists them in the order they are shown.
var MemberStates = []MemberState{MemberActive, MemberUnbound, MemberWaiting, MemberSuspended}

// State is how the member stands.
func (m Member) State() MemberState {
	switch {
	case m.Suspended:
		return MemberSuspended
	case m.BoundAt != nil:
		return MemberActive
	case m.Request != nil:
		return MemberWaiting
	}
	return MemberUnbound
}

// MemberFilter chooses members; the zero value is all, the newest first.
type MemberFilter struct {
	Text   string // part of the login name
	Role   access.Role
	State  MemberState
	Before uuid.UUID // cursor: members made before this one
	After  uuid.UUID // or those made after it, nearest to it
	Limit  int
}

// Members lists the members of the merchant, and tells whether more follow in the direction asked for.
func (g *Gate) Members(ctx context.Context, q db.Querier, s access.Scope, f MemberFilter) ([]Member, bool, error) {
	if err := s.Require(access.MemberRead); err != nil {
		return nil, false, err
	}
	return listMembers(ctx, q, s, f, g.clock.Now(), g.wall.Now())
}

// Member reads one by the login's name, whatever its case; fault.ErrNotFound where there is none.
func (g *Gate) Member(ctx context.Context, q db.Querier, s access.Scope, name string) (Member, error) {
	if err := s.Require(access.MemberRead); err != nil {
		return Member{}, err
	}
	if !loginName.MatchString(name) {
		return Member{}, fault.ErrNotFound
	}
	return memberOf(ctx, q, memberAsked{merchant: s.Merchant(), name: strings.ToLower(name), now: g.clock.Now(), wall: g.wall.Now()})
}

// MemberByID reads one by its id, for who may change members.
func (g *Gate) MemberByID(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID) (Member, error) {
	return memberOf(ctx, q, memberAsked{merchant: s.Merchant(), id: id, now: g.clock.Now(), wall: g.wall.Now()})
}
