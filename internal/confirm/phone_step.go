package confirm

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// someone is the actor of an audit row when another WeChat than the asker's tried.
const someone = "wechat"

// step is what a phone does to a confirmation that is held for it. A refusal it returns changes nothing;
// said means that nothing is left to tell the audit log.
type step func(ctx context.Context, tx db.Tx, c *confirmation, who person, now time.Time) (said bool, err error)

// onPhone runs a step: the step, its audit row and the signal to the desktop in one transaction. A
// refusal is audited in that transaction, too.
func (d *Desk) onPhone(ctx context.Context, token, openid, name string, do step) (Sheet, error) {
	var sheet Sheet
	var refusal error
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		c, err := lockToken(ctx, tx, hashed(token))
		if err != nil {
			return err
		}
		who, err := d.person(ctx, tx, c.MerchantID, c.AccountID)
		if err != nil {
			return err
		}
		c.judged = d.clock.Now()
		before, said, now := c, false, c.judged
		if refusal = c.heldBy(who, openid, now); refusal == nil {
			said, refusal = do(ctx, tx, &c, who, now)
		}
		if refusal != nil && refusalOf(refusal) == nil {
			return refusal
		}
		if err := d.keepStep(ctx, tx, before, &c, refusal); err != nil {
			return err
		}
		if !said {
			if err := d.trailStep(ctx, tx, c, who, name, refusal); err != nil {
				return err
			}
		}
		sheet, err = c.sheet(ctx, who, d.clock.Now())
		return err
	})
	if err = firstOf(err, refusal); err != nil && !unfilled(err) {
		return Sheet{}, err
	}
	return sheet, err
}

// unfilled tells a form that lacks a choice, which may be posted again, from an end.
func unfilled(err error) bool { return errors.Is(err, ErrDecide) || errors.Is(err, ErrChooseNumber) }

// keepStep writes down what a step changed; of a refused one, only that another WeChat tried.
func (d *Desk) keepStep(ctx context.Context, tx db.Tx, before confirmation, c *confirmation, refusal error) error {
	if refusal != nil {
		*c = before
		c.Contested = before.Contested || errors.Is(refusal, ErrOtherPerson)
	}
	if c.State == before.State && c.Contested == before.Contested {
		return nil
	}
	return saveConfirmation(ctx, tx, before.State, *c)
}

func (d *Desk) trailStep(ctx context.Context, tx db.Tx, c confirmation, who person, name string, refusal error) error {
	e := c.entry(name, who)
	if c.Via == byDesktop { // the step is the phone's, wherever the desktop stands
		e.From, e.Details = audit.From{}, map[string]any{"desktop_address": c.Address, "desktop_agent": c.Agent}
	}
	if errors.Is(refusal, ErrOtherPerson) || errors.Is(refusal, ErrGone) {
		e.Actor, e.Account = someone, uuid.Nil
	}
	if refusal == nil && c.Reason != "" {
		refusal = reason(c.Reason, "")
	}
	return d.trail(ctx, tx, e, refusal)
}

// sheet is the row as its asker's phone shows it.
func (c *confirmation) sheet(ctx context.Context, who person, now time.Time) (Sheet, error) {
	v, err := c.view(ctx, now)
	s := Sheet{Confirmation: v, Mchid: c.MerchantID, ShortName: who.ShortName, Login: who.Seat.Name,
		NameMasked: who.NameMasked, Agent: c.Agent, Address: c.Address, Hash: hex.EncodeToString(c.Hash)}
	if s.State == Scanned {
		for _, n := range c.Choices {
			s.Numbers = append(s.Numbers, int(n))
		}
	}
	return s, err
}
