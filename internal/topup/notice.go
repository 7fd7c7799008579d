package topup

import (
	"context"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Path is where top-ups are seen.
const Path = "/funds/top-ups"

// AccountWord names an account that money can be sent to.
func AccountWord(ctx context.Context, account string) string {
	return words.T(ctx, "ledger.account."+account)
}

// tellArrived tells whoever announced the transfer and the merchant's finance people; where there are
// none, the super admin.
func (d Deps) tellArrived(ctx context.Context, tx db.Tx, t TopUp) error {
	all, err := d.Gate.Active(ctx, tx.PG(), t.Merchant)
	if err != nil {
		return err
	}
	for _, to := range readers(all, t) {
		m := inbox.Message{Merchant: t.Merchant, To: to.Seat.Account, Kind: "topup_arrived", Link: Path + "/" + t.No(), At: *t.ArrivedAt,
			Args: map[string]string{"Account": AccountWord(ctx, string(t.Account)), "Amount": t.Amount.String(), "Payer": t.PayerName, "No": t.No(),
				"Time": clock.Text(*t.ArrivedAt)}}
		if err := inbox.Tell(ctx, tx, m); err != nil {
			return err
		}
		err := inbox.WeChat(ctx, tx, inbox.Notice{Merchant: t.Merchant, OpenID: to.OpenID, Template: "topup_arrived",
			Title: words.T(ctx, "topup.notice_arrived"), Key: "topup:" + t.No() + ":" + to.Seat.Account.String(),
			Fields: map[string]string{words.T(ctx, "topup.field_merchant"): to.ShortName, words.T(ctx, "topup.field_account"): AccountWord(ctx, string(t.Account)),
				words.T(ctx, "topup.field_amount"): words.F(ctx, "topup.yuan", words.Args{"Amount": t.Amount.String()}),
				words.T(ctx, "topup.field_payer"):  t.PayerName, words.T(ctx, "topup.field_time"): clock.Text(*t.ArrivedAt)}}, *t.ArrivedAt)
		if err != nil {
			return err
		}
	}
	return nil
}

// readers are the active members who hear of a top-up.
func readers(all []identity.Standing, t TopUp) (chosen []identity.Standing) {
	for _, m := range all {
		if t.AskerID != nil && m.Seat.Account == *t.AskerID || slices.Contains(m.Seat.Roles, access.Finance) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) > 0 {
		return chosen
	}
	for _, m := range all {
		if slices.Contains(m.Seat.Roles, access.SuperAdmin) {
			chosen = append(chosen, m)
		}
	}
	return chosen
}
