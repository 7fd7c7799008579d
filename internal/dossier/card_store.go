package dossier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/vault"
)

// indexPurpose finds a number again without opening it, also against the card in use.
const indexPurpose = "settlement_account"

func accountAt(merchant int64, id uuid.UUID) vault.At {
	return vault.At{Table: "settlement_card_changes", Column: "account", Row: id.String(), Merchant: merchant}
}

// noneOpen refuses while a request is open.
func noneOpen(ctx context.Context, q db.Querier, merchant int64) error {
	var open bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM settlement_card_changes WHERE merchant_id = $1 AND state = $2)`,
		merchant, Requested).Scan(&open)
	switch {
	case err != nil:
		return fmt.Errorf("open card change of %d: %w", merchant, err)
	case open:
		return ErrCardOpen
	}
	return nil
}

// requestCard writes the request down. Two at once: the second is refused by the table.
func (d Deps) requestCard(ctx context.Context, tx db.Tx, s access.Scope, p CardParams, m merchant.Merchant) (CardChange, error) {
	c := CardChange{ID: db.NewID(), Bank: p.Bank, Tail: p.tail(), OldTail: m.AccountTail, State: Requested,
		AskedBy: s.Actor().Name, AskedAt: d.Clock.Now(), Confirmation: confirm.Current(ctx)}
	done, err := tx.PG().Exec(ctx, `
		INSERT INTO settlement_card_changes (merchant_id, id, bank, account, account_index, account_tail, old_tail,
			state, asked_by, asked_at, confirmation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (merchant_id) WHERE state = 'requested' DO NOTHING`,
		m.ID, c.ID, c.Bank, d.Vault.Seal(accountAt(m.ID, c.ID), p.Account), d.Vault.Index(indexPurpose, p.Account),
		c.Tail, c.OldTail, c.State, c.AskedBy, c.AskedAt, c.Confirmation)
	if err != nil {
		return c, fmt.Errorf("request card change of %d: %w", m.ID, err)
	}
	if done.RowsAffected() == 0 {
		return c, ErrCardOpen
	}
	return c, nil
}

// cancelCard ends an open request; first is false when it had ended before.
func cancelCard(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, at time.Time) (c CardChange, first bool, err error) {
	c = CardChange{ID: id, EndedBy: s.Actor().Name, EndedAt: &at}
	err = tx.PG().QueryRow(ctx, `
		SELECT bank, account_tail, old_tail, state, asked_at FROM settlement_card_changes
		WHERE merchant_id = $1 AND id = $2 FOR UPDATE`,
		s.Merchant(), id).Scan(&c.Bank, &c.Tail, &c.OldTail, &c.State, &c.AskedAt)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return c, false, fault.ErrNotFound
	case err != nil:
		return c, false, fmt.Errorf("card change %s: %w", id, err)
	case c.State != Requested:
		return c, false, nil
	}
	_, err = tx.PG().Exec(ctx, `
		UPDATE settlement_card_changes SET state = $3, ended_by = $4, ended_at = $5 WHERE merchant_id = $1 AND id = $2`,
		s.Merchant(), id, Cancelled, c.EndedBy, at)
	if err != nil {
		return c, false, fmt.Errorf("cancel card change %s: %w", id, err)
	}
	return c, true, nil
}
