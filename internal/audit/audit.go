// Package audit keeps who did what: every act of people, refusals and denied access included,
// written in the transaction of the change it tells of. Rows are only ever added.
//
// A sealer chains them soon after they are committed: per merchant, in the order in which they could
// be seen, each row gets the next number and a hash over itself and the hash before it, signed with
// the program's key; over all merchants, each sealing leaves a signed head that follows the head
// before it. Whoever changes, removes, adds or reorders rows without the key is named by Verifier,
// even with every right in the database. Taking the whole database back to an earlier state is named
// where an Anchor outside of it remembers a later head.
package audit

import (
	"time"

	"github.com/google/uuid"
)

// platform stands for the platform itself among the merchants.
const platform = 0

// Outcome says whether the act was done or refused.
type Outcome string

// The outcomes. Words: catalogue id "audit.outcome." + code.
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
	Merchant     int64  // 0: the platform's own
	Actor        string // login@mchid, or system
	Account      uuid.UUID
	Action       string // "signin.redeem", "binding.check", "trade.import"; words: "audit.action." + code
	Object       string // what it was done to
	Outcome      Outcome
	Reason       string // fault code of a refusal
	From         From
	Confirmation uuid.UUID // the confirmation on the phone it ran in
	Details      map[string]any
	At           time.Time // business time
}
