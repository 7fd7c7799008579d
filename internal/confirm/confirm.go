// Package confirm decides when a sensitive act may run: once, inside the transaction in which the
// person who asked says yes on the phone, and, where the merchant's rules want it, a second person too.
//
// A desktop asks: the act's parameters and the words that describe them are frozen under one hash.
// The phone shows exactly those words; only the WeChat bound to the login account that asked may
// answer, and only to the number that the asking desktop shows. At that moment the hash, the words and
// the rights are looked at again. Refused is what another WeChat answers, a wrong number, what came too
// late or a second time, what was changed on the way, and what the asker may no longer do; of all that
// stays an audit row and the reason, never half a change.
//
// The package knows no act but those about approvals: features register theirs. It does not decide who somebody is (identity does).
// Confirmations live by the business clock.
package confirm

import (
	"crypto/rand"
	"io"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

// Parts are what a Desk is made of.
type Parts struct {
	DB      *db.DB
	Clock   clock.Clock // business time
	Vault   *vault.Vault
	Hub     *signal.Hub
	Gate    *identity.Gate
	Actions *Registry // New adds the approvals' own actions to it
	Base    string    // the portal's base URL, for links in messages
	Rand    io.Reader // nil: crypto/rand; must bear concurrent use
}

// Desk is where acts are asked for and answered.
type Desk struct {
	db      *db.DB
	clock   clock.Clock
	vault   *vault.Vault
	hub     *signal.Hub
	gate    *identity.Gate
	actions *Registry
	base    string
	rand    io.Reader
}

// New makes a desk. From then on its registry also holds the acts about approvals themselves.
func New(p Parts) *Desk {
	if p.Rand == nil {
		p.Rand = rand.Reader
	}
	d := &Desk{db: p.DB, clock: p.Clock, vault: p.Vault, hub: p.Hub, gate: p.Gate, actions: p.Actions,
		base: p.Base, rand: p.Rand}
	d.addOwnActions()
	return d
}

// Actions are all acts that can be asked for.
func (d *Desk) Actions() *Registry { return d.actions }

// Browser is the desktop that asks.
type Browser struct {
	Session uuid.UUID // its session's handle: only this session sees the confirmation
	Address string
	Agent   string
}
