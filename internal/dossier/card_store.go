package dossier

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
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
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM settlement_card_changes WHERE merchant_id = $1
		AND state IN ('requested', 'checking', 'arrived'))`, merchant).Scan(&open)
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
		ON CONFLICT (merchant_id) WHERE state IN ('requested', 'checking', 'arrived') DO NOTHING`,
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

// lockCard reads a request for a change, with the amount of its check; one of others, or none, is
// fault.ErrNotFound.
func lockCard(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (c CardChange, amount money.Fen, err error) {
	c.ID = id
	err = tx.PG().QueryRow(ctx, `
		SELECT bank, account_tail, old_tail, state, asked_by, asked_at, confirmation, check_no, tries, checked_at, reason, check_amount
		FROM settlement_card_changes WHERE merchant_id = $1 AND id = $2 FOR UPDATE`, merchant, id).
		Scan(&c.Bank, &c.Tail, &c.OldTail, &c.State, &c.AskedBy, &c.AskedAt, &c.Confirmation, &c.CheckNo, &c.Tries, &c.CheckedAt, &c.Reason, &amount)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return c, 0, fault.ErrNotFound
	case err != nil:
		return c, 0, fmt.Errorf("card change %s: %w", id, err)
	}
	return c, amount, nil
}

// saveCard writes where a request stands.
func saveCard(ctx context.Context, tx db.Tx, merchant int64, c CardChange) error {
	_, err := tx.PG().Exec(ctx, `
		UPDATE settlement_card_changes SET state = $3, check_no = $4, tries = $5, checked_at = $6, reason = $7, ended_by = $8, ended_at = $9
		WHERE merchant_id = $1 AND id = $2`,
		merchant, c.ID, c.State, c.CheckNo, c.Tries, c.CheckedAt, c.Reason, c.EndedBy, c.EndedAt)
	if err != nil {
		return fmt.Errorf("card change %s: %w", c.ID, err)
	}
	return nil
}

// setCheck writes the amount that the new card is sent; nobody reads it but to compare.
func setCheck(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID, amount money.Fen) error {
	_, err := tx.PG().Exec(ctx, "UPDATE settlement_card_changes SET check_amount = $3 WHERE merchant_id = $1 AND id = $2",
		merchant, id, int64(amount))
	if err != nil {
		return fmt.Errorf("check of card change %s: %w", id, err)
	}
	return nil
}

// newAccount opens the number of the card that is asked for.
func (d Deps) newAccount(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (string, error) {
	var sealed []byte
	err := tx.PG().QueryRow(ctx, "SELECT account FROM settlement_card_changes WHERE merchant_id = $1 AND id = $2", merchant, id).Scan(&sealed)
	if err != nil {
		return "", fmt.Errorf("card of change %s: %w", id, err)
	}
	return d.Vault.Reveal(accountAt(merchant, id), sealed)
}
