package confirm

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// undo ends an approval whose ground is gone.
func (d *Desk) undo(ctx context.Context, tx db.Tx, c *confirmation, maker person, why error) error {
	from := c.State
	if err := c.end(undoes, why, c.judged); err != nil {
		return err
	}
	e := c.entry("approval.undo", actor(access.System))
	e.Details = map[string]any{"maker": maker.Seat.Name, "reason": refusalOf(why).Code}
	return firstOf(saveConfirmation(ctx, tx, from, *c), d.trail(ctx, tx, e, nil), d.tellMaker(ctx, tx, *c, maker))
}

// Withdraw takes back what the actor asked for, while the second person has not answered. What is
// another's does not exist; fault ErrEnded when it is over.
func (d *Desk) Withdraw(ctx context.Context, s access.Scope, id uuid.UUID) error {
	var refusal error
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		c, err := lockConfirmation(ctx, tx, s.Merchant(), id)
		if err != nil {
			return err
		}
		if c.AccountID != s.Actor().Account {
			return fault.ErrNotFound
		}
		from, now := c.State, d.clock.Now()
		if refusal = c.waits(now); refusal != nil {
			return nil //nolint:nilerr // the refusal is told outside; nothing is to be undone
		}
		if err := c.end(undoes, ErrWithdrawn, now); err != nil {
			return err
		}
		e := c.entry("approval.withdraw", actor(s.Actor()))
		return firstOf(saveConfirmation(ctx, tx, from, c), d.trail(ctx, tx, e, nil))
	})
	return firstOf(err, refusal)
}

// Lapse is the job that ends a confirmation or an approval nobody answered in time.
func (d *Desk) Lapse(ctx context.Context, run job.Run) error {
	var id uuid.UUID
	if err := run.Decode(&id); err != nil {
		return err
	}
	return d.db.InTx(ctx, func(tx db.Tx) error {
		c, err := lockConfirmation(ctx, tx, run.Merchant, id)
		now := d.clock.Now()
		if err != nil || c.State.Final() || c.shown(now) != Lapsed {
			return skipNotFound(err)
		}
		from := c.State
		if err := c.end(lapses, ErrLapsed, now); err != nil {
			return err
		}
		if err := saveConfirmation(ctx, tx, from, c); err != nil {
			return err
		}
		action := "confirm.lapse"
		if from == Approving {
			action = "approval.lapse"
			maker, err := d.person(ctx, tx, c.MerchantID, c.AccountID)
			if err != nil {
				return err
			}
			if err := d.tellMaker(ctx, tx, c, maker); err != nil {
				return err
			}
		}
		return d.trail(ctx, tx, c.entry(action, actor(access.System)), nil)
	})
}

// skipNotFound: what was swept away lapses no more.
func skipNotFound(err error) error {
	if fault.Is(err, fault.ErrNotFound.Code) {
		return nil
	}
	return err
}
