package identity

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// SessionRow is one of a person's sessions as the profile page lists them.
type SessionRow struct {
	Handle    uuid.UUID
	Stage     Stage
	Browser   string // in words
	Address   string
	MadeAt    time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Sessions lists the actor's live sessions, the last seen first.
func (g *Gate) Sessions(ctx context.Context, s access.Scope) ([]SessionRow, error) {
	rows, err := liveSessions(ctx, g.db.PG(), s, g.wall.Now())
	if err != nil {
		return nil, err
	}
	list := make([]SessionRow, len(rows))
	for i, r := range rows {
		list[i] = SessionRow{Handle: r.Handle, Stage: r.Stage, Browser: BrowserWords(ctx, r.Agent),
			Address: r.Address, MadeAt: r.MadeAt, SeenAt: r.SeenAt, ExpiresAt: r.ExpiresAt}
	}
	return list, nil
}

// SignOut ends the session of a secret on the server: a copied cookie opens nothing any more.
// A session that has ended already is no refusal.
func (g *Gate) SignOut(ctx context.Context, secret string) error {
	s, err := g.Session(ctx, secret)
	if errors.Is(err, ErrNoSession) || errors.Is(err, ErrSuspended) {
		return nil
	}
	if err != nil {
		return err
	}
	return g.end(ctx, s.Scope(), "session.signout", s.Handle)
}

// EndSession ends one of the actor's sessions; fault.ErrNotFound for every other.
func (g *Gate) EndSession(ctx context.Context, s access.Scope, handle uuid.UUID) error {
	return g.end(ctx, s, "session.end", handle)
}

func (g *Gate) end(ctx context.Context, s access.Scope, action string, handle uuid.UUID) error {
	return g.db.InTx(ctx, func(tx db.Tx) error {
		ended, err := endSession(ctx, tx, s.Merchant(), s.Actor().Account, handle)
		if err != nil {
			return err
		}
		if !ended {
			return fault.ErrNotFound
		}
		return g.trail(ctx, tx, ofScope(s, action, handle.String()), nil)
	})
}

// EndOthers ends all of the actor's sessions but one; uuid.Nil keeps none. It returns how many ended.
func (g *Gate) EndOthers(ctx context.Context, s access.Scope, keep uuid.UUID) (int, error) {
	var ended int64
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		var err error
		ended, err = endOtherSessions(ctx, tx, s.Merchant(), s.Actor().Account, keep)
		if err != nil {
			return err
		}
		e := ofScope(s, "session.end_others", "")
		e.Details = map[string]any{"ended": ended}
		return g.trail(ctx, tx, e, nil)
	})
	return int(ended), err
}

func ofScope(s access.Scope, action, object string) audit.Entry {
	return audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account,
		Action: action, Object: object}
}
