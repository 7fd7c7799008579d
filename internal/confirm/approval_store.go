package confirm

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

func insertApproval(ctx context.Context, tx db.Tx, p approval) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO approvals (merchant_id, id, action, amount_fen, always, hash, maker_id, maker_openid, maker_paper, asked, asked_at)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8, $9, $10, $11)`,
		p.MerchantID, p.ID, p.Action, p.Amount, p.Always, p.Hash, p.MakerID, p.MakerOpenID, p.MakerPaper, p.Asked, p.AskedAt)
	if err != nil {
		return fmt.Errorf("open approval: %w", err)
	}
	return nil
}

func readApproval(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (p approval, err error) {
	p.MerchantID, p.ID = merchant, id
	err = tx.PG().QueryRow(ctx, `
		SELECT action, coalesce(amount_fen, 0), always, hash, maker_id, maker_openid, maker_paper, asked, asked_at
		FROM approvals WHERE merchant_id = $1 AND id = $2`, merchant, id).
		Scan(&p.Action, &p.Amount, &p.Always, &p.Hash, &p.MakerID, &p.MakerOpenID, &p.MakerPaper, &p.Asked, &p.AskedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, fault.ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("approval: %w", err)
	}
	return p, nil
}

// saveAnswer keeps who was the second person.
func saveAnswer(ctx context.Context, tx db.Tx, p approval, a answer) error {
	tag, err := tx.PG().Exec(ctx, `
		UPDATE approvals SET checker_id = $3, checker_openid = $4, checker_paper = $5, answered_in = $6, answered_at = $7
		WHERE merchant_id = $1 AND id = $2 AND checker_id IS NULL`,
		p.MerchantID, p.ID, a.checker.Seat.Account, a.checker.OpenID, a.checker.Paper, a.in, a.at)
	if err != nil {
		return fmt.Errorf("answer approval: %w", err)
	}
	if tag.RowsAffected() != 1 {
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
