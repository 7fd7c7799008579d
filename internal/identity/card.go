package identity

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// Card is the super admin's answer to the full settlement account number, before the binding. What
// cannot be an account number is ErrCardForm and costs no try; a wrong one is ErrCardWrong with the
// tries Left; after three, ErrCardLocked until the operator resets it. The answer holds for this
// session alone.
func (g *Gate) Card(ctx context.Context, s Session, number string) error {
	target := s.BindingSeat()
	number = strings.NewReplacer(" ", "", "-", "").Replace(number)
	if target == nil {
		return fault.ErrNotFound
	}
	if !cardDigits(number) {
		return ErrCardForm
	}
	var refusal error
	err := g.db.InTx(ctx, func(tx db.Tx) error {
		st, err := lockSeat(ctx, tx, target.merchant, target.account)
		if err != nil {
			return err
		}
		if !st.has(access.SuperAdmin) {
			return fault.ErrNotFound
		}
		refusal, err = g.tryCard(ctx, tx, *target, number)
		if err != nil {
			return err
		}
		return g.trail(ctx, tx, st.by("binding.card", audit.From{Session: s.Handle.String()}), refusal)
	})
	return firstOf(err, refusal)
}

// ResetCard gives the super admin three tries again. The operator does it, having proved by papers who asks.
func (g *Gate) ResetCard(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, by access.Actor) error {
	s, err := lockSeat(ctx, tx, merchant, account)
	if err != nil {
		return err
	}
	if err := forgetCardTries(ctx, tx, merchant, account); err != nil {
		return err
	}
	return g.trail(ctx, tx, audit.Entry{Merchant: merchant, Actor: by.Name, Account: by.Account,
		Action: "binding.card_reset", Object: s.login()}, nil)
}

// tryCard counts the try first, so that no crowd of answers gets more than three.
func (g *Gate) tryCard(ctx context.Context, tx db.Tx, t BindingSeat, number string) (refusal, err error) {
	left, ok, err := takeCardTry(ctx, tx, t.merchant, t.account)
	if err != nil {
		return nil, err
	}
	if !ok {
		return ErrCardLocked, nil
	}
	right, err := merchant.CheckAccount(ctx, tx.PG(), g.vault, t.merchant, number)
	if err != nil {
		return nil, err
	}
	switch {
	case right:
		now := g.wall.Now()
		return nil, passCard(ctx, tx, session{Handle: t.session, MerchantID: t.merchant, AccountID: t.account, CardPassedAt: &now})
	case left == 0:
		return ErrCardLocked, nil
	}
	return ErrCardWrong.With("Left", left), nil
}

func cardDigits(s string) bool {
	return len(s) >= 8 && len(s) <= 32 && strings.Trim(s, "0123456789") == ""
}
