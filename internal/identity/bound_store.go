package identity

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
)

// BoundLogins tells of every login account (login@mchid, login@ops) whether a WeChat is bound to it. For the sandbox,
// which shows its whole cast.
func BoundLogins(ctx context.Context, q db.Querier) (map[string]bool, error) {
	rows, err := q.Query(ctx, `
		SELECT a.login, a.merchant_id, b.account_id IS NOT NULL
		FROM login_accounts a LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id`)
	if err != nil {
		return nil, fmt.Errorf("bound accounts: %w", err)
	}
	defer rows.Close()
	bound := map[string]bool{}
	for rows.Next() {
		var login string
		var merchant int64
		var is bool
		if err := rows.Scan(&login, &merchant, &is); err != nil {
			return nil, fmt.Errorf("bound accounts: %w", err)
		}
		bound[fullLogin(login, merchant)] = is
	}
	return bound, rows.Err()
}
