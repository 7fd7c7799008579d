package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
)

// Limits of asking.
const (
	askLife  = 5 * time.Minute // until the asker's phone answers
	openMax  = 20              // open confirmations of one account at a desktop
	backMax  = 1000
	formMax  = 128 << 10
	agentMax = 400
	addrMax  = 64
)

// Request is what a desktop asks for.
type Request struct {
	Action string
	Params any        // becomes canonical JSON
	Once   string     // the form's one-time key, of Desk.Once
	Back   string     // path of the form, to open it again
	Form   url.Values // what was typed there
}

// Ask freezes an act and waits for the phone of whoever asks. The same form sent twice is the one
// confirmation. It refuses with what Describe refuses, fault.Forbidden, ErrSuperOnly, ErrNotBound,
// ErrOnce, ErrOnceChanged and ErrTooMany.
func (d *Desk) Ask(ctx context.Context, s access.Scope, b Browser, r Request) (Confirmation, error) {
	a, ok := d.actions.Find(r.Action)
	if !ok {
		return Confirmation{}, fmt.Errorf("confirm: nobody registered the action %q", r.Action)
	}
	if !d.onceOf(b.Session, r.Once) {
		return Confirmation{}, ErrOnce
	}
	params, err := canonical(r.Params)
	if err != nil {
		return Confirmation{}, err
	}
	var c confirmation
	var refusal error
	err = d.db.InTx(ctx, func(tx db.Tx) error {
		c, refusal = confirmation{}, nil
		who, err := d.person(ctx, tx, s.Merchant(), s.Actor().Account)
		if err != nil {
			return err
		}
		if c, refusal, err = d.sentBefore(ctx, tx, who, a, params, r.Once); err != nil || refusal != nil || c.ID != uuid.Nil {
			return err
		}
		c, err = d.draw(who, b)
		if err != nil {
			return err
		}
		if refusal = d.admit(ctx, tx, &c, a, s, who, params); refusal != nil {
			return d.refuseAsking(ctx, tx, c, a, who, refusal)
		}
		d.keepForm(&c, a, params, r)
		return d.open(ctx, tx, c, who)
	})
	if err = firstOf(err, refusal); err != nil {
		return Confirmation{}, err
	}
	return d.toDesktop(ctx, c, b)
}

// description is what a sentence about an act is made of.
type description struct {
	action Action
	q      db.Querier
	scope  access.Scope
	params json.RawMessage
}

// admit looks at the rights and freezes the act, or says why not.
func (d *Desk) admit(ctx context.Context, tx db.Tx, c *confirmation, a Action, s access.Scope, who person, params json.RawMessage) error {
	if who.OpenID == "" {
		return ErrNotBound
	}
	if err := allowed(a, s, who); err != nil {
		return err
	}
	open, err := countOpen(ctx, tx, who.Seat.Merchant, who.Seat.Account, c.AskedAt)
	if err != nil {
		return err
	}
	if open >= openMax {
		return ErrTooMany
	}
	texts, err := describe(ctx, description{a, tx.PG(), s, params})
	if err != nil {
		return err
	}
	d.freeze(c, a, params, texts)
	return nil
}

// allowed looks at the rights of this moment.
func allowed(a Action, s access.Scope, who person) error {
	switch {
	case !who.Active:
		return ErrSuspended
	case a.SuperOnly && !who.has(access.SuperAdmin):
		return ErrSuperOnly
	case a.Own:
		return nil
	}
	return s.Require(a.Needs)
}

// refuseAsking leaves an audit row where a right was missing; what else was refused is for the form.
func (d *Desk) refuseAsking(ctx context.Context, tx db.Tx, c confirmation, a Action, who person, why error) error {
	r := refusalOf(why)
	if r == nil {
		return why
	}
	if r.Code != ErrForbidden.Code && r.Code != ErrSuperOnly.Code && r.Code != ErrSuspended.Code {
		return nil
	}
	c.Action = a.Code
	e := c.entry("confirm.ask", who)
	e.Confirmation = uuid.Nil // there is none
	return d.trail(ctx, tx, e, why)
}

// draw begins the row of a desktop's confirmation.
func (d *Desk) draw(who person, b Browser) (confirmation, error) {
	shown, choices, err := drawNumbers(d.rand)
	if err != nil {
		return confirmation{}, err
	}
	c := d.begin(who, byDesktop)
	c.SessionID, c.Address, c.Agent = b.Session, clip(b.Address, addrMax), clip(b.Agent, agentMax)
	c.Number, c.Choices, c.TokenHash = shown, choices, hashed(d.token(c.ID, b.Session))
	return c, nil
}

// begin is a row with nothing frozen in it yet.
func (d *Desk) begin(who person, v via) confirmation {
	now := d.clock.Now()
	return confirmation{MerchantID: who.Seat.Merchant, ID: db.NewID(), AccountID: who.Seat.Account, Via: v,
		TokenHash: []byte{}, Choices: []byte{}, Form: []byte{}, Secret: []byte{},
		State: Waiting, AskedAt: now, ExpiresAt: now.Add(askLife)}
}

// open puts the row down, lets it lapse by itself, and writes who asked.
func (d *Desk) open(ctx context.Context, tx db.Tx, c confirmation, who person) error {
	if err := insertConfirmation(ctx, tx, c); err != nil {
		return err
	}
	if err := d.lapseAt(ctx, tx, c, ""); err != nil {
		return err
	}
	return d.trail(ctx, tx, c.entry("confirm.ask", who), nil)
}

// LapseKind is the job that ends what nobody answered.
const LapseKind = "confirm.lapse"

func (d *Desk) lapseAt(ctx context.Context, tx db.Tx, c confirmation, step string) error {
	return job.Enqueue(ctx, tx, job.Job{Merchant: c.MerchantID, Kind: LapseKind, Key: c.ID.String() + step,
		Payload: c.ID, Due: c.ExpiresAt})
}

// entry is an audit row of what the confirmation is for, with the desktop that asked. What was decided on
// a phone alone gets the place of the phone's request.
func (c *confirmation) entry(action string, who person) audit.Entry {
	e := audit.Entry{Merchant: c.MerchantID, Actor: who.Seat.Name, Account: who.Seat.Account, Action: action,
		Object: c.Action, Confirmation: c.ID, From: audit.From{Address: c.Address, Agent: c.Agent}}
	if c.SessionID != uuid.Nil {
		e.From.Session = c.SessionID.String()
	}
	return e
}

// trail writes who did what; a refusal makes it a refused act.
func (d *Desk) trail(ctx context.Context, tx db.Tx, e audit.Entry, refusal error) error {
	e.At, e.Outcome = d.clock.Now(), audit.Done
	if r := refusalOf(refusal); r != nil {
		e.Outcome, e.Reason = audit.Refused, r.Code
	}
	return audit.Write(ctx, tx, e)
}

// firstOf is the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
