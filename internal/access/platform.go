package access

import (
	"strings"

	"zhanggui/internal/fault"
)

// PlatformID is the number under which the platform itself stands among the merchants: its operators
// are login accounts of it. It is no merchant, and no merchant's permission is held in it.
const PlatformID int64 = 0

// Platform is the right to read and act across merchants, held by one operator or by the program's
// own work. It gives nothing inside a merchant: reads of a merchant's own data take a Scope.
type Platform struct {
	actor  Actor
	rights map[Permission]bool
	all    bool
}

// Across is the right across merchants that a scope of the platform gives; fault.ErrNotFound for the
// scope of any merchant.
func Across(s Scope) (Platform, error) {
	if s.merchant != PlatformID || s.actor.Name == "" {
		return Platform{}, fault.ErrNotFound
	}
	return Platform{actor: s.actor, rights: s.rights, all: s.all}, nil
}

// Actor is who acts.
func (p Platform) Actor() Actor { return p.actor }

// May tells whether the operator holds the permission now.
func (p Platform) May(want Permission) bool { return want.OfPlatform() && (p.all || p.rights[want]) }

// Require refuses when the operator does not hold the permission.
func (p Platform) Require(want Permission) error {
	if !p.May(want) {
		return fault.Forbidden{Permission: string(want)}
	}
	return nil
}

const platformPrefix = "ops."

// OfPlatform tells an operator's permission from a member's.
func (p Permission) OfPlatform() bool { return strings.HasPrefix(string(p), platformPrefix) }
