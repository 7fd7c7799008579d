package confirm

import (
	"time"

	"github.com/google/uuid"
)

// State is where a confirmation stands.
type State string

// The states. A live confirmation past its time is Lapsed before its row says so.
const (
	Waiting   State = "waiting"   // shown on the desktop, not scanned
	Scanned   State = "scanned"   // on the asker's phone
	Approving State = "approving" // the asker said yes, a second person is asked
	Done      State = "done"      // it ran
	Refused   State = "refused"   // somebody said no
	Failed    State = "failed"    // a rule said no: the reason
	Lapsed    State = "lapsed"
	Undone    State = "undone" // while a second person was asked, its ground went away
)

// act is a step in a confirmation's life.
type act string

const (
	scans   act = "scans"
	runs    act = "runs"
	asks    act = "asks"
	refuses act = "refuses"
	fails   act = "fails"
	lapses  act = "lapses"
	undoes  act = "undoes"
)

// moves is the whole life of a confirmation. What is not here does not happen, and nothing leads back.
var moves = map[State]map[act]State{
	Waiting:   {scans: Scanned, refuses: Refused, lapses: Lapsed},
	Scanned:   {runs: Done, asks: Approving, refuses: Refused, fails: Failed, lapses: Lapsed},
	Approving: {runs: Done, refuses: Refused, fails: Failed, lapses: Lapsed, undoes: Undone},
}

// Final tells whether nothing more can happen.
func (s State) Final() bool { return len(moves[s]) == 0 }

// Asking tells whether the asker's phone is still waited for.
func (s State) Asking() bool { return s == Waiting || s == Scanned }

// via is where an act was asked for.
type via string

const (
	byDesktop via = "desktop"
	byPhone   via = "phone" // the phone's own form is the confirmation
)

// confirmation is a row of confirmations.
type confirmation struct {
	MerchantID int64     `gorm:"primaryKey;autoIncrement:false"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	Action     string
	Params     string // canonical JSON; of private acts, sealed
	Words      string // canonical JSON by language
	Hash       []byte // over action, params and words as they stand in the row
	Once       string // the form's one-time key
	Asked      []byte // what the form asked for, to know it again
	Via        via
	SessionID  uuid.UUID
	TokenHash  []byte
	Number     int
	Choices    []byte
	Contested  bool   // another WeChat tried
	OpenID     string `gorm:"column:openid"` // the WeChat that answers
	State      State
	Reason     string // fault code
	ReasonArgs string // JSON
	Back       string // the form's path
	Form       []byte // what was typed there, sealed; empty: nothing
	Result     string // JSON
	Secret     []byte // shown once, sealed; empty: none
	Address    string
	Agent      string
	AskedAt    time.Time
	ExpiresAt  time.Time
	EndedAt    *time.Time

	judged time.Time `gorm:"-"` // the moment at which the step under way is in time or late, however long it takes
}

// move takes a step of the table, in time. Only lapsing happens after it.
func (c *confirmation) move(a act, now time.Time) error {
	if late := !now.Before(c.ExpiresAt); late != (a == lapses) {
		if late && !c.State.Final() {
			return ErrExpired
		}
		return ErrEnded
	}
	to, ok := moves[c.State][a]
	if !ok {
		return ErrEnded
	}
	c.State = to
	if to.Final() {
		c.EndedAt = &now
	}
	return nil
}

// end takes a step that needs a reason.
func (c *confirmation) end(a act, reason error, now time.Time) error {
	if err := c.move(a, now); err != nil {
		return err
	}
	c.Reason, c.ReasonArgs = reasonText(reason)
	return nil
}

// shown is the state that people see.
func (c *confirmation) shown(now time.Time) State {
	if !c.State.Final() && !now.Before(c.ExpiresAt) {
		return Lapsed
	}
	return c.State
}
