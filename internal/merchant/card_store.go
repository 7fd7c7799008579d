package merchant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/vault"
)

// Card is a settlement card, opened: for payments alone.
type Card struct {
	Holder      string // the merchant's legal name
	Bank        string
	Number      string
	PayoutsFrom *time.Time // money goes to it from then on; nil: at once
}

// Tail is what is shown of the number.
func (c Card) Tail() string { return c.Number[len(c.Number)-4:] }

// SettlementCard opens the card in use.
func SettlementCard(ctx context.Context, q db.Querier, v *vault.Vault, id int64) (c Card, err error) {
	var sealed []byte
	err = q.QueryRow(ctx, `SELECT legal_name, settlement_bank, settlement_account, payouts_from FROM merchants
		WHERE merchant_id = $1 AND merchant_id <> 0`, id).Scan(&c.Holder, &c.Bank, &sealed, &c.PayoutsFrom)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, fault.ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("settlement card of %d: %w", id, err)
	}
	if c.Number, err = v.Reveal(accountAt(id), sealed); err != nil {
		return c, fmt.Errorf("settlement card of %d: %w", id, err)
	}
	return c, nil
}

// ChangeCard puts another settlement card in use; nothing is paid to it before from.
func ChangeCard(ctx context.Context, tx db.Tx, v *vault.Vault, id int64, bank, number string, from time.Time) error {
	if err := CheckAccountNumber(number); err != nil {
		return err
	}
	done, err := tx.PG().Exec(ctx, `
		UPDATE merchants SET settlement_bank = $2, settlement_account = $3, settlement_account_index = $4, settlement_account_tail = $5,
			payouts_from = $6
		WHERE merchant_id = $1 AND merchant_id <> 0`,
		id, bank, v.Seal(accountAt(id), number), v.Index(accountPurpose, number), number[len(number)-4:], from)
	if err != nil {
		return fmt.Errorf("change settlement card of %d: %w", id, err)
	}
	if done.RowsAffected() == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// PayoutsFrom tells from when on money goes to the settlement card; nil: it does.
func PayoutsFrom(ctx context.Context, q db.Querier, id int64) (from *time.Time, err error) {
	err = q.QueryRow(ctx, "SELECT payouts_from FROM merchants WHERE merchant_id = $1", id).Scan(&from)
	if err != nil {
		return nil, fmt.Errorf("rest of payouts of %d: %w", id, err)
	}
	return from, nil
}
