package confirm

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// TableName names the table.
func (approval) TableName() string { return "approvals" }

func insertApproval(ctx context.Context, tx db.Tx, p approval) error {
	if err := gorm.G[approval](tx.Gorm(ctx)).Create(ctx, &p); err != nil {
		return fmt.Errorf("open approval: %w", err)
	}
	return nil
}

func readApproval(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (approval, error) {
	p, err := gorm.G[approval](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", merchant, id).Take(ctx)
	return p, missing(err, fault.ErrNotFound)
}

// saveAnswer keeps who was the second person.
func saveAnswer(ctx context.Context, tx db.Tx, p approval) error {
	n, err := gorm.G[approval](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ? AND checker_id IS NULL", p.MerchantID, p.ID).
		Select("checker_id", "checker_openid", "checker_paper", "answered_in", "answered_at").Updates(ctx, p)
	if err != nil {
		return fmt.Errorf("answer approval: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("answer approval %s: it has an answer", p.ID)
	}
	return nil
}

// lockApproving holds the merchant's confirmations that wait for a second person. Those in another's
// hands are being answered, and looked at there.
func lockApproving(ctx context.Context, tx db.Tx, merchant int64) ([]confirmation, error) {
	free := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
	all, err := gorm.G[confirmation](tx.Gorm(ctx), free).
		Where("merchant_id = ? AND state = ?", merchant, Approving).Order("id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("waiting approvals: %w", err)
	}
	return all, nil
}
