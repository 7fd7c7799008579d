// Package audit keeps who did what: every act of people, refusals and denied access included,
// written in the transaction of the change it tells of. Rows are only ever added.
package audit

import (
	"time"

	"github.com/google/uuid"
)

// Outcome says whether the act was done or refused.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// From is where an act came from.
type From struct {
	Address string
	Agent   string
	Session string // the session's handle, never its secret
}

// Entry is one act. Details hold codes and numbers, never secrets nor whole personal data.
type Entry struct {
	Merchant int64
	Actor    string // login@mchid, or system
	Account  uuid.UUID
	Action   string // "signin.redeem", "binding.check", "trade.import"
	Object   string // what it was done to
	Outcome  Outcome
	Reason   string // fault code of a refusal
	From     From
	Details  map[string]any
	At       time.Time // business time
}
