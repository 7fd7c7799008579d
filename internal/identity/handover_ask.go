package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
)

// HandoverLapseKind is the job that ends a handover nobody answered.
const HandoverLapseKind = "handover.lapse"

// MemberBoard is what waits in a merchant, with the merchant's own roles.
type MemberBoard struct {
	Bindings []WaitingBinding // those of employees, the longest first
	Handover *Handover        // nil: none waits
	Custom   []access.CustomRole
}

// MemberBoard reads it in one query.
func (g *Gate) MemberBoard(ctx context.Context, q db.Querier, s access.Scope) (MemberBoard, error) {
	if err := s.Require(access.MemberRead); err != nil {
		return MemberBoard{}, err
	}
	return memberBoard(ctx, q, s.Merchant(), g.clock.Now())
}

// AdmitKeeps refuses roles that the one who hands over cannot go on as.
func AdmitKeeps(s access.Scope, keeps []access.Role, custom []access.CustomRole) error {
	if !distinct(keeps) {
		return ErrHandoverKeeps
	}
	for _, r := range keeps {
		if err := s.MayGiveRole(r, custom); err != nil {
			return ErrHandoverKeeps
		}
	}
	return nil
}

// AskHandover asks a bound member to take over the super admin's role. Nothing changes until the
// member's phone says yes, within 24 hours. It runs inside the super admin's confirmation. It refuses as
// Admit and AdmitKeeps do, and with ErrHandoverWaiting.
func (g *Gate) AskHandover(ctx context.Context, tx db.Tx, s access.Scope, to uuid.UUID, keeps []access.Role) (Handover, error) {
	var h handover
	_, err := g.changeMember(ctx, tx, s, to, HandOver, func(m Member) error {
		custom, err := access.CustomRoles(ctx, tx.PG(), m.Merchant)
		if err != nil {
			return err
		}
		if err := AdmitKeeps(s, keeps, custom); err != nil {
			return err
		}
		now := g.clock.Now()
		h = handover{MerchantID: m.Merchant, ID: db.NewID(), FromID: s.Actor().Account, ToID: m.ID, Keeps: keeps,
			AskedAt: now, LapsesAt: now.Add(handoverLife), State: HandoverWaiting}
		return insertHandover(ctx, tx, h)
	})
	if err != nil {
		return Handover{}, err
	}
	lapse := job.Job{Merchant: h.MerchantID, Kind: HandoverLapseKind, Key: h.ID.String(), Payload: h.ID, Due: h.LapsesAt}
	if err := job.Enqueue(ctx, tx, lapse); err != nil {
		return Handover{}, err
	}
	from, receiver, err := sidesOf(ctx, tx, h)
	if err != nil {
		return Handover{}, err
	}
	return h.view(from, receiver, h.AskedAt), g.tellHandover(ctx, tx, h, from, receiver)
}

// WithdrawHandover takes back a handover that still waits. Who may hand over may do so at once: nothing
// has happened yet.
func (g *Gate) WithdrawHandover(ctx context.Context, s access.Scope, from audit.From, id uuid.UUID) error {
	if err := s.Require(access.SuperHandover); err != nil {
		return err
	}
	return g.db.InTx(ctx, func(tx db.Tx) error {
		if err := access.Hold(ctx, tx, s.Merchant()); err != nil {
			return err
		}
		h, err := lockHandover(ctx, tx, s.Merchant(), id)
		if err != nil {
			return err
		}
		if err := h.end(HandoverWithdrawn, nil, g.clock.Now()); err != nil {
			return err
		}
		asker, to, err := sidesOf(ctx, tx, h)
		if err != nil {
			return err
		}
		e := ofScope(s, "superadmin.withdraw", to.login())
		e.From = from
		return firstOf(saveHandover(ctx, tx, h), g.trail(ctx, tx, e, nil), g.tellHandoverEnd(ctx, tx, h, asker, to))
	})
}

// undoHandover ends a handover whose receiver can no longer take it.
func (g *Gate) undoHandover(ctx context.Context, tx db.Tx, m Member, why error) error {
	now := g.clock.Now()
	h, found, err := waitingHandover(ctx, tx.PG(), m.Merchant, now)
	if err != nil || !found || h.ToID != m.ID {
		return err
	}
	if err := h.end(HandoverUndone, why, now); err != nil {
		return err
	}
	from, to, err := sidesOf(ctx, tx, h)
	if err != nil {
		return err
	}
	return firstOf(saveHandover(ctx, tx, h), g.tellHandoverEnd(ctx, tx, h, from, to))
}

// LapseHandover ends a handover that nobody answered in time, and tells who asked.
func (g *Gate) LapseHandover(ctx context.Context, run job.Run) error {
	var id uuid.UUID
	if err := run.Decode(&id); err != nil {
		return err
	}
	return g.db.InTx(ctx, func(tx db.Tx) error {
		h, err := lockHandover(ctx, tx, run.Merchant, id)
		if err != nil {
			return err
		}
		now := g.clock.Now()
		if h.State != HandoverWaiting || h.shown(now) != HandoverLapsed {
			return nil // answered meanwhile
		}
		if err := h.end(HandoverLapsed, nil, now); err != nil {
			return err
		}
		from, to, err := sidesOf(ctx, tx, h)
		if err != nil {
			return err
		}
		e := audit.Entry{Merchant: h.MerchantID, Actor: access.System.Name, Action: "superadmin.lapse", Object: to.login()}
		return firstOf(saveHandover(ctx, tx, h), g.trail(ctx, tx, e, nil), g.tellHandoverEnd(ctx, tx, h, from, to))
	})
}

// sidesOf reads both sides as they stand.
func sidesOf(ctx context.Context, tx db.Tx, h handover) (from, to seat, err error) {
	if from, err = seatOf(ctx, tx.PG(), h.MerchantID, h.FromID); err != nil {
		return from, to, err
	}
	to, err = seatOf(ctx, tx.PG(), h.MerchantID, h.ToID)
	return from, to, err
}
