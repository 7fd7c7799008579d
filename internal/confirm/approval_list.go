package confirm

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

// PageSize is of the list of approvals.
const PageSize = 20

// ApprovalRow is an approval as lists and pages show it.
type ApprovalRow struct {
	ID         uuid.UUID
	Action     string
	Words      Words
	Amount     money.Fen // 0: none
	Maker      string    // login@mchid
	MakerName  string    // masked
	State      State
	Reason     *fault.Refusal
	AskedAt    time.Time
	LapsesAt   time.Time
	EndedAt    *time.Time
	Checker    string // login@mchid; empty: nobody answered
	AnsweredAt *time.Time
	Mine       bool   // the reader asked for it
	HasSecret  bool   // something waits to be shown to the reader once
	MayAnswer  bool   // the reader may be the second person, as far as roles tell
	Hash       string // of what is shown; the answer sends it back
	frozen     string
	code, args string
}

// Filter chooses approvals; the zero value is all that the reader may see, newest first.
type Filter struct {
	Waiting bool // only those that wait for an answer
	Before  uuid.UUID
	Limit   int
}

// Approvals lists those that the actor asked for, may answer or answered; who manages the rules sees all of
// the merchant. It tells whether more follow.
func (d *Desk) Approvals(ctx context.Context, s access.Scope, f Filter) ([]ApprovalRow, bool, error) {
	f.Limit = max(f.Limit, 1)
	rows, err := listApprovals(ctx, d.db.PG(), s, f, d.clock.Now())
	if err != nil {
		return nil, false, err
	}
	more := len(rows) > f.Limit
	rows = rows[:min(f.Limit, len(rows))]
	for i := range rows {
		if err := rows[i].read(ctx, d.clock.Now()); err != nil {
			return nil, false, err
		}
	}
	return rows, more, nil
}

// Approval reads one that the actor may see; fault.ErrNotFound for all others.
func (d *Desk) Approval(ctx context.Context, s access.Scope, id uuid.UUID) (ApprovalRow, error) {
	r, err := seenApproval(ctx, d.db.PG(), s, id)
	if err != nil {
		return r, err
	}
	return r, r.read(ctx, d.clock.Now())
}

// OnApproval is an approval as a phone shows it: with whether its WeChat's owner may be the second person.
type OnApproval struct {
	ApprovalRow
	Mchid     int64
	ShortName string
	Login     string // the reader's own
	Why       error  // the refusal that a yes or no would meet; nil: may answer
}

// ApprovalOnPhone reads an approval for a WeChat that is somebody in its merchant; to every other it does
// not exist.
func (d *Desk) ApprovalOnPhone(ctx context.Context, id uuid.UUID, openid string) (OnApproval, error) {
	var on OnApproval
	err := d.db.InTx(ctx, func(tx db.Tx) error {
		merchant, err := merchantOfApproval(ctx, tx.PG(), id)
		if err != nil {
			return err
		}
		reader, err := d.holder(ctx, tx, merchant, openid)
		if err != nil {
			return err
		}
		on = OnApproval{Mchid: merchant, ShortName: reader.ShortName, Login: reader.Seat.Name}
		if on.ApprovalRow, err = seenApproval(ctx, tx.PG(), reader.scope(), id); err != nil {
			return err
		}
		p, err := readApproval(ctx, tx, merchant, id)
		if err != nil {
			return err
		}
		maker, err := d.person(ctx, tx, merchant, p.MakerID)
		if err != nil {
			return err
		}
		a, rule, fallen, err := d.standing(ctx, tx, p, maker)
		if on.Why = fallen; fallen == nil && err == nil {
			on.Why = mayCheck(rule, a, []person{maker, p.made()}, reader)
		}
		return firstOf(err, on.read(ctx, d.clock.Now()))
	})
	return on, err
}

// AnswerOnPhone is the second person's answer on the phone itself.
func (d *Desk) AnswerOnPhone(ctx context.Context, id uuid.UUID, openid string, decision Decision, shown string) (Sheet, error) {
	merchant, err := merchantOfApproval(ctx, d.db.PG(), id)
	if err != nil {
		return Sheet{}, err
	}
	v := Verdict{ID: id, Decision: decision, Hash: shown}
	sheet, err := d.Show(ctx, merchant, openid, AnswerAction, v)
	if err != nil {
		return Sheet{}, err
	}
	return d.OnPhone(ctx, merchant, openid, AnswerAction, v, sheet.Hash)
}

// read puts the frozen words and the reason of a row in order.
func (r *ApprovalRow) read(ctx context.Context, now time.Time) error {
	w, err := wordsIn(ctx, r.frozen)
	r.Words, r.Reason = w, reason(r.code, r.args)
	if r.State == Approving && !now.Before(r.LapsesAt) {
		r.State, r.Reason = Lapsed, ErrLapsed
	}
	r.MayAnswer = r.MayAnswer && r.State == Approving
	return err
}
