package opening

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// tell tells those who answer for the merchant's money what its account begins with.
func (d Deps) tell(ctx context.Context, tx db.Tx, p Params, no string, at time.Time) error {
	for _, role := range []access.Role{access.SuperAdmin, access.Finance} {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: p.MchID, Role: role, Kind: "opening_booked", At: at, Link: "/funds/flow",
			Args: map[string]string{"Account": accountWord(ctx, p.Account), "Amount": p.Amount.String(), "Document": p.Document, "No": no,
				"Time": clock.Text(at)}})
		if err != nil {
			return err
		}
	}
	return nil
}
