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
	SuperAdmin bool         // also answers the settlement account
	Alone      bool         // nobody is asked: a super admin, or the platform's first operator
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
	return g.guide(ctx, g.db.PG(), *seat)
}

func (g *Gate) guide(ctx context.Context, q db.Querier, b BindingSeat) (Guide, error) {
	s, err := seatOf(ctx, q, b.merchant, b.account)
	if err != nil {
		return Guide{}, err
	}
	guide := Guide{Step: StepScan, SuperAdmin: s.has(access.SuperAdmin), Again: s.OpenID != ""}
	fits, err := g.bound(s)
	if err != nil || fits {
		return Guide{Step: StepBound, SuperAdmin: guide.SuperAdmin}, err
	}
	if guide.Alone, err = bindsAlone(ctx, q, s); err != nil {
		return guide, err
	}
	if guide.SuperAdmin {
		return guide, guide.card(ctx, q, b)
	}
	return guide, guide.request(ctx, q, b, g.clock.Now())
}

// card adds what the super admin still has to answer.
func (guide *Guide) card(ctx context.Context, q db.Querier, b BindingSeat) error {
	passed, tries, err := cardOf(ctx, q, b)
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
func (guide *Guide) request(ctx context.Context, q db.Querier, b BindingSeat, now time.Time) error {
	r, found, err := latestRequest(ctx, q, b.merchant, b.account)
	if err != nil || !found {
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
	guide, err := g.guide(ctx, tx.PG(), b)
	if err != nil {
		return err
	}
	return map[GuideStep]error{StepCard: ErrCardFirst, StepLocked: ErrCardLocked,
		StepWaiting: ErrRequestWaiting, StepBound: ErrAlreadyBound}[guide.Step]
}
