package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// approvers reads the seats of those who answer for others in the merchant, bound or not.
func approvers(ctx context.Context, q db.Querier, merchant int64) ([]seat, error) {
	rows, err := q.Query(ctx, "SELECT "+seatColumns+seatTables+`
		JOIN account_roles ar ON ar.merchant_id = a.merchant_id AND ar.account_id = a.id
		WHERE a.merchant_id = $1 AND ar.role = $2 ORDER BY a.created_at, a.id`, merchant, approverRole(merchant))
	if err != nil {
		return nil, fmt.Errorf("approvers of %d: %w", merchant, err)
	}
	return pgx.CollectRows(rows, scanSeat)
}

// holdPlatform lets changes of who runs the platform come one after another.
func holdPlatform(ctx context.Context, q db.Querier) error {
	if _, err := q.Exec(ctx, "SELECT 1 FROM merchants WHERE merchant_id = $1 FOR NO KEY UPDATE", access.PlatformID); err != nil {
		return fmt.Errorf("hold the platform: %w", err)
	}
	return nil
}
