package merchant

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
)

// Upgrade puts a merchant on the new accounts, for good. It refuses with ErrState whoever is not a legacy
// merchant settled the next day.
func Upgrade(ctx context.Context, tx db.Tx, id int64) error {
	tag, err := tx.PG().Exec(ctx, `UPDATE merchants SET account_system = 'upgraded'
		WHERE merchant_id = $1 AND account_system = 'legacy' AND settlement_cycle = 'T+1'`, id)
	if err != nil {
		return fmt.Errorf("upgrade merchant %d: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrState
	}
	return nil
}
