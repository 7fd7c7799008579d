package payout

import (
	"context"
	"errors"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
)

// SweepKind is the daily job that takes up what nobody works on, at SweepAt.
const (
	SweepKind = "payout.sweep"
	SweepAt   = 40 * time.Minute
)

// left is an open payment that no work is down for.
type left struct {
	Merchant int64
	Number   string
	BatchNo  string
	State    State
}

// Sweep puts work down for every payment that is open and left alone: what a dead job left behind is taken up.
func (d Deps) Sweep(ctx context.Context, _ job.Run) error {
	all, err := leftAlone(ctx, d.DB.PG())
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	for _, p := range all {
		err := d.DB.InTx(ctx, func(tx db.Tx) error {
			if p.State == Sent {
				return ask(ctx, tx, p.Merchant, p.Number, 1, now)
			}
			return HandInAt(ctx, tx, p.Merchant, p.BatchNo, now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refused tells operators of a call that the bank refuses: trying goes on, and only people can mend it.
func (d Deps) refused(ctx context.Context, m int64, cause error, orders ...Order) error {
	var said *Refusal
	if !errors.As(cause, &said) || said.Code == "" {
		return cause
	}
	err := d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		for _, o := range orders {
			p, err := lockPayment(ctx, tx, m, o.Number)
			if err == nil && (p.State == Sending || p.State == Sent) {
				err = d.raise(ctx, tx, m, p, said.Code)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(cause, err)
}
