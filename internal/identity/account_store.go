package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// TableName names the table.
func (account) TableName() string { return "login_accounts" }

// TableName names the table.
func (role) TableName() string { return "account_roles" }

// findLogin reads the account of a login name in lower case; the zero account where there is none.
func findLogin(ctx context.Context, d *db.DB, merchant int64, name string) (account, error) {
	a, err := gorm.G[account](d.Gorm(ctx)).Where("merchant_id = ? AND lower(login) = ?", merchant, name).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return account{}, nil
	}
	return a, missing(err, nil, "login account")
}

// insertAccount adds the account and its roles. The merchant's row is held, so that its members take
// their places one after another.
func insertAccount(ctx context.Context, tx db.Tx, a account, roles []access.Role) error {
	if err := access.Hold(ctx, tx, a.MerchantID); err != nil {
		return err
	}
	var err error
	if a.Place, err = freePlace(ctx, tx, a.MerchantID); err != nil {
		return err
	}
	result := gorm.WithResult()
	if err := gorm.G[account](tx.Gorm(ctx), doNothing, result).Create(ctx, &a); err != nil {
		return fmt.Errorf("make login account: %w", err)
	}
	if result.RowsAffected == 0 {
		return ErrLoginTaken
	}
	return giveRoles(ctx, tx, a.MerchantID, a.ID, roles)
}

// takeCardTry counts one try at the settlement account and returns how many are left; false when
// none was.
func takeCardTry(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (left int, ok bool, err error) {
	err = tx.PG().QueryRow(ctx, `UPDATE login_accounts SET card_tries = card_tries + 1
		WHERE merchant_id = $1 AND id = $2 AND card_tries < $3 RETURNING $3 - card_tries`,
		merchant, id, cardTriesMax).Scan(&left)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("count card try: %w", err)
	}
	return left, true, nil
}

// cardOf tells whether the session answered the settlement account, and how often the account was wrong.
func cardOf(ctx context.Context, q db.Querier, b BindingSeat) (passed bool, tries int, err error) {
	err = q.QueryRow(ctx, `SELECT s.card_passed_at IS NOT NULL, a.card_tries
		FROM sessions s JOIN login_accounts a ON a.merchant_id = s.merchant_id AND a.id = s.account_id
		WHERE s.handle = $1 AND s.merchant_id = $2 AND s.account_id = $3`, b.session, b.merchant, b.account).
		Scan(&passed, &tries)
	return passed, tries, noRows(err, ErrNoSession, "card answer")
}

// passCard marks the session that answered right, and forgets the account's wrong tries.
func passCard(ctx context.Context, tx db.Tx, s session) error {
	tag, err := tx.PG().Exec(ctx, "UPDATE sessions SET card_passed_at = $2 WHERE handle = $1", s.Handle, s.CardPassedAt)
	if err != nil {
		return fmt.Errorf("pass card: %w", err)
	}
	if tag.RowsAffected() != 1 {
		return ErrNoSession
	}
	return forgetCardTries(ctx, tx, s.MerchantID, s.AccountID)
}

func forgetCardTries(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) error {
	_, err := gorm.G[account](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", merchant, id).Update(ctx, "card_tries", 0)
	if err != nil {
		return fmt.Errorf("forget card tries: %w", err)
	}
	return nil
}

// closePassword takes the initial password away.
func closePassword(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) error {
	_, err := gorm.G[account](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", merchant, id).Update(ctx, "password_hash", "")
	if err != nil {
		return fmt.Errorf("close password: %w", err)
	}
	return nil
}
