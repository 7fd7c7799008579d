// Package access decides who may do what, and in whose data. Every read and write of a merchant's
// data takes a Scope; only the makers here make one, so data cannot be reached without saying whose
// it is and by what right. Operators' reads across merchants take a type of their own.
package access

import (
	"github.com/google/uuid"

	"zhanggui/internal/fault"
)

// Actor is who acts, as the audit log and the bills name them.
type Actor struct {
	Name    string    // login@mchid, or system
	Account uuid.UUID // zero for the program itself
}

// System is the program acting by itself.
var System = Actor{Name: "system"}

// Scope is the right to one merchant's data, held by one actor.
type Scope struct {
	merchant int64
	provider bool // a service provider, who also reads the orders it placed for its sub-merchants
	actor    Actor
	rights   map[Permission]bool
	all      bool // the program's own work
}

// Seat is a login account as it stands right now.
type Seat struct {
	Merchant int64
	Provider bool
	Account  uuid.UUID
	Name     string // login@mchid
	Roles    []Role
	Custom   []CustomRole // what those of Roles mean that the merchant made itself
}

// Member is the scope of someone signed in on a desktop.
func Member(s Seat) Scope { return seated(s) }

// Phone is the scope of a person who answers on the phone bound to the seat.
func Phone(s Seat) Scope { return seated(s) }

func seated(s Seat) Scope {
	return Scope{merchant: s.Merchant, provider: s.Provider,
		actor: Actor{Name: s.Name, Account: s.Account}, rights: rights(s)}
}

// Platform tells whether the seat is an operator's.
func (s Seat) Platform() bool { return s.Merchant == PlatformID }

// Holds tells whether the seat's roles give the permission, for who wants to know whom a thing concerns.
func (s Seat) Holds(p Permission) bool { return s.Platform() == p.OfPlatform() && rights(s)[p] }

// Job is the scope of due work and of commands on the machine itself, for one merchant.
func Job(merchant int64, onBehalfOf Actor) Scope {
	return Scope{merchant: merchant, actor: onBehalfOf, all: true}
}

// Merchant is whose data it is.
func (s Scope) Merchant() int64 { return s.merchant }

// Provider tells whether the merchant is a service provider.
func (s Scope) Provider() bool { return s.provider }

// Actor is who acts.
func (s Scope) Actor() Actor { return s.actor }

// May tells whether the actor holds the permission now. What operators may do is held in the platform
// alone, everything else in merchants alone.
func (s Scope) May(p Permission) bool {
	return (s.merchant == PlatformID) == p.OfPlatform() && (s.all || s.rights[p])
}

// Require refuses when the actor does not hold the permission.
func (s Scope) Require(p Permission) error {
	if !s.May(p) {
		return fault.Forbidden{Permission: string(p)}
	}
	return nil
}
