package identity

import (
	"time"

	"github.com/google/uuid"
)

// Purpose is what a ticket is for.
type Purpose string

// The purposes.
const (
	SignIn  Purpose = "signin"
	Binding Purpose = "binding"
)

// State is where a ticket stands.
type State string

// The states. A live ticket past its time is Expired without a change of its row.
const (
	Waiting    State = "waiting"    // shown, not scanned
	Scanned    State = "scanned"    // one WeChat holds it
	Confirmed  State = "confirmed"  // sign-in: that WeChat confirmed, the browser may come in
	Redeemed   State = "redeemed"   // sign-in: the browser came in
	Consenting State = "consenting" // binding: the number was right, consent and comparison follow
	Pending    State = "pending"    // binding: the person matched, the super admin is asked
	Bound      State = "bound"      // binding: done
	Refused    State = "refused"    // the phone said no
	Failed     State = "failed"     // a rule said no: Reason
	Expired    State = "expired"
)

// act is a step in a ticket's life.
type act string

const (
	scans    act = "scans"
	confirms act = "confirms"
	agrees   act = "agrees"
	refuses  act = "refuses"
	fails    act = "fails"
	asks     act = "asks"
	binds    act = "binds"
	redeems  act = "redeems"
)

// moves is the whole life of a ticket. What is not here does not happen, and nothing leads back.
var moves = map[State]map[act]State{
	Waiting:    {scans: Scanned},
	Scanned:    {confirms: Confirmed, agrees: Consenting, refuses: Refused, fails: Failed},
	Confirmed:  {redeems: Redeemed, fails: Failed},
	Consenting: {asks: Pending, binds: Bound, refuses: Refused, fails: Failed},
}

// ticket is a row of login_tickets.
type ticket struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	TokenHash   []byte
	BrowserHash []byte
	Purpose     Purpose
	State       State
	Reason      string // fault code; said with the words of the fault
	Number      int
	Choices     []byte
	OpenID      string `gorm:"column:openid"` // the WeChat that scanned
	Contested   bool   // another WeChat tried, too
	MerchantID  int64
	AccountID   uuid.UUID
	Consent     string
	ConsentedAt *time.Time
	Platform    bool // of the operators' door: no member answers it, and no operator any other
	Address     string
	Agent       string
	MadeAt      time.Time
	ExpiresAt   time.Time
}

// move takes a step of the table, in time.
func (t *ticket) move(a act, now time.Time) error {
	if t.shown(now) == Expired {
		return ErrTicketExpired
	}
	to, ok := moves[t.State][a]
	if !ok {
		return ErrTicketEnded
	}
	t.State = to
	return nil
}

// end takes a step that needs a reason.
func (t *ticket) end(a act, reason error, now time.Time) error {
	if err := t.move(a, now); err != nil {
		return err
	}
	t.Reason = codeOf(reason)
	t.Consent, t.ConsentedAt = "", nil // nothing is kept of what was refused
	return nil
}

// live tells whether something can still happen to the ticket.
func (t *ticket) live(now time.Time) bool { return len(moves[t.State]) > 0 && now.Before(t.ExpiresAt) }

// shown is the state that people see.
func (t *ticket) shown(now time.Time) State {
	if len(moves[t.State]) > 0 && !now.Before(t.ExpiresAt) {
		return Expired
	}
	return t.State
}
