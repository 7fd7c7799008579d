package audit

import (
	"time"

	"github.com/google/uuid"
)

// The permissions to read a log: a member's to that of the merchant, an operator's to the platform's own.
const (
	ReadPermission         = "audit.read"
	PlatformReadPermission = "ops.audit.read"
)

// Reader is the right to read one merchant's log, as scopes are; P is their type of permissions.
type Reader[P ~string] interface {
	Merchant() int64
	Require(p P) error
}

// allowed refuses readers who may not read the log they ask for.
func allowed[P ~string](r Reader[P]) error {
	if r.Merchant() == platform {
		return r.Require(P(PlatformReadPermission))
	}
	return r.Require(P(ReadPermission))
}

// Record is an act as the log shows it.
type Record struct {
	ID           uuid.UUID
	At           time.Time
	Actor        string
	Account      uuid.UUID // zero: nobody's
	Action       string
	Object       string
	Outcome      Outcome
	Reason       string // fault code of a refusal
	From         From
	Confirmation uuid.UUID // zero: none was asked
	Details      map[string]any
	Seq          int64 // its number in the merchant's chain; 0: not sealed yet
}
