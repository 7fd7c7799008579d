// Package dossier decides what a merchant may change about itself: its short name, its contact phone,
// and the bank card it is settled to. Each change is the super admin's, confirmed on the phone.
//
// It refuses changes that change nothing, account numbers that cannot be one, and a second request
// for another card while one is open. A request is only that: the card in use stays until the new one
// has taken a check payment and the super admin has said its amount, three tries long. Then the new card
// is in use, and for a day nothing is paid to it, so that people can object.
package dossier

import (
	"io"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/vault"
)

// The acts that are confirmed on the phone. Words: catalogue id "audit.action." + code.
const (
	ProfileAction = "merchant.profile"
	CardAction    = "card.change"
)

// Path is the page where all of it is seen.
const Path = "/account/merchant"

// Deps are what the acts need.
type Deps struct {
	Vault  *vault.Vault
	Clock  clock.Clock    // business time
	Gate   *identity.Gate // tells people
	Random io.Reader      // of check amounts; nil: crypto/rand
}

// Register adds the acts to those that are confirmed on the phone.
func (d Deps) Register(r *confirm.Registry) {
	r.Add(d.profileAction())
	r.Add(d.cardAction())
}

// State is where a request for another card stands. Words: "dossier.card_state." + code.
type State string

// The states.
const (
	Requested State = "requested"
	Checking  State = "checking" // the check payment is on its way
	Arrived   State = "arrived"  // the bank has paid it
	InUse     State = "in_use"
	Missed    State = "failed" // the bank did not pay, or its amount was not known
	Cancelled State = "cancelled"
)

// Open tells whether the request has not ended.
func (s State) Open() bool { return s == Requested || s == Checking || s == Arrived }

// Asks tells whether the amount of the check payment can be entered.
func (s State) Asks() bool { return s == Checking || s == Arrived }

// TriesMax is how often the amount may be entered.
const TriesMax = 3

// PayoutRest is how long nothing is paid to a new card.
const PayoutRest = 24 * time.Hour

// CardChange is a request for another settlement card.
type CardChange struct {
	ID           uuid.UUID
	Bank         string
	Tail         string // of the new account
	OldTail      string
	State        State
	AskedBy      string
	AskedAt      time.Time
	Confirmation uuid.UUID
	CheckNo      string // number of the check payment
	Tries        int    // wrong amounts
	CheckedAt    *time.Time
	Reason       string // why it failed
	EndedBy      string
	EndedAt      *time.Time
}

// Left is how often the amount may still be entered.
func (c CardChange) Left() int { return TriesMax - c.Tries }

// shown is the card in the audit log: its tail.
func (c CardChange) shown() string { return "**** " + c.Tail }

// Pending is a change that was asked for and has not been confirmed yet.
type Pending struct {
	ID        uuid.UUID
	Action    string
	Approving bool // it waits for the second person
	Here      bool // asked for in this session, which alone may look at it
	ExpiresAt time.Time
}

// View is what the page shows besides the merchant itself.
type View struct {
	Provider string                  // the service provider's short name, of a sub-merchant
	Profile  *merchant.ProfileChange // the last one; nil: none
	Card     *CardChange             // the newest request; nil: none
	Rest     *time.Time              // nothing is paid to the card in use before it; nil: it is old enough
	Pending  []Pending               // the reader's own, and those that wait for the second person
}

// Of tells the newest pending change of an action.
func (v View) Of(action string) *Pending {
	for i := range v.Pending {
		if v.Pending[i].Action == action {
			return &v.Pending[i]
		}
	}
	return nil
}
