// Package identity decides who sits at the desktop and who holds the phone: login accounts, the one
// WeChat bound to each, sign-in tickets and sessions.
//
// It refuses a sign-in that was not confirmed by the very WeChat that scanned the very code this
// browser shows; a WeChat that does not belong to the person of the login account; a second WeChat
// for one account and a second account for one WeChat within a merchant; and everything after the
// time is up. What was refused leaves an audit row and nothing else.
//
// Tickets and requests live by the business clock; sessions, round trips to WeChat and counters of
// attempts live by the wall clock. Secrets (tokens, session ids) are kept as hashes only.
package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"

	"golang.org/x/time/rate"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

// Parts are what a Gate is made of.
type Parts struct {
	DB     *db.DB
	Clock  clock.Clock // business time
	Vault  *vault.Vault
	Hub    *signal.Hub
	WeChat WeChat
	Base   string      // the portal's base URL, where WeChat sends phones back to
	Rand   io.Reader   // nil: crypto/rand; must bear concurrent use
	Wall   clock.Clock // nil: the machine's time
	Limits Limits      // zero fields: the defaults
}

// Gate is the one way in.
type Gate struct {
	db      *db.DB
	clock   clock.Clock
	wall    clock.Clock
	vault   *vault.Vault
	hub     *signal.Hub
	wechat  WeChat
	base    string
	rand    io.Reader
	limits  Limits
	opening *rate.Limiter
	hashing chan struct{}
	looks   looks
}

// New builds the gate.
func New(p Parts) *Gate {
	if p.Rand == nil {
		p.Rand = rand.Reader
	}
	if p.Wall == nil {
		p.Wall = clock.System{}
	}
	limits := p.Limits.orDefaults()
	return &Gate{db: p.DB, clock: p.Clock, wall: p.Wall, vault: p.Vault, hub: p.Hub, wechat: p.WeChat,
		base: p.Base, rand: p.Rand, limits: limits,
		opening: rate.NewLimiter(rate.Limit(limits.TicketsPerSecond), openingBurst*limits.TicketsPerSecond),
		hashing: make(chan struct{}, hashesAtOnce), looks: looks{db: p.DB}}
}

// secretSize is 256 bits: nobody guesses a secret.
const secretSize = 32

// secret makes a secret for a cookie.
func (g *Gate) secret() (string, error) {
	b := make([]byte, secretSize)
	if _, err := io.ReadFull(g.rand, b); err != nil {
		return "", fmt.Errorf("random secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hashed is how a secret is kept. The secrets are random, so they need no salt.
func hashed(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
