package confirm

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"zhanggui/internal/db"
)

// Show is an act as a phone shows it that decides it alone: no desktop, no number. It refuses with
// fault.ErrNotFound when the WeChat is nobody in the merchant, and with what Describe and the rights refuse.
func (d *Desk) Show(ctx context.Context, merchant int64, openid, action string, params any) (Sheet, error) {
	var sheet Sheet
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		c, who, a, raw, err := d.atPhone(ctx, tx, merchant, openid, action, params)
		if err != nil {
			return err
		}
		if err := d.freezeNow(ctx, tx, &c, a, who, raw); err != nil {
			return err
		}
		sheet, err = c.sheet(ctx, who, d.clock.Now())
		sheet.Hash = hex.EncodeToString(hashOf(c.Action, string(raw), c.Words))
		return err
	})
	return sheet, err
}

// OnPhone runs an act that somebody decided on the phone alone; the phone's own form is the confirmation.
// hash is the Sheet's that Show gave; words that changed since are ErrChanged and nothing happens. Where
// a rule wants a second person, that one is asked. A refused act is returned as the Sheet of a failed
// confirmation; an act that could not be asked for is an error.
func (d *Desk) OnPhone(ctx context.Context, merchant int64, openid, action string, params any, hash string) (Sheet, error) {
	var sheet Sheet
	var refusal error
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		refusal = nil
		c, who, a, raw, err := d.atPhone(ctx, tx, merchant, openid, action, params)
		if err != nil {
			return err
		}
		refusal = d.freezeNow(ctx, tx, &c, a, who, raw)
		if refusal == nil && hash != hex.EncodeToString(hashOf(c.Action, string(raw), c.Words)) {
			refusal = ErrChanged
		}
		if refusal != nil {
			return d.refuseAsking(ctx, tx, c, a, who, refusal)
		}
		c.State, c.OpenID, c.Asked, c.judged = Scanned, openid, d.asked(a, raw), c.AskedAt
		if err := insertConfirmation(ctx, tx, c); err != nil {
			return err
		}
		if err := d.carryOut(ctx, tx, &c, who); err != nil {
			return err
		}
		if err := saveConfirmation(ctx, tx, Scanned, c); err != nil {
			return err
		}
		sheet, err = c.sheet(ctx, who, d.clock.Now())
		return err
	})
	return sheet, firstOf(err, refusal)
}

// onPhoneLife is never waited for: the row ends in the transaction that makes it.
const onPhoneLife = time.Minute

func (d *Desk) atPhone(ctx context.Context, tx db.Tx, merchant int64, openid, action string, params any) (c confirmation, who person, a Action, raw json.RawMessage, err error) {
	a, ok := d.actions.Find(action)
	if !ok {
		return c, who, a, nil, fmt.Errorf("confirm: nobody registered the action %q", action)
	}
	if raw, err = canonical(params); err != nil {
		return c, who, a, nil, err
	}
	if who, err = d.holder(ctx, tx, merchant, openid); err != nil {
		return c, who, a, nil, err
	}
	c = d.begin(who, byPhone)
	c.Action, c.ExpiresAt = a.Code, c.AskedAt.Add(onPhoneLife)
	return c, who, a, raw, nil
}

// freezeNow looks at the rights and freezes the act.
func (d *Desk) freezeNow(ctx context.Context, tx db.Tx, c *confirmation, a Action, who person, raw json.RawMessage) error {
	if err := allowed(a, who.scope(), who); err != nil {
		return err
	}
	texts, err := describe(ctx, description{a, tx.PG(), who.scope(), raw})
	if err == nil {
		d.freeze(c, a, raw, texts)
	}
	return err
}
