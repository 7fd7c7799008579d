package identity

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// GuideStep is what the guided binding asks for next.
type GuideStep string

// The steps.
const (
	StepCard    GuideStep = "card"    // the super admin answers the settlement account's number
	StepLocked  GuideStep = "locked"  // three wrong answers: the operator must reset
	StepScan    GuideStep = "scan"    // show the code
	StepWaiting GuideStep = "waiting" // the super admin is asked
	StepBound   GuideStep = "bound"   // done: sign in with WeChat
)

// Guide is where a session stands on its way to the binding.
type Guide struct {
	Step       GuideStep
	SuperAdmin bool         // also answers the settlement account; nobody is asked
	Again      bool         // was bound, and the verdict no longer fits
	TriesLeft  int          // at the settlement account
	LapsesAt   time.Time    // of the waiting request
	Last       RequestState // how the last request ended; empty: none, or it waits
}

// Guide tells the next step of a session that leads to binding; fault.ErrNotFound for others.
func (g *Gate) Guide(ctx context.Context, s Session) (Guide, error) {
	seat := s.BindingSeat()
	if seat == nil {
		return Guide{}, fault.ErrNotFound
	}
	var guide Guide
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		var err error
		guide, err = g.guide(ctx, tx, *seat)
		return err
	})
	return guide, err
}

func (g *Gate) guide(ctx context.Context, tx db.Tx, b BindingSeat) (Guide, error) {
	s, err := seatOf(ctx, tx.PG(), b.merchant, b.account)
	if err != nil {
		return Guide{}, err
	}
	guide := Guide{Step: StepScan, SuperAdmin: s.has(access.SuperAdmin), Again: s.OpenID != ""}
	fits, err := g.bound(s)
	if err != nil || fits {
		return Guide{Step: StepBound, SuperAdmin: guide.SuperAdmin}, err
	}
	if guide.SuperAdmin {
		return guide, guide.card(ctx, tx, b)
	}
	return guide, guide.request(ctx, tx, b, g.clock.Now())
}

// card adds what the super admin still has to answer.
func (guide *Guide) card(ctx context.Context, tx db.Tx, b BindingSeat) error {
	passed, tries, err := cardOf(ctx, tx, b)
	guide.TriesLeft = cardTriesMax - tries
	switch {
	case passed:
	case guide.TriesLeft > 0:
		guide.Step = StepCard
	default:
		guide.Step = StepLocked
	}
	return err
}

// request adds how the employee's last request stands.
func (guide *Guide) request(ctx context.Context, tx db.Tx, b BindingSeat, now time.Time) error {
	r, any, err := latestRequest(ctx, tx.Gorm(ctx), b.merchant, b.account)
	if err != nil || !any {
		return err
	}
	switch r.shown(now) {
	case RequestWaiting:
		guide.Step, guide.LapsesAt = StepWaiting, r.LapsesAt
	default:
		guide.Last = r.shown(now)
	}
	return nil
}

// mayBind refuses a binding ticket out of turn.
func (g *Gate) mayBind(ctx context.Context, tx db.Tx, b BindingSeat) error {
	guide, err := g.guide(ctx, tx, b)
	if err != nil {
		return err
	}
	return map[GuideStep]error{StepCard: ErrCardFirst, StepLocked: ErrCardLocked,
		StepWaiting: ErrRequestWaiting, StepBound: ErrAlreadyBound}[guide.Step]
}
