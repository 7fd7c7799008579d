package confirm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/signal"
)

// TableName names the table.
func (confirmation) TableName() string { return "confirmations" }

var forUpdate = clause.Locking{Strength: clause.LockingStrengthUpdate}

// lockToken reads the confirmation of a token and holds it. An unknown token is ErrGone.
func lockToken(ctx context.Context, tx db.Tx, tokenHash []byte) (confirmation, error) {
	c, err := gorm.G[confirmation](tx.Gorm(ctx), forUpdate).Where("token_hash = ? AND via = ?", tokenHash, byDesktop).Take(ctx)
	return c, missing(err, ErrGone)
}

// lockConfirmation reads a confirmation and holds it.
func lockConfirmation(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (confirmation, error) {
	c, err := gorm.G[confirmation](tx.Gorm(ctx), forUpdate).Where("merchant_id = ? AND id = ?", merchant, id).Take(ctx)
	return c, missing(err, fault.ErrNotFound)
}

// readConfirmation reads one as it stands.
func readConfirmation(ctx context.Context, d *db.DB, merchant int64, id uuid.UUID) (confirmation, error) {
	c, err := gorm.G[confirmation](d.Gorm(ctx)).Where("merchant_id = ? AND id = ?", merchant, id).Take(ctx)
	return c, missing(err, fault.ErrNotFound)
}

// confirmationOf finds what a form has made. The account's row is held, so two sendings of one form
// come one after another.
func confirmationOf(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, once string) (confirmation, bool, error) {
	c, err := gorm.G[confirmation](tx.Gorm(ctx)).
		Where("merchant_id = ? AND account_id = ? AND once = ?", merchant, account, once).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, false, nil
	}
	return c, err == nil, missing(err, nil)
}

func insertConfirmation(ctx context.Context, tx db.Tx, c confirmation) error {
	if err := gorm.G[confirmation](tx.Gorm(ctx)).Create(ctx, &c); err != nil {
		return fmt.Errorf("open confirmation: %w", err)
	}
	return nil
}

// saveConfirmation keeps what a step changed, if the row still stands where the step began, and wakes
// the desktop that waits.
func saveConfirmation(ctx context.Context, tx db.Tx, from State, c confirmation) error {
	n, err := gorm.G[confirmation](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ? AND state = ?", c.MerchantID, c.ID, from).
		Select("state", "reason", "reason_args", "openid", "contested", "result", "secret", "expires_at", "ended_at").
		Updates(ctx, c)
	if err != nil {
		return fmt.Errorf("save confirmation: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("save confirmation %s: it no longer stands at %s", c.ID, from)
	}
	return signal.Notify(ctx, tx, Topic(c.ID))
}

func dropSecret(ctx context.Context, tx db.Tx, c confirmation) error {
	_, err := gorm.G[confirmation](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", c.MerchantID, c.ID).
		Update(ctx, "secret", []byte{})
	if err != nil {
		return fmt.Errorf("drop secret: %w", err)
	}
	return nil
}

// countOpen counts what an account has open at desktops.
func countOpen(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, now time.Time) (int64, error) {
	n, err := gorm.G[confirmation](tx.Gorm(ctx)).
		Where("merchant_id = ? AND account_id = ? AND state IN ('waiting', 'scanned') AND expires_at > ?", merchant, account, now).
		Count(ctx, "*")
	if err != nil {
		return 0, fmt.Errorf("count confirmations: %w", err)
	}
	return n, nil
}

// attempt runs f so that a refusal undoes what f did and nothing else. Failures of ours undo all.
func attempt(ctx context.Context, tx db.Tx, f func() error) (refusal, err error) {
	if _, err := tx.PG().Exec(ctx, "SAVEPOINT act"); err != nil {
		return nil, fmt.Errorf("attempt: %w", err)
	}
	err = f()
	if err != nil && refusalOf(err) == nil {
		return nil, err
	}
	end := "RELEASE SAVEPOINT act"
	if err != nil {
		end = "ROLLBACK TO SAVEPOINT act"
	}
	if _, wrong := tx.PG().Exec(ctx, end); wrong != nil {
		return nil, fmt.Errorf("attempt: %w", wrong)
	}
	return err, nil
}

// missing turns "no row" into the refusal, and names what was being read in other errors.
func missing(err, refusal error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return refusal
	}
	return fmt.Errorf("read confirmation: %w", err)
}
