package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// beginning is how a session comes to be.
type beginning struct {
	seat    seat
	stage   Stage
	browser Browser
	ticket  *uuid.UUID
	until   time.Time // zero: the whole life of a session
	action  string
}

// begin makes a session with a fresh id: nothing the browser knew before opens it.
func (g *Gate) begin(ctx context.Context, tx db.Tx, b beginning) (secret string, err error) {
	secret, err = g.secret()
	if err != nil {
		return "", err
	}
	now := g.wall.Now()
	if b.until.IsZero() {
		b.until = now.Add(sessionLife)
	}
	s := session{IDHash: hashed(secret), Handle: db.NewID(), TicketID: b.ticket, MerchantID: b.seat.MerchantID,
		AccountID: b.seat.AccountID, Stage: b.stage, MadeAt: now, SeenAt: now, ExpiresAt: b.until,
		Address: b.browser.Address, Agent: b.browser.Agent, Data: []byte("{}")}
	if err := insertSession(ctx, tx, s); err != nil {
		return "", err
	}
	e := b.seat.by(b.action, audit.From{Address: s.Address, Agent: s.Agent, Session: s.Handle.String()})
	e.Details = map[string]any{"stage": b.stage}
	return secret, g.trail(ctx, tx, e, nil)
}

// stageOf is how far a confirmed WeChat comes in: a verdict that no longer fits today's openid, name
// and paper leads to the binding again.
func (g *Gate) stageOf(s seat) (Stage, error) {
	fits, err := g.bound(s)
	if err != nil || !fits {
		return ToBinding, err
	}
	return Full, nil
}
