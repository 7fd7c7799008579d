package identity

import (
	"context"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// TellMerchant tells the super admin of a merchant that it was suspended or resumed, and why: in the portal,
// and on the WeChat, because nobody of a suspended merchant comes in to read.
func (g *Gate) TellMerchant(ctx context.Context, tx db.Tx, merchant int64, change, reason string, cause uuid.UUID) error {
	now := g.clock.Now()
	at := clock.Text(now)
	err := inbox.Tell(ctx, tx, inbox.Message{Merchant: merchant, Role: access.SuperAdmin, Kind: "merchant_" + change, At: now,
		Args: map[string]string{"Reason": reason, "Time": at}})
	if err != nil {
		return err
	}
	all, err := approvers(ctx, tx.PG(), merchant)
	if err != nil {
		return err
	}
	for _, s := range all {
		n := notice{template: "merchant_" + change, key: "merchant_" + change + ":" + cause.String(), fields: [][2]string{{"time", at}, {"reason", reason}}}
		if err := g.send(ctx, tx, s, s.OpenID, n); err != nil {
			return err
		}
	}
	return nil
}
