package identity

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
)

// tellBound tells the person that the WeChat is bound, on the WeChat and in the portal.
func (g *Gate) tellBound(ctx context.Context, tx db.Tx, s seat, b binding, cause uuid.UUID) error {
	at := clock.Text(b.BoundAt)
	err := inbox.Tell(ctx, tx, inbox.Message{Merchant: s.MerchantID, To: s.AccountID, Category: inbox.Security,
		Kind: "binding_done", Args: map[string]string{"Login": s.login(), "Time": at}, Link: "/account/profile", At: b.BoundAt})
	if err != nil {
		return err
	}
	return g.send(ctx, tx, s, b.OpenID, notice{template: "binding_done", key: "binding_done:" + cause.String(),
		fields: [][2]string{{"time", at}}})
}

// skipNotFound: a merchant without a super admin has nobody to be told.
func skipNotFound(err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	return err
}
