package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// DecideBinding is the super admin's answer to an employee's binding at the desktop, inside a
// confirmation, which writes the audit row. It refuses as AnswerBinding does; what came between refuses
// the act and leaves the request to its own end.
func (g *Gate) DecideBinding(ctx context.Context, tx db.Tx, s access.Scope, account uuid.UUID, d Decision) (Member, error) {
	if err := s.Require(access.BindingAnswer); err != nil {
		return Member{}, err
	}
	employee, err := lockSeat(ctx, tx, s.Merchant(), account) // account first, as Check does
	if err != nil {
		return Member{}, err
	}
	r, err := lockWaiting(ctx, tx, s.Merchant(), account)
	if err != nil {
		return Member{}, err
	}
	refusal, err := g.answerRequest(ctx, tx, &r, employee, d, g.clock.Now())
	if err = firstOf(err, refusal); err != nil {
		return Member{}, err
	}
	return g.MemberByID(ctx, tx.PG(), s, account)
}
