package product

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// told are who hears that a product was opened or closed: everyone whose work it changes.
var told = []access.Role{access.SuperAdmin, access.Finance, access.Operations}

// tell tells people of the merchant what became of a product.
func tell(ctx context.Context, tx db.Tx, kind string, o Opening, at time.Time) error {
	for _, role := range told {
		err := inbox.Tell(ctx, tx, inbox.Message{Merchant: o.Merchant, Role: role, Kind: kind, Link: o.Code.Href(), At: at,
			Args: map[string]string{"Name": o.Code.Name(ctx), "By": o.AskedBy, "Reason": o.Reason, "Time": clock.Text(at)}})
		if err != nil {
			return err
		}
	}
	return nil
}
