package identity

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/db"
)

// markBrowser remembers a browser of an account. It is fresh when it is new and not the first.
func markBrowser(ctx context.Context, tx db.Tx, s seat, mark []byte, wall time.Time) (fresh bool, err error) {
	err = tx.PG().QueryRow(ctx, `
		WITH others AS (SELECT 1 FROM known_browsers WHERE merchant_id = $1 AND account_id = $2 AND seen_at > $5 LIMIT 1),
		known AS (SELECT 1 FROM known_browsers WHERE merchant_id = $1 AND account_id = $2 AND mark = $3 AND seen_at > $5),
		kept AS (INSERT INTO known_browsers (merchant_id, account_id, mark, seen_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (merchant_id, account_id, mark) DO UPDATE SET seen_at = excluded.seen_at)
		SELECT EXISTS (SELECT FROM others) AND NOT EXISTS (SELECT FROM known)`,
		s.MerchantID, s.AccountID, mark, wall, wall.Add(-markLife)).Scan(&fresh)
	if err != nil {
		return false, fmt.Errorf("remember browser: %w", err)
	}
	return fresh, nil
}
