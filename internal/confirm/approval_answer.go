package confirm

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/words"
)

// AnswerAction is the act of a second person: on the phone itself, or at a desktop with the own scan.
const AnswerAction = "approval.answer"

// Verdict is the second person's answer: its parameters.
type Verdict struct {
	ID       uuid.UUID `json:"id"`
	Decision Decision  `json:"decision"`
	Hash     string    `json:"hash"` // of what was shown
}

func (d *Desk) answerAction() Action {
	return Action{Code: AnswerAction, Own: true, Describe: d.describeAnswer, Run: d.runAnswer}
}

// describeAnswer repeats what the maker confirmed under what the answer does with it.
func (d *Desk) describeAnswer(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (Words, error) {
	v, err := Decode[Verdict](params)
	if err != nil {
		return Words{}, err
	}
	if v.Decision != Confirm && v.Decision != Refuse {
		return Words{}, ErrDecide
	}
	row, err := seenApproval(ctx, q, s, v.ID)
	if err != nil {
		return Words{}, err
	}
	if row.State.Final() {
		return Words{}, ErrEnded
	}
	inner, err := wordsIn(ctx, row.frozen)
	if err != nil {
		return Words{}, err
	}
	w := Words{Title: words.F(ctx, "approval.title_"+string(v.Decision), words.Args{"Title": inner.Title}), Lines: inner.Lines}
	w.Lines = append(w.Lines, Line{words.T(ctx, "approval.maker"), row.Maker})
	if w.Warn = words.T(ctx, "approval.warn_refuse"); v.Decision == Confirm {
		w.Warn = inner.Warn
	}
	return w, nil
}

// runAnswer carries out the second person's answer: a yes runs the maker's act in this transaction.
func (d *Desk) runAnswer(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (Result, error) {
	v, err := Decode[Verdict](params)
	if err != nil {
		return Result{}, err
	}
	c, err := lockConfirmation(ctx, tx, s.Merchant(), v.ID)
	if err != nil {
		return Result{}, err
	}
	now := d.clock.Now()
	c.judged = now
	if err := c.waits(now); err != nil {
		return Result{}, err
	}
	p, err := readApproval(ctx, tx, s.Merchant(), v.ID)
	if err != nil {
		return Result{}, err
	}
	maker, err := d.person(ctx, tx, p.MerchantID, p.MakerID)
	if err != nil {
		return Result{}, err
	}
	checker, err := d.person(ctx, tx, s.Merchant(), s.Actor().Account)
	if err != nil {
		return Result{}, err
	}
	a, rule, fallen, err := d.standing(ctx, tx, p, maker)
	if err != nil {
		return Result{}, err
	}
	if fallen == nil {
		if err := mayCheck(rule, a, []person{maker, p.made()}, checker); err != nil {
			return Result{}, err
		}
	}
	if err := d.decide(ctx, tx, &c, &p, decision{v, maker, checker, fallen}, now); err != nil {
		return Result{}, err
	}
	return c.answered(ctx), nil
}

// waits refuses what is no longer to be answered.
func (c *confirmation) waits(now time.Time) error {
	probe := *c
	if c.State != Approving {
		return ErrEnded
	}
	return probe.move(runs, now)
}

// decision is everything an answer depends on.
type decision struct {
	Verdict
	maker, checker person
	fallen         error
}

// decide ends the approval: undone where its ground is gone, refused, or carried out.
func (d *Desk) decide(ctx context.Context, tx db.Tx, c *confirmation, p *approval, in decision, now time.Time) error {
	if in.fallen != nil {
		return d.undo(ctx, tx, c, in.maker, in.fallen)
	}
	if !bytes.Equal(p.Hash, c.Hash) || in.Hash != hex.EncodeToString(c.Hash) {
		return ErrChanged
	}
	if err := saveAnswer(ctx, tx, *p, answer{in.checker, Current(ctx), now}); err != nil {
		return err
	}
	from := c.State
	if in.Decision == Refuse {
		if err := c.end(refuses, ErrCheckerNo, now); err != nil {
			return err
		}
	} else if err := d.carryApproved(ctx, tx, c, in); err != nil {
		return err
	}
	return firstOf(saveConfirmation(ctx, tx, from, *c), d.tellMaker(ctx, tx, *c, in.maker))
}

// carryApproved runs the maker's act, with the maker's rights of this moment. A refusal ends the
// approval with its reason; the checker's answer stands.
func (d *Desk) carryApproved(ctx context.Context, tx db.Tx, c *confirmation, in decision) error {
	var res Result
	refusal, err := attempt(ctx, tx, func() error {
		a, params, err := d.ready(ctx, tx, c, in.maker)
		if err != nil {
			return err
		}
		res, err = a.Run(within(ctx, c.ID), tx, in.maker.scope(), params)
		return err
	})
	switch {
	case err != nil:
		return err
	case refusal != nil:
		return d.failed(ctx, tx, c, in.maker, refusal)
	}
	details := map[string]any{"checker": in.checker.Seat.Name}
	for k, v := range res.Details {
		details[k] = v
	}
	res.Details = details
	return unrefusable(d.done(ctx, tx, c, in.maker, res))
}

// answered is what the checker reads.
func (c *confirmation) answered(ctx context.Context) Result {
	res := Result{Object: c.Action, Link: approvalPath(*c), Details: map[string]any{"approval": c.ID, "state": c.State},
		Lines: []Line{{words.T(ctx, "approval.outcome"), words.T(ctx, "approval.state."+string(c.State))}}}
	if r := reason(c.Reason, c.ReasonArgs); r != nil && c.State != Refused {
		res.Details["reason"] = r.Code
		res.Lines = append(res.Lines, Line{words.T(ctx, "approval.reason"), r.Say(ctx)})
	}
	return res
}

// approvalPath is the page of an approval; operators have their own.
func approvalPath(c confirmation) string {
	if c.MerchantID == access.PlatformID {
		return "/ops/approvals/" + c.ID.String()
	}
	return "/account/approvals/" + c.ID.String()
}
