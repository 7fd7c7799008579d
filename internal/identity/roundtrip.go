package identity

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/vault"
)

// Where WeChat sends phones back to.
const (
	pathOAuth = "/m/oauth"
	pathCheck = "/m/check"
)

// pathTicket and a token are a ticket's page on the phone, and what the QR code holds after the base.
const pathTicket = "/m/t/"

// errand is what a phone goes to WeChat for.
type errand string

const (
	sayWho  errand = "phone"
	consent errand = "consent"
)

// roundTrip is a row of oauth_states: a phone on its way to WeChat and back.
type roundTrip struct {
	StateHash   []byte `gorm:"primaryKey"`
	BrowserHash []byte
	Purpose     errand
	Next        []byte
	TicketID    *uuid.UUID
	ExpiresAt   time.Time
}

// setOut remembers a round trip of the phone browser that holds the cookie, and returns its state.
func (g *Gate) setOut(ctx context.Context, q db.Querier, cookie string, trip roundTrip, next string) (state string, err error) {
	if cookie == "" {
		return "", errNoCookie
	}
	raw := make([]byte, secretSize)
	if _, err := io.ReadFull(g.rand, raw); err != nil {
		return "", fmt.Errorf("random state: %w", err)
	}
	state = hex.EncodeToString(raw) // WeChat takes letters and digits only
	trip.StateHash, trip.BrowserHash = hashed(state), hashed(cookie)
	trip.Next = g.vault.Seal(tripAt(trip.StateHash), next)
	trip.ExpiresAt = g.wall.Now().Add(stateLife)
	return state, insertTrip(ctx, q, trip)
}

// comeBack ends a round trip: once, in time, for the same errand, and only for the browser that set out.
func (g *Gate) comeBack(ctx context.Context, cookie, state string, what errand) (trip roundTrip, next string, err error) {
	trip, err = takeTrip(ctx, g.db.PG(), hashed(state))
	if err != nil {
		return trip, "", err
	}
	if trip.Purpose != what || !bytes.Equal(trip.BrowserHash, hashed(cookie)) || !g.wall.Now().Before(trip.ExpiresAt) {
		return trip, "", ErrRoundTrip
	}
	next, err = g.vault.Reveal(tripAt(trip.StateHash), trip.Next)
	return trip, next, err
}

func tripAt(stateHash []byte) vault.At {
	return vault.At{Table: "oauth_states", Column: "next", Row: hex.EncodeToString(stateHash)}
}

// phonePath tells whether a phone may be sent to the address after it said who it is: a page of our
// own under /m/, however the address is written.
func phonePath(next string) bool {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || len(next) > nextMax {
		return false
	}
	for _, s := range []string{next, u.Path} {
		if !strings.HasPrefix(s, "/m/") || strings.Contains(s, `\`) || strings.Contains(s, "..") ||
			strings.Contains(s, "//") || strings.ContainsFunc(s, isControl) {
			return false
		}
	}
	return true
}
