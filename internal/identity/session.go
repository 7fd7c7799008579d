package identity

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
)

// Stage is how far a session reaches.
type Stage string

// The stages.
const (
	Full      Stage = "full"
	ToBinding Stage = "binding" // leads to the binding of a WeChat and to nothing else
)

// Session is who sits at a desktop, as of this request.
type Session struct {
	Handle     uuid.UUID // names the session; opens nothing
	Stage      Stage
	Seat       access.Seat // without roles unless Full
	Login      string      // name@mchid
	NameMasked string
	Merchant   MerchantRef
	Others     []MerchantRef // where the same WeChat may switch to
	Unread     int           // messages, counted to UnreadMax
	Data       Data
	MadeAt     time.Time
	SeenAt     time.Time
	ExpiresAt  time.Time // at the latest; idle ones end sooner
}

// UnreadMax is where counting unread messages stops.
const UnreadMax = 100

// MerchantRef names a merchant.
type MerchantRef struct {
	Mchid     int64  `json:"mchid"`
	ShortName string `json:"short_name"`
	LegalName string `json:"legal_name"`
	Kind      string `json:"kind"`
	System    string `json:"system"` // account system
}

// Data is what pages keep in a session.
type Data struct {
	Flash string `json:"flash,omitempty"` // words' id of what the last post did
	Theme string `json:"theme,omitempty"`
}

// Scope is the right to the session's merchant; one that only leads to binding has none of its rights.
func (s Session) Scope() access.Scope { return access.Member(s.Seat) }

// BindingSeat is for whom a desktop may open a binding ticket.
type BindingSeat struct {
	merchant int64
	account  uuid.UUID
	session  uuid.UUID
}

// BindingSeat of a session that leads to binding; nil for others.
func (s Session) BindingSeat() *BindingSeat {
	if s.Stage != ToBinding {
		return nil
	}
	return &BindingSeat{merchant: s.Seat.Merchant, account: s.Seat.Account, session: s.Handle}
}

// session is a row of sessions.
type session struct {
	IDHash       []byte `gorm:"primaryKey"`
	Handle       uuid.UUID
	TicketID     *uuid.UUID
	MerchantID   int64
	AccountID    uuid.UUID
	Stage        Stage
	CardPassedAt *time.Time
	MadeAt       time.Time
	SeenAt       time.Time
	ExpiresAt    time.Time
	Address      string
	Agent        string
	Data         json.RawMessage
}
