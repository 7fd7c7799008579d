package alert

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/identity"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

// Look compares all balances with what is set, and tells of each that has fallen below. It may run
// anywhere and at once: every fall is told by one of those who look.
func (d Deps) Look(ctx context.Context) error {
	if err := rise(ctx, d.DB); err != nil {
		return err
	}
	merchants, err := fallen(ctx, d.DB.PG())
	if err != nil {
		return err
	}
	var wrong []error
	for _, m := range merchants {
		wrong = append(wrong, d.DB.InTx(ctx, func(tx db.Tx) error {
			now := d.Clock.Now()
			low, err := cross(ctx, tx, m, now)
			for i := 0; err == nil && i < len(low); i++ {
				err = d.tell(ctx, tx, m, low[i], now)
			}
			return err
		}))
	}
	return errors.Join(wrong...)
}

// tell writes to those who were chosen and are still there; where nobody of them is, to the super admin.
func (d Deps) tell(ctx context.Context, tx db.Tx, merchant int64, c crossing, now time.Time) error {
	people, err := d.people(ctx, tx.PG(), merchant)
	if err != nil {
		return err
	}
	for _, to := range chosen(people, c) {
		account := words.T(ctx, "ledger.account."+string(c.Account))
		m := inbox.Message{Merchant: merchant, To: to.Seat.Account, Kind: "balance_low", Link: Path, At: now,
			Args: map[string]string{"Account": account, "Balance": c.Balance.String(), "Threshold": c.Threshold.String(), "Time": clock.Text(now)}}
		if err := inbox.Tell(ctx, tx, m); err != nil {
			return err
		}
		if err := inbox.WeChat(ctx, tx, d.notice(ctx, merchant, c, to, now), now); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) notice(ctx context.Context, merchant int64, c crossing, to identity.Standing, now time.Time) inbox.Notice {
	yuan := func(amount string) string { return words.F(ctx, "topup.yuan", words.Args{"Amount": amount}) }
	return inbox.Notice{Merchant: merchant, OpenID: to.OpenID, Template: "balance_low", Title: words.T(ctx, "alert.notice_low"),
		Key: "balance_low:" + string(c.Account) + ":" + strconv.FormatInt(now.UnixMicro(), 36) + ":" + to.Seat.Account.String(),
		Fields: map[string]string{words.T(ctx, "alert.field_merchant"): to.ShortName,
			words.T(ctx, "alert.field_account"):   words.T(ctx, "ledger.account."+string(c.Account)),
			words.T(ctx, "alert.field_balance"):   yuan(c.Balance.String()),
			words.T(ctx, "alert.field_threshold"): yuan(c.Threshold.String()), words.T(ctx, "alert.field_time"): clock.Text(now)}}
}

func chosen(people []identity.Standing, c crossing) (readers []identity.Standing) {
	for _, m := range people {
		if slices.Contains(c.Watchers, m.Seat.Account) {
			readers = append(readers, m)
		}
	}
	if len(readers) > 0 {
		return readers
	}
	for _, m := range people {
		if slices.Contains(m.Seat.Roles, access.SuperAdmin) {
			readers = append(readers, m)
		}
	}
	return readers
}
