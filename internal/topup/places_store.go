package topup

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
)

// readPlaces reads the merchant's account system and which of its accounts are open.
func readPlaces(ctx context.Context, q db.Querier, id int64) (system merchant.System, accounts []string, err error) {
	err = q.QueryRow(ctx, `SELECT m.account_system, array(SELECT a.account FROM accounts a WHERE a.merchant_id = m.merchant_id
		AND a.account IN ('AVAILABLE', 'BASIC', 'OPERATION')) FROM merchants m WHERE m.merchant_id = $1`, id).Scan(&system, &accounts)
	if err != nil {
		return "", nil, fmt.Errorf("accounts of %d: %w", id, err)
	}
	return system, accounts, nil
}
