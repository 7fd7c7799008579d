package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Confirmation is what the desktop that asked may know.
type Confirmation struct {
	ID        uuid.UUID
	Token     string // goes into the QR code's link
	Action    string
	Words     Words
	State     State
	Reason    *fault.Refusal // why it ended; nil when it did not, or ran
	Number    int            // to be shown beside the code
	Contested bool           // another WeChat tried and was refused
	AskedAt   time.Time
	ExpiresAt time.Time
	Back      string // path of the form
	Link      string // where the result can be seen
	Lines     []Line // what came of it
	HasSecret bool   // something waits to be shown once
}

// Topic is the signal that a confirmation changed.
func Topic(id uuid.UUID) string { return "confirmation:" + id.String() }

// Confirmation reads one for the session that asked; to every other it does not exist.
func (d *Desk) Confirmation(ctx context.Context, s access.Scope, session, id uuid.UUID) (Confirmation, error) {
	c, err := d.mine(ctx, s, session, id)
	if err != nil {
		return Confirmation{}, err
	}
	return d.toDesktop(ctx, c, Browser{Session: session})
}

// Typed is what was typed into the form of a confirmation, for opening the form again. Any session of
// the same account may; a confirmation of others, or none, gives fault.ErrNotFound.
func (d *Desk) Typed(ctx context.Context, s access.Scope, id uuid.UUID) (url.Values, error) {
	c, err := readConfirmation(ctx, d.db, s.Merchant(), id)
	if err != nil {
		return nil, err
	}
	if c.AccountID != s.Actor().Account {
		return nil, fault.ErrNotFound
	}
	return d.typed(c)
}

// Cancel ends a confirmation on the desktop that asked, while the phone has not answered.
func (d *Desk) Cancel(ctx context.Context, s access.Scope, session, id uuid.UUID) error {
	var refusal error
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		c, err := lockConfirmation(ctx, tx, s.Merchant(), id)
		if err != nil {
			return err
		}
		if !c.shownTo(s, session) {
			return fault.ErrNotFound
		}
		from := c.State
		if !from.Asking() {
			refusal = ErrEnded
			return nil
		}
		if refusal = c.end(refuses, ErrCancelled, d.clock.Now()); refusal != nil {
			return nil //nolint:nilerr // the refusal is told outside; nothing is to be undone
		}
		who := actor(s.Actor())
		return firstOf(saveConfirmation(ctx, tx, from, c), d.trail(ctx, tx, c.entry("confirm.cancel", who), nil))
	})
	return firstOf(err, refusal)
}

func (d *Desk) mine(ctx context.Context, s access.Scope, session, id uuid.UUID) (confirmation, error) {
	c, err := readConfirmation(ctx, d.db, s.Merchant(), id)
	if err == nil && !c.shownTo(s, session) {
		err = fault.ErrNotFound
	}
	return c, err
}

// shownTo tells whether it is the asker's, and this the session that asked.
func (c *confirmation) shownTo(s access.Scope, session uuid.UUID) bool {
	return c.Via == byDesktop && c.AccountID == s.Actor().Account && c.SessionID == session
}

func (d *Desk) toDesktop(ctx context.Context, c confirmation, b Browser) (Confirmation, error) {
	if c.SessionID != b.Session {
		return Confirmation{}, fault.ErrNotFound
	}
	v, err := c.view(ctx, d.clock.Now())
	v.Token, v.Number = d.token(c.ID, b.Session), c.Number
	return v, err
}

// view is what both sides may know of a row.
func (c *confirmation) view(ctx context.Context, now time.Time) (Confirmation, error) {
	w, err := wordsIn(ctx, c.Words)
	if err != nil {
		return Confirmation{}, err
	}
	v := Confirmation{ID: c.ID, Action: c.Action, Words: w, State: c.shown(now), Reason: reason(c.Reason, c.ReasonArgs),
		Contested: c.Contested, AskedAt: c.AskedAt, ExpiresAt: c.ExpiresAt, Back: c.Back, HasSecret: len(c.Secret) > 0}
	if v.State == Lapsed {
		v.Reason = ErrLapsed
	}
	return v, v.read(c.Result)
}

// outcome is what a row keeps of a Result.
type outcome struct {
	Link  string `json:"link"`
	Lines []Line `json:"lines"`
}

func (v *Confirmation) read(result string) error {
	if result == "" {
		return nil
	}
	var o outcome
	if err := json.Unmarshal([]byte(result), &o); err != nil {
		return fmt.Errorf("result of confirmation %s: %w", v.ID, err)
	}
	v.Link, v.Lines = o.Link, o.Lines
	return nil
}
