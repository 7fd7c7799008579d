package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// freePlace is the lowest place that no member has. The merchant is held.
func freePlace(ctx context.Context, tx db.Tx, merchant int64) (*int16, error) {
	var place *int16
	err := tx.PG().QueryRow(ctx, `
		SELECT min(n)::smallint FROM generate_series(1, $2::int) n
		WHERE NOT EXISTS (SELECT FROM login_accounts a WHERE a.merchant_id = $1 AND a.place = n)`, merchant, MembersMax).Scan(&place)
	if err != nil {
		return nil, fmt.Errorf("place of a member: %w", err)
	}
	if place == nil {
		return nil, ErrMembersMax.With("Max", MembersMax)
	}
	return place, nil
}

// placeLeft refuses where every place is taken.
func placeLeft(ctx context.Context, q db.Querier, merchant int64) error {
	var members int
	err := q.QueryRow(ctx, "SELECT count(*) FROM login_accounts WHERE merchant_id = $1 AND place IS NOT NULL", merchant).Scan(&members)
	if err != nil {
		return fmt.Errorf("count members: %w", err)
	}
	if members >= MembersMax {
		return ErrMembersMax.With("Max", MembersMax)
	}
	return nil
}

// giveRoles adds roles to an account. A role that the merchant does not have is ErrRoles; a second
// super admin is ErrSuperAdmin.
func giveRoles(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, roles []access.Role) error {
	for _, r := range roles {
		if err := knownRole(ctx, tx, merchant, r); err != nil {
			return err
		}
		row := role{MerchantID: merchant, AccountID: account, Role: r}
		result := gorm.WithResult()
		if err := gorm.G[role](tx.Gorm(ctx), doNothing, result).Create(ctx, &row); err != nil {
			return fmt.Errorf("give role: %w", err)
		}
		if result.RowsAffected == 0 && r == access.SuperAdmin {
			return ErrSuperAdmin
		}
	}
	return nil
}

func knownRole(ctx context.Context, tx db.Tx, merchant int64, r access.Role) error {
	if r.KnownIn(merchant) {
		return nil
	}
	var one int
	err := tx.PG().QueryRow(ctx, "SELECT 1 FROM roles WHERE merchant_id = $1 AND code = $2", merchant, r).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrRoles
	}
	if err != nil {
		return fmt.Errorf("role %s: %w", r, err)
	}
	return nil
}

// replaceRoles puts roles in place of all that the account has.
func replaceRoles(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, roles []access.Role) error {
	if err := takeRoles(ctx, tx, merchant, account); err != nil {
		return err
	}
	return giveRoles(ctx, tx, merchant, account, roles)
}

func takeRoles(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) error {
	_, err := gorm.G[role](tx.Gorm(ctx)).Where("merchant_id = ? AND account_id = ?", merchant, account).Delete(ctx)
	if err != nil {
		return fmt.Errorf("take roles: %w", err)
	}
	return nil
}

// setState suspends a member, who gives the place back, or resumes one in the place.
func setState(ctx context.Context, tx db.Tx, m Member, state string, place *int16) error {
	_, err := gorm.G[account](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", m.Merchant, m.ID).
		Select("state", "place").Updates(ctx, account{State: state, Place: place})
	if err != nil {
		return fmt.Errorf("state of member: %w", err)
	}
	return nil
}

// unbind takes an account's WeChat away, with what waits for it, and opens the password again.
func unbind(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, passwordHash string, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue("DELETE FROM wechat_bindings WHERE merchant_id = $1 AND account_id = $2", merchant, account)
	b.Queue(`UPDATE login_accounts SET password_hash = $3, card_tries = 0 WHERE merchant_id = $1 AND id = $2`, merchant, account, passwordHash)
	if err := tx.PG().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("unbind: %w", err)
	}
	return endRequests(ctx, tx, merchant, account, now)
}

// endRequests ends what an account asked the super admin for.
func endRequests(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID, now time.Time) error {
	_, err := gorm.G[request](tx.Gorm(ctx)).
		Where("merchant_id = ? AND account_id = ? AND state = ?", merchant, account, RequestWaiting).
		Select("state", "answered_at").Updates(ctx, request{State: RequestRefused, AnsweredAt: &now})
	if err != nil {
		return fmt.Errorf("end requests: %w", err)
	}
	return nil
}

// lockWaiting reads the request of an account that waits, and holds it. Where none does, it ended.
func lockWaiting(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) (request, error) {
	r, err := gorm.G[request](tx.Gorm(ctx), forUpdate).
		Where("merchant_id = ? AND account_id = ? AND state = ?", merchant, account, RequestWaiting).Take(ctx)
	return r, missing(err, ErrRequestEnded, "binding request")
}
