package staff

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// insertRequest keeps the request; false when the member asked for the same today.
func insertRequest(ctx context.Context, tx db.Tx, r Request) (bool, error) {
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO permission_requests (merchant_id, id, account_id, permission, day, asked_at)
		VALUES ($1, $2, $3, $4, $5::text::date, $6) ON CONFLICT (merchant_id, account_id, permission, day) DO NOTHING`,
		r.Merchant, r.ID, r.Account, r.Permission, string(clock.DayOf(r.AskedAt)), r.AskedAt)
	if err != nil {
		return false, fmt.Errorf("ask for permission: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// findRequest reads a request by its id alone: the phone that asks knows no merchant.
func findRequest(ctx context.Context, tx db.Tx, id uuid.UUID) (r Request, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT id, merchant_id, account_id, permission, asked_at FROM permission_requests WHERE id = $1", id).
		Scan(&r.ID, &r.Merchant, &r.Account, &r.Permission, &r.AskedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, fault.ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("permission request: %w", err)
	}
	return r, nil
}
