// Package home reads what the first page says besides the takings: on what terms the merchant is
// settled, who its super admin is, what waits for the reader, and the newest messages. It decides what
// counts as waiting, and shows nobody what they may not do something about. It writes nothing.
package home

import (
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/inbox"
	"zhanggui/internal/merchant"
)

// Limits of the page's lists.
const (
	MessagesMax = 5
	ImportsMax  = 3
)

// importsKept is how long a file that was not imported is spoken of.
const importsKept = 72 * time.Hour

// View is the page's own reading.
type View struct {
	Cycle     merchant.Cycle
	Admin     string // the super admin's name, masked; empty when there is none
	Imports   []Import
	Bindings  Bindings
	Approvals Approvals
	Security  int // unread messages about security
	Messages  []inbox.Row
}

// Import is a bill that is being imported, or that was not imported and waits to be mended.
type Import struct {
	ID    uuid.UUID `json:"id"`
	File  string    `json:"file"`
	Ended bool      `json:"ended"`
}

// Approvals are requests of others that wait for the reader's answer.
type Approvals struct {
	Count int        `json:"count"`
	First *time.Time `json:"first"` // when the first of them lapses
}

// Bindings are employees who wait for the super admin; only the super admin hears of them.
type Bindings struct {
	Count int        `json:"count"`
	First *time.Time `json:"first"` // when the first of them lapses
}
