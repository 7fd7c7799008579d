package identity

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

// TableName names the table.
func (binding) TableName() string { return "wechat_bindings" }

// TableName names the table.
func (request) TableName() string { return "binding_requests" }

var doNothing = clause.OnConflict{DoNothing: true}

// insertBinding binds. Two at once for one WeChat or one account: the second is ErrWeChatTaken.
func insertBinding(ctx context.Context, tx db.Tx, b binding) error {
	result := gorm.WithResult()
	if err := gorm.G[binding](tx.Gorm(ctx), doNothing, result).Create(ctx, &b); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if result.RowsAffected == 0 {
		return ErrWeChatTaken
	}
	return nil
}

// renewBinding replaces the verdict of a binding whose WeChat stays the same.
func renewBinding(ctx context.Context, tx db.Tx, b binding) error {
	n, err := gorm.G[binding](tx.Gorm(ctx)).
		Where("merchant_id = ? AND account_id = ? AND openid = ?", b.MerchantID, b.AccountID, b.OpenID).
		Select("compared", "verdict", "checked_at", "consent", "consented_at", "bound_at").Updates(ctx, b)
	if err != nil {
		return fmt.Errorf("bind again: %w", err)
	}
	if n != 1 {
		return ErrAlreadyBound
	}
	return nil
}

// insertRequest asks the super admin. One request waits for an account and for a WeChat at a time.
func insertRequest(ctx context.Context, tx db.Tx, r request) error {
	_, err := gorm.G[request](tx.Gorm(ctx)).
		Where("merchant_id = ? AND state = ? AND lapses_at <= ? AND (account_id = ? OR openid = ?)",
			r.MerchantID, RequestWaiting, r.AskedAt, r.AccountID, r.OpenID).
		Select("state", "answered_at").Updates(ctx, request{State: RequestLapsed, AnsweredAt: &r.AskedAt})
	if err != nil {
		return fmt.Errorf("lapse requests: %w", err)
	}
	result := gorm.WithResult()
	if err := gorm.G[request](tx.Gorm(ctx), doNothing, result).Create(ctx, &r); err != nil {
		return fmt.Errorf("ask for binding: %w", err)
	}
	if result.RowsAffected == 0 {
		return ErrRequestWaiting
	}
	return nil
}

// latestRequest reads how the youngest request of an account stands; false where there is none.
func latestRequest(ctx context.Context, q db.Querier, merchant int64, account uuid.UUID) (r request, found bool, err error) {
	err = q.QueryRow(ctx, `SELECT state, lapses_at FROM binding_requests
		WHERE merchant_id = $1 AND account_id = $2 ORDER BY asked_at DESC LIMIT 1`, merchant, account).
		Scan(&r.State, &r.LapsesAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, noRows(err, nil, "binding request")
}

// requestFor finds whose a request is, among the merchants whose super admin this WeChat is, and on the
// platform where it is an admin's.
func requestFor(ctx context.Context, tx db.Tx, id uuid.UUID, openid string) (merchant int64, account uuid.UUID, err error) {
	err = tx.PG().QueryRow(ctx, `
		SELECT r.merchant_id, r.account_id FROM wechat_bindings b
		JOIN account_roles sa ON sa.merchant_id = b.merchant_id AND sa.account_id = b.account_id
			AND sa.role = CASE WHEN b.merchant_id = 0 THEN 'admin' ELSE 'super_admin' END
		JOIN binding_requests r ON r.merchant_id = b.merchant_id AND r.id = $1
		WHERE b.openid = $2`, id, openid).Scan(&merchant, &account)
	return merchant, account, noRows(err, fault.ErrNotFound, "binding request")
}

func lockRequest(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (request, error) {
	r, err := gorm.G[request](tx.Gorm(ctx), forUpdate).Where("merchant_id = ? AND id = ?", merchant, id).Take(ctx)
	return r, missing(err, fault.ErrNotFound, "binding request")
}

func saveRequest(ctx context.Context, tx db.Tx, r request) error {
	n, err := gorm.G[request](tx.Gorm(ctx)).
		Where("merchant_id = ? AND id = ? AND state = ?", r.MerchantID, r.ID, RequestWaiting).
		Select("state", "answered_at").Updates(ctx, r)
	if err != nil {
		return fmt.Errorf("answer binding request: %w", err)
	}
	if n != 1 {
		return ErrRequestEnded
	}
	return nil
}
