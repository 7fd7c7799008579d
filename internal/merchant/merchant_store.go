package merchant

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/vault"
)

// accountAt is where a merchant's settlement account is sealed.
func accountAt(id int64) vault.At {
	return vault.At{Table: "merchants", Column: "settlement_account", Row: strconv.FormatInt(id, 10), Merchant: id}
}

const accountPurpose = "settlement_account"

const columns = `merchant_id, kind, parent_mchid, legal_name, short_name, settlement_cycle, account_system,
	fee_rate, settlement_bank, settlement_account_tail, appid, contact_phone_masked, state = 'suspended', opened_at`

func scan(row pgx.CollectableRow) (m Merchant, err error) {
	err = row.Scan(&m.ID, &m.Kind, &m.Parent, &m.LegalName, &m.ShortName, &m.Cycle, &m.System,
		&m.FeeRate, &m.SettlementBank, &m.AccountTail, &m.AppID, &m.PhoneMasked, &m.Suspended, &m.OpenedAt)
	return m, err
}

// Create opens a merchant. It is idempotent: a merchant that stands already stays as it is.
func Create(ctx context.Context, tx db.Tx, v *vault.Vault, n New, at time.Time) error {
	if err := n.check(); err != nil {
		return err
	}
	account := n.SettlementAccount
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO merchants (merchant_id, kind, parent_mchid, legal_name, short_name, settlement_cycle,
			account_system, fee_rate, settlement_bank, settlement_account, settlement_account_index,
			settlement_account_tail, appid, opened_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (merchant_id) DO NOTHING`,
		n.ID, n.Kind, n.Parent, n.LegalName, n.ShortName, n.Cycle, n.System, n.FeeRate, n.SettlementBank,
		v.Seal(accountAt(n.ID), account), v.Index(accountPurpose, account), account[len(account)-4:], n.AppID, at)
	if err != nil {
		return fmt.Errorf("open merchant %d: %w", n.ID, err)
	}
	return nil
}

// Get reads one merchant; an unknown one is fault.ErrNotFound.
func Get(ctx context.Context, q db.Querier, id int64) (Merchant, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM merchants WHERE merchant_id = $1 AND merchant_id <> 0", id)
	if err != nil {
		return Merchant{}, fmt.Errorf("merchant %d: %w", id, err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, fault.ErrNotFound
	}
	return m, err
}

// All lists every merchant; for the program's own work.
func All(ctx context.Context, q db.Querier) ([]Merchant, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM merchants WHERE merchant_id <> 0 ORDER BY merchant_id")
	if err != nil {
		return nil, fmt.Errorf("merchants: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

// Children lists a service provider's sub-merchants.
func Children(ctx context.Context, q db.Querier, parent int64) ([]Merchant, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+` FROM merchants
		WHERE parent_mchid = $1 AND parent_mchid <> 0 ORDER BY merchant_id`, parent)
	if err != nil {
		return nil, fmt.Errorf("sub-merchants of %d: %w", parent, err)
	}
	return pgx.CollectRows(rows, scan)
}

// CheckAccount tells whether the text is the merchant's whole settlement account number. It compares
// blind indexes; the number itself is not opened.
func CheckAccount(ctx context.Context, q db.Querier, v *vault.Vault, id int64, number string) (bool, error) {
	var index []byte
	err := q.QueryRow(ctx, "SELECT settlement_account_index FROM merchants WHERE merchant_id = $1", id).Scan(&index)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, fault.ErrNotFound
	}
	if err != nil {
		return false, fmt.Errorf("settlement account of %d: %w", id, err)
	}
	return subtle.ConstantTimeCompare(index, v.Index(accountPurpose, number)) == 1, nil
}

// Account opens the settlement account number itself.
func Account(ctx context.Context, q db.Querier, v *vault.Vault, id int64) (string, error) {
	var sealed []byte
	err := q.QueryRow(ctx, "SELECT settlement_account FROM merchants WHERE merchant_id = $1", id).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("settlement account of %d: %w", id, err)
	}
	return v.Reveal(accountAt(id), sealed)
}
