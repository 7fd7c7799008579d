package identity

import (
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
)

// handoverLife is how long the receiver has to answer, by the business clock.
const handoverLife = 24 * time.Hour

// Refusals about handing over.
var (
	ErrHandoverWaiting = fault.New("identity.handover_waiting") // another one waits for its answer
	ErrHandoverKeeps   = fault.New("identity.handover_keeps").On("keeps")
	ErrReceiver        = fault.New("identity.handover_receiver").On("to")
	ErrHandoverEnded   = fault.New("identity.handover_ended")
	ErrHandoverLapsed  = fault.New("identity.handover_lapsed")
	ErrHandoverFrom    = fault.New("identity.handover_from") // who asked is no longer the super admin, or suspended
)

// HandoverState is where a handover stands.
type HandoverState string

// The states. A waiting one past its time is HandoverLapsed without a change of its row.
const (
	HandoverWaiting   HandoverState = "waiting"
	HandoverAccepted  HandoverState = "accepted"
	HandoverRefused   HandoverState = "refused"
	HandoverLapsed    HandoverState = "lapsed"
	HandoverWithdrawn HandoverState = "withdrawn" // by the super admin
	HandoverUndone    HandoverState = "undone"    // something came between: the reason
)

// handover is a row of handovers: the super admin confirmed it, the receiver is asked.
type handover struct {
	MerchantID int64
	ID         uuid.UUID
	FromID     uuid.UUID
	ToID       uuid.UUID
	Keeps      []access.Role // what the one who hands over goes on as
	AskedAt    time.Time
	LapsesAt   time.Time
	State      HandoverState
	Reason     string
	AnsweredAt *time.Time
}

// shown is the state that people see.
func (h handover) shown(now time.Time) HandoverState {
	if h.State == HandoverWaiting && !now.Before(h.LapsesAt) {
		return HandoverLapsed
	}
	return h.State
}

// end takes the one step there is, in time. Only lapsing happens after it.
func (h *handover) end(to HandoverState, why error, now time.Time) error {
	switch state := h.shown(now); {
	case state == HandoverLapsed && to != HandoverLapsed && h.State == HandoverWaiting:
		return ErrHandoverLapsed
	case h.State != HandoverWaiting:
		return ErrHandoverEnded
	case to == HandoverLapsed && state != HandoverLapsed:
		return ErrHandoverEnded
	}
	h.State, h.Reason, h.AnsweredAt = to, codeOf(why), &now
	return nil
}

// Handover is one as both sides see it.
type Handover struct {
	ID         uuid.UUID
	State      HandoverState
	Reason     string // fault code: why it was undone
	Mchid      int64
	ShortName  string
	LegalName  string
	FromLogin  string // name@mchid
	FromName   string // masked
	ToLogin    string
	ToName     string
	Keeps      []access.Role
	Custom     []access.CustomRole // what those of Keeps are called that the merchant made itself
	AskedAt    time.Time
	LapsesAt   time.Time
	AnsweredAt *time.Time
}
