package trade

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// freeSlot is the lowest number not in use; none when all ViewsMax are.
const freeSlot = `
	SELECT n FROM generate_series(1, $4::int) n WHERE NOT EXISTS (SELECT FROM saved_views
		WHERE merchant_id = $1 AND account_id = $2 AND page = $3 AND slot = n) ORDER BY n LIMIT 1`

// SaveView keeps a filter under a name; the same name again is replaced. Two at once take turns on
// their person's account row.
func SaveView(ctx context.Context, tx db.Tx, s access.Scope, page, name, query string, at time.Time) (SavedView, error) {
	v, err := newView(page, name, query)
	if err != nil {
		return v, err
	}
	v.MerchantID, v.AccountID, v.SavedAt = s.Merchant(), s.Actor().Account, at
	if err := lockAccount(ctx, tx, s); err != nil {
		return v, err
	}
	err = tx.PG().QueryRow(ctx, `
		UPDATE saved_views SET query = $5, saved_at = $6
		WHERE merchant_id = $1 AND account_id = $2 AND page = $3 AND name = $4 RETURNING id, slot`,
		v.MerchantID, v.AccountID, v.Page, v.Name, v.Query, v.SavedAt).Scan(&v.ID, &v.Slot)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return v, err
	}
	err = tx.PG().QueryRow(ctx, freeSlot, v.MerchantID, v.AccountID, v.Page, ViewsMax).Scan(&v.Slot)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, fault.New("trade.views_full").On("name").With("Limit", ViewsMax)
	}
	if err != nil {
		return v, fmt.Errorf("slot for view: %w", err)
	}
	v.ID = db.NewID()
	_, err = tx.PG().Exec(ctx, `
		INSERT INTO saved_views (merchant_id, id, account_id, page, name, query, slot, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.MerchantID, v.ID, v.AccountID, v.Page, v.Name, v.Query, v.Slot, v.SavedAt)
	if err != nil {
		return v, fmt.Errorf("save view: %w", err)
	}
	return v, nil
}

// lockAccount makes savers of one person wait for each other. A scope without an account keeps no views.
func lockAccount(ctx context.Context, tx db.Tx, s access.Scope) error {
	tag, err := tx.PG().Exec(ctx, "SELECT FROM login_accounts WHERE merchant_id = $1 AND id = $2 FOR NO KEY UPDATE",
		s.Merchant(), s.Actor().Account)
	if err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// Views lists a person's saved views of a page in the order they were first saved.
func Views(ctx context.Context, q db.Querier, s access.Scope, page string) ([]SavedView, error) {
	rows, err := q.Query(ctx, `
		SELECT merchant_id, id, account_id, page, name, query, slot, saved_at FROM saved_views
		WHERE merchant_id = $1 AND account_id = $2 AND page = $3 ORDER BY slot`, s.Merchant(), s.Actor().Account, page)
	if err != nil {
		return nil, fmt.Errorf("views: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v SavedView, err error) {
		err = row.Scan(&v.MerchantID, &v.ID, &v.AccountID, &v.Page, &v.Name, &v.Query, &v.Slot, &v.SavedAt)
		return v, err
	})
}

// DeleteView lets go of one of the person's own views and tells its page.
func DeleteView(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID) (page string, err error) {
	err = tx.PG().QueryRow(ctx, "DELETE FROM saved_views WHERE merchant_id = $1 AND account_id = $2 AND id = $3 RETURNING page",
		s.Merchant(), s.Actor().Account, id).Scan(&page)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.ErrNotFound
	}
	return page, err
}
