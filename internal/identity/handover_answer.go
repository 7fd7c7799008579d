package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Handover reads one for the WeChat of its receiver; to every other it does not exist.
func (g *Gate) Handover(ctx context.Context, id uuid.UUID, openid string) (Handover, error) {
	var view Handover
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		h, from, to, err := g.openHandover(ctx, tx, id, openid)
		if err != nil {
			return err
		}
		view, err = g.withRoles(ctx, tx, h.view(from, to, g.clock.Now()))
		return err
	})
	return view, err
}

// AnswerHandover is the receiver's answer on the phone. A yes makes the receiver the super admin and
// leaves the other with the roles that were chosen; a no leaves everything as it is. It refuses with
// ErrHandoverEnded, ErrHandoverLapsed and ErrDecide, and, ending the handover as undone, with what came
// between: ErrHandoverFrom, ErrSuspended.
func (g *Gate) AnswerHandover(ctx context.Context, id uuid.UUID, openid string, d Decision) (Handover, error) {
	var view Handover
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		h, from, to, err := g.openHandover(ctx, tx, id, openid)
		if err != nil {
			return err
		}
		now := g.clock.Now()
		if refusal, err = g.answerHandover(ctx, tx, &h, from, to, d, now); err != nil {
			return err
		}
		e := to.by("superadmin.answer", audit.From{})
		e.Object, e.Details = from.login(), map[string]any{"decision": d, "handover": h.ID}
		if err := g.trail(ctx, tx, e, refusal); err != nil {
			return err
		}
		view, err = g.withRoles(ctx, tx, h.view(from, to, now))
		return err
	})
	return view, firstOf(err, refusal)
}

// openHandover holds the merchant and a handover for its receiver's WeChat, with both sides.
func (g *Gate) openHandover(ctx context.Context, tx db.Tx, id uuid.UUID, openid string) (h handover, from, to seat, err error) {
	merchant, err := handoverFor(ctx, tx.PG(), id, openid)
	if err != nil {
		return h, from, to, err
	}
	if err = access.Hold(ctx, tx, merchant); err != nil {
		return h, from, to, err
	}
	if h, err = lockHandover(ctx, tx, merchant, id); err != nil {
		return h, from, to, err
	}
	if from, to, err = sidesOf(ctx, tx, h); err != nil {
		return h, from, to, err
	}
	fits, err := g.bound(to)
	if err == nil && (!fits || to.Suspended || to.OpenID != openid) {
		err = fault.ErrNotFound
	}
	return h, from, to, err
}

func (g *Gate) answerHandover(ctx context.Context, tx db.Tx, h *handover, from, to seat, d Decision, now time.Time) (refusal, err error) {
	state, known := map[Decision]HandoverState{Confirm: HandoverAccepted, Refuse: HandoverRefused}[d]
	probe := *h
	switch refusal := probe.end(state, nil, now); {
	case refusal != nil:
		return refusal, nil
	case !known:
		return ErrDecide, nil
	}
	if d == Confirm && (from.Suspended || !from.has(access.SuperAdmin)) {
		refusal, state = ErrHandoverFrom, HandoverUndone
	}
	if err := h.end(state, refusal, now); err != nil {
		return nil, err
	}
	if err := saveHandover(ctx, tx, *h); err != nil {
		return nil, err
	}
	if state == HandoverAccepted {
		if err := passSuperAdmin(ctx, tx, *h); err != nil {
			return nil, err
		}
	}
	return refusal, g.tellHandoverEnd(ctx, tx, *h, from, to)
}

// withRoles adds what the roles are called that the merchant made itself.
func (g *Gate) withRoles(ctx context.Context, tx db.Tx, v Handover) (Handover, error) {
	var err error
	v.Custom, err = access.CustomRoles(ctx, tx.PG(), v.Mchid)
	return v, err
}

func (h handover) view(from, to seat, now time.Time) Handover {
	return Handover{ID: h.ID, State: h.shown(now), Reason: h.Reason, Mchid: h.MerchantID, ShortName: to.ShortName, LegalName: to.LegalName,
		FromLogin: from.login(), FromName: from.NameMasked, ToLogin: to.login(), ToName: to.NameMasked, Keeps: h.Keeps,
		AskedAt: h.AskedAt, LapsesAt: h.LapsesAt, AnsweredAt: h.AnsweredAt}
}
