package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

type currentKey struct{}

// Current is the confirmation that an act is running in, for features that keep it in a row of theirs.
func Current(ctx context.Context) uuid.UUID {
	id, _ := ctx.Value(currentKey{}).(uuid.UUID)
	return id
}

func within(ctx context.Context, id uuid.UUID) context.Context {
	return context.WithValue(ctx, currentKey{}, id)
}

// scope is the right of a person who answers on the phone, as of this moment.
func (p person) scope() access.Scope { return access.Phone(p.Seat) }

// carryOut runs what the asker just confirmed, or asks a second person where a rule wants one. What is
// refused ends the confirmation with the reason, and nothing of the act stays.
func (d *Desk) carryOut(ctx context.Context, tx db.Tx, c *confirmation, who person) error {
	var res Result
	asked := false
	refusal, err := attempt(ctx, tx, func() error {
		a, params, err := d.ready(ctx, tx, c, who)
		if err != nil {
			return err
		}
		if asked, err = d.askSecond(ctx, tx, c, a, params, who); err != nil || asked {
			return err
		}
		res, err = a.Run(within(ctx, c.ID), tx, who.scope(), params)
		return err
	})
	switch {
	case err != nil:
		return err
	case refusal != nil:
		return d.failed(ctx, tx, c, who, refusal)
	case asked:
		return d.trail(ctx, tx, c.entry("approval.ask", who), nil)
	}
	if err = d.done(ctx, tx, c, who, res); err == nil {
		err = d.undoFallen(ctx, tx, c.MerchantID, c.judged)
	}
	return unrefusable(err)
}

// unrefusable makes a mistake of what is refused when an act has run: the act must not stay then.
func unrefusable(err error) error {
	if refusalOf(err) == nil {
		return err
	}
	return fmt.Errorf("confirm: the act ran, and could not be kept: %v", err) //nolint:errorlint // a refusal would be told, and the act stay
}

// ready refuses an act that is not what was shown, or that the asker may no longer do.
func (d *Desk) ready(ctx context.Context, tx db.Tx, c *confirmation, who person) (Action, json.RawMessage, error) {
	a, ok := d.actions.Find(c.Action)
	if !ok {
		return a, nil, ErrChanged
	}
	params, err := d.thaw(c, a)
	if err != nil {
		return a, nil, err
	}
	if err := allowed(a, who.scope(), who); err != nil {
		return a, nil, err
	}
	texts, err := describe(ctx, description{a, tx.PG(), who.scope(), params})
	if err == nil && texts != c.Words {
		err = ErrChanged
	}
	return a, params, err
}

// done keeps what came of an act and writes its audit row.
func (d *Desk) done(ctx context.Context, tx db.Tx, c *confirmation, who person, res Result) error {
	if err := c.move(runs, c.judged); err != nil {
		return err
	}
	asked, err := wordsIn(ctx, c.Words)
	if err != nil {
		return err
	}
	said := func(l Line) bool { return slices.Contains(asked.Lines, l) } // what was asked for stands beside it
	kept, err := plain(outcome{Link: res.Link, Lines: slices.DeleteFunc(slices.Clone(res.Lines), said)})
	if err != nil {
		return err
	}
	c.Result = string(kept)
	if res.Secret != nil {
		line, err := plain(res.Secret)
		if err != nil {
			return err
		}
		c.Secret = d.vault.Seal(c.at("secret"), string(line))
	}
	e := c.entry(c.Action, who)
	e.Object, e.Details = res.Object, res.Details
	return d.trail(ctx, tx, e, nil)
}

// failed ends the confirmation with why its act was refused.
func (d *Desk) failed(ctx context.Context, tx db.Tx, c *confirmation, who person, why error) error {
	if err := c.end(fails, why, c.judged); err != nil {
		return fmt.Errorf("end confirmation %s: %w", c.ID, err)
	}
	return d.trail(ctx, tx, c.entry(c.Action, who), why)
}
