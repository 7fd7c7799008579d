package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// askSecond asks a second person when a rule wants one; false when none does. It refuses with
// ErrNoChecker when nobody but the maker could answer. Only the rules themselves may then be changed by
// the maker alone, or a merchant whose checkers have left could never be rid of them.
func (d *Desk) askSecond(ctx context.Context, tx db.Tx, c *confirmation, a Action, params json.RawMessage, maker person) (bool, error) {
	r, found, err := d.ruleFor(ctx, tx, c.MerchantID, a)
	if err != nil || !found {
		return false, err
	}
	amount, known := amountOf(a, params)
	if !r.holds(amount, known) {
		return false, nil
	}
	members, err := d.members(ctx, tx.PG(), c.MerchantID)
	if err != nil {
		return false, err
	}
	checkers := eligible(r, a, maker, members)
	switch {
	case len(checkers) == 0 && a.Code == RulesAction:
		return false, nil
	case len(checkers) == 0:
		return false, ErrNoChecker
	}
	return true, d.wait(ctx, tx, c, approvalOf(*c, r, amount, maker, checkers), checkers)
}

func amountOf(a Action, params json.RawMessage) (money.Fen, bool) {
	if a.Amount == nil {
		return 0, false
	}
	return a.Amount(params)
}

// ruleFor finds the rule of an act, and holds it.
func (d *Desk) ruleFor(ctx context.Context, tx db.Tx, merchant int64, a Action) (Rule, bool, error) {
	switch {
	case a.TwoOperators:
		return Rule{Action: a.Code, always: true}, true, nil
	case !a.Approvable:
		return Rule{}, false, nil
	}
	return readRule(ctx, tx.PG(), merchant, a.Code, holding)
}

func approvalOf(c confirmation, r Rule, amount money.Fen, maker person, checkers []person) approval {
	p := approval{MerchantID: c.MerchantID, ID: c.ID, Action: c.Action, Amount: amount, Always: r.always, Hash: c.Hash,
		MakerID: maker.Seat.Account, MakerOpenID: maker.OpenID, MakerPaper: maker.Paper}
	for _, each := range checkers {
		p.Asked = append(p.Asked, each.Seat.Account)
	}
	return p
}

// wait turns the confirmation into one that a second person is asked about, and asks.
func (d *Desk) wait(ctx context.Context, tx db.Tx, c *confirmation, p approval, checkers []person) error {
	now := c.judged
	if err := c.move(asks, now); err != nil {
		return err
	}
	c.ExpiresAt, p.AskedAt = now.Add(approvalLife), now
	if err := insertApproval(ctx, tx, p); err != nil {
		return err
	}
	if err := d.lapseAt(ctx, tx, *c, ":approval"); err != nil {
		return err
	}
	return d.tellCheckers(ctx, tx, *c, checkers)
}

// standing says why an approval has no ground any more; nil while it has.
func (d *Desk) standing(ctx context.Context, tx db.Tx, p approval, maker person) (a Action, r Rule, fallen, err error) {
	a, ok := d.actions.Find(p.Action)
	if !ok {
		return a, r, ErrRuleGone, nil
	}
	if err := allowed(a, maker.scope(), maker); err != nil {
		if refusalOf(err) == nil {
			return a, r, nil, err
		}
		return a, r, ErrMakerGone, nil
	}
	r, found, err := d.ruleFor(ctx, tx, p.MerchantID, a)
	if err == nil && !found {
		fallen = ErrRuleGone
	}
	return a, r, fallen, err
}

// undoFallen undoes the merchant's waiting approvals that lost their ground by what just ran: the maker
// was suspended or lost the right, or the rule is no more. Those past their time lapse by themselves.
func (d *Desk) undoFallen(ctx context.Context, tx db.Tx, merchant int64, now time.Time) error {
	waiting, err := lockApproving(ctx, tx, merchant)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if c.shown(now) == Lapsed {
			continue
		}
		c.judged = now
		p, err := readApproval(ctx, tx, merchant, c.ID)
		if err != nil {
			return err
		}
		maker, err := d.person(ctx, tx, merchant, p.MakerID)
		if err != nil {
			return err
		}
		_, _, fallen, err := d.standing(ctx, tx, p, maker)
		if err != nil {
			return err
		}
		if fallen != nil {
			if err := d.undo(ctx, tx, &c, maker, fallen); err != nil {
				return fmt.Errorf("undo approval %s: %w", c.ID, err)
			}
		}
	}
	return nil
}
