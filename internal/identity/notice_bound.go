package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// tellBound tells the person that the WeChat is bound, on the WeChat and in the portal.
func (g *Gate) tellBound(ctx context.Context, tx db.Tx, s seat, b binding, cause uuid.UUID) error {
	at := clock.Text(b.BoundAt)
	err := inbox.Tell(ctx, tx, inbox.Message{Merchant: s.MerchantID, To: s.AccountID,
		Kind: "binding_done", Args: map[string]string{"Login": s.login(), "Time": at}, Link: s.profile(), At: b.BoundAt})
	if err != nil {
		return err
	}
	return g.send(ctx, tx, s, b.OpenID, notice{template: "binding_done", key: "binding_done:" + cause.String(),
		fields: [][2]string{{"time", at}}})
}

// tellTries tells the super admin, once in a window, that somebody keeps trying passwords of an account.
func (g *Gate) tellTries(ctx context.Context, a account, b Browser, first bool) error {
	if !first || a.ID == uuid.Nil {
		return nil
	}
	return g.db.InTx(ctx, func(tx db.Tx) error {
		now := g.clock.Now()
		return inbox.Tell(ctx, tx, inbox.Message{Merchant: a.MerchantID, Role: approverRole(a.MerchantID),
			Kind: "password_tries", At: now,
			Args: map[string]string{"Login": fullLogin(a.Login, a.MerchantID), "Address": b.Address, "Time": clock.Text(now)}})
	})
}
