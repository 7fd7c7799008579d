package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// BindingRequest is an employee's request as the super admin's phone shows it.
type BindingRequest struct {
	ID         uuid.UUID
	State      RequestState
	Mchid      int64
	ShortName  string
	Login      string // name@mchid
	NameMasked string
	Roles      []access.Role
	Custom     []access.CustomRole // what those of Roles are called that the merchant made itself
	AskedAt    time.Time
	LapsesAt   time.Time
}

// LapseKind is the job that ends a request nobody answered.
const LapseKind = "binding.lapse"

// askSuperAdmin makes the request, tells the super admin, and has it lapse by itself.
func (g *Gate) askSuperAdmin(ctx context.Context, tx db.Tx, s seat, r request) error {
	if err := insertRequest(ctx, tx, r); err != nil {
		return err
	}
	lapse := job.Job{Merchant: r.MerchantID, Kind: LapseKind, Key: r.ID.String(), Payload: r.ID, Due: r.LapsesAt}
	if err := job.Enqueue(ctx, tx, lapse); err != nil {
		return err
	}
	return g.tellRequest(ctx, tx, s, r)
}

// BindingRequest reads a request for the WeChat of its merchant's super admin; to every other it
// does not exist.
func (g *Gate) BindingRequest(ctx context.Context, id uuid.UUID, openid string) (BindingRequest, error) {
	var view BindingRequest
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		r, s, _, err := g.openRequest(ctx, tx, id, openid)
		view = r.view(s, g.clock.Now())
		return err
	})
	return view, err
}

// AnswerBinding is the super admin's answer on the phone. A yes binds the employee; a no leaves
// nothing. It refuses with ErrRequestEnded, ErrRequestLapsed, ErrDecide, and, ending the request as
// refused, with what came between: ErrWeChatTaken, ErrAlreadyBound, ErrPersonChanged, ErrSuspended.
func (g *Gate) AnswerBinding(ctx context.Context, id uuid.UUID, openid string, d Decision) (BindingRequest, error) {
	var view BindingRequest
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		r, s, admin, err := g.openRequest(ctx, tx, id, openid)
		if err != nil {
			return err
		}
		now := g.clock.Now()
		refusal, err = g.answerRequest(ctx, tx, &r, s, d, now)
		if err != nil {
			return err
		}
		view = r.view(s, now)
		e := admin.by("binding.answer", audit.From{})
		e.Object, e.Details = s.login(), map[string]any{"decision": d, "request": r.ID}
		return g.trail(ctx, tx, e, refusal)
	})
	return view, firstOf(err, refusal)
}

// openRequest holds a request for the super admin whose WeChat asks, with the employee's seat.
func (g *Gate) openRequest(ctx context.Context, tx db.Tx, id uuid.UUID, openid string) (r request, s, admin seat, err error) {
	merchant, account, err := requestFor(ctx, tx, id, openid)
	if err != nil {
		return r, s, admin, err
	}
	if s, err = lockSeat(ctx, tx, merchant, account); err != nil { // account first, as Check does
		return r, s, admin, err
	}
	if r, err = lockRequest(ctx, tx, merchant, id); err != nil {
		return r, s, admin, err
	}
	if admin, err = approverWith(ctx, tx.PG(), merchant, openid); err != nil {
		return r, s, admin, err
	}
	fits, err := g.bound(admin)
	if err == nil && (!fits || admin.Suspended || admin.OpenID != openid) {
		err = fault.ErrNotFound
	}
	return r, s, admin, err
}

func (g *Gate) answerRequest(ctx context.Context, tx db.Tx, r *request, s seat, d Decision, now time.Time) (refusal, err error) {
	if refusal := r.answer(d, now); refusal != nil {
		return refusal, nil
	}
	if r.State == RequestApproved {
		refusal, err = g.approve(ctx, tx, *r, s, now)
		if err != nil {
			return nil, err
		}
		if refusal != nil {
			r.State = RequestRefused
		}
	}
	if err := saveRequest(ctx, tx, *r); err != nil {
		return nil, err
	}
	return refusal, g.tellAnswer(ctx, tx, s, *r, now)
}

// approve binds, if the person is still the one that was compared and both sides are still free.
func (g *Gate) approve(ctx context.Context, tx db.Tx, r request, s seat, now time.Time) (refusal, err error) {
	today, err := g.person(s)
	if err != nil {
		return nil, err
	}
	same, err := g.holds(r.Compared, s, r.OpenID)
	if err != nil {
		return nil, err
	}
	if !same {
		return ErrPersonChanged, nil
	}
	err = g.mayBindTo(ctx, tx, s, r.OpenID, today)
	if err == nil {
		err = g.bind(ctx, tx, s, bindingOf(r, now), r.ID)
	}
	if refused(err) {
		return err, nil
	}
	return nil, err
}

func (r request) view(s seat, now time.Time) BindingRequest {
	return BindingRequest{ID: r.ID, State: r.shown(now), Mchid: s.MerchantID, ShortName: s.ShortName, Login: s.login(),
		NameMasked: s.NameMasked, Roles: s.Roles, Custom: s.Custom, AskedAt: r.AskedAt, LapsesAt: r.LapsesAt}
}

// LapseRequest ends a request that nobody answered in time, and tells the employee.
func (g *Gate) LapseRequest(ctx context.Context, run job.Run) error {
	var id uuid.UUID
	if err := run.Decode(&id); err != nil {
		return err
	}
	return g.db.InTx(ctx, func(tx db.Tx) error {
		r, err := lockRequest(ctx, tx, run.Merchant, id)
		now := g.clock.Now()
		if err != nil || r.State != RequestWaiting || r.shown(now) != RequestLapsed {
			return err
		}
		s, err := seatOf(ctx, tx.PG(), r.MerchantID, r.AccountID)
		if err != nil {
			return err
		}
		r.State, r.AnsweredAt = RequestLapsed, &now
		if err := saveRequest(ctx, tx, r); err != nil {
			return err
		}
		e := audit.Entry{Merchant: r.MerchantID, Actor: access.System.Name, Action: "binding.lapse", Object: s.login()}
		return firstOf(g.trail(ctx, tx, e, nil), g.tellAnswer(ctx, tx, s, r, now))
	})
}
