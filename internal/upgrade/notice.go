package upgrade

import (
	"context"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
)

// tell tells those who answer for the merchant's money that it goes another way now.
func (d Deps) tell(ctx context.Context, tx db.Tx, done Done) error {
	return d.Gate.TellFunds(ctx, tx, done.Merchant, identity.FundsNotice{Kind: "account_upgraded", Key: done.No(), Link: "/funds", At: done.At,
		Args:   map[string]string{"Amount": done.Amount.String(), "Mode": done.Choice.Text(ctx), "Signer": done.Signer, "No": done.No(), "Time": clock.Text(done.At)},
		Fields: [][2]string{{"upgrade_no", done.No()}, {"amount", done.Amount.String()}, {"upgraded_at", clock.Text(done.At)}}})
}
