package platform

import (
	"context"
	"encoding/json"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
)

// Suspension is the suspending of a merchant, or its end.
type Suspension struct {
	MchID  int64  `json:"mchid"`
	Reason string `json:"reason"`
}

// suspend keeps everyone of a merchant out at once. Money on its way is not touched.
func (o *Office) suspend() confirm.Action {
	return o.change("merchant.suspend", merchant.Suspended, func(ctx context.Context, tx db.Tx, n Suspension) (map[string]any, error) {
		ended, err := identity.EndMerchant(ctx, tx, n.MchID)
		return map[string]any{"reason": n.Reason, "sessions_ended": ended}, err
	})
}

// resume lets a suspended merchant's people in again.
func (o *Office) resume() confirm.Action {
	return o.change("merchant.resume", merchant.Resumed, func(_ context.Context, _ db.Tx, n Suspension) (map[string]any, error) {
		return map[string]any{"reason": n.Reason}, nil
	})
}

// change is an act on a merchant as a whole; also does what belongs to it.
func (o *Office) change(code string, c merchant.Change, also func(context.Context, db.Tx, Suspension) (map[string]any, error)) confirm.Action {
	return confirm.Action{Code: code, Needs: access.OpsMerchantsSuspend,
		Describe: func(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (confirm.Words, error) {
			n, _, err := decode[Suspension](s, params)
			if err != nil {
				return confirm.Words{}, err
			}
			return n.words(ctx, q, code, c)
		},
		Run: func(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (confirm.Result, error) {
			n, p, err := decode[Suspension](s, params)
			if err != nil {
				return confirm.Result{}, err
			}
			done := merchant.Changed{Change: c, Reason: n.Reason, Actor: p.Actor().Name, At: o.clock.Now()}
			if err := merchant.Set(ctx, tx, n.MchID, done); err != nil {
				return confirm.Result{}, err
			}
			details, err := also(ctx, tx, n)
			if err == nil {
				err = o.gate.TellMerchant(ctx, tx, n.MchID, string(c), n.Reason, db.NewID())
			}
			if err != nil {
				return confirm.Result{}, err
			}
			return confirm.Result{Object: mchid(n.MchID), Link: "/ops/merchants/" + mchid(n.MchID), Details: details,
				Lines: []confirm.Line{line(ctx, "ops.merchant.mchid", mchid(n.MchID))}}, o.tell(ctx, tx, p, n.MchID, code, details)
		}}
}

// words refuse a merchant that does not exist or stands so already, and a reason that is none.
func (n Suspension) words(ctx context.Context, q db.Querier, code string, c merchant.Change) (confirm.Words, error) {
	m, err := merchant.Get(ctx, q, n.MchID)
	if err != nil {
		return confirm.Words{}, err
	}
	if m.Suspended == (c == merchant.Suspended) {
		return confirm.Words{}, merchant.ErrState
	}
	if _, err := merchant.Reason(n.Reason); err != nil {
		return confirm.Words{}, err
	}
	return confirm.Words{Title: words.F(ctx, "ops."+code+".title", words.Args{"Name": m.ShortName}), Warn: words.T(ctx, "ops."+code+".warn"),
		Lines: []confirm.Line{line(ctx, "ops.merchant.mchid", mchid(m.ID)), line(ctx, "ops.merchant.legal_name", m.LegalName),
			line(ctx, "ops.merchant.reason", n.Reason)}}, nil
}
