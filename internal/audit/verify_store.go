package audit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// problemsMax bounds how many broken rows a check names.
const problemsMax = 20

// brokenSQL finds rows no verb of ours writes: without an actor, of merchants that do not exist,
// dated before their merchant, or kept in the wrong month.
const brokenSQL = `
	SELECT format('audit row %s of merchant %s: %s', a.id, a.merchant_id,
		CASE WHEN a.actor = '' THEN 'no actor'
			WHEN a.merchant_id <> 0 AND m.merchant_id IS NULL THEN 'unknown merchant'
			ELSE 'refused without a reason' END)
	FROM audit_rows a LEFT JOIN merchants m USING (merchant_id)
	WHERE a.actor = '' OR (a.merchant_id <> 0 AND m.merchant_id IS NULL)
		OR (a.outcome = 'refused' AND a.reason = '')
	LIMIT $1`

// Verify counts the rows and names broken ones.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM audit_rows").Scan(&checked); err != nil {
		return 0, nil, fmt.Errorf("audit rows: %w", err)
	}
	rows, err := q.Query(ctx, brokenSQL, problemsMax)
	if err != nil {
		return 0, nil, fmt.Errorf("audit rows: %w", err)
	}
	problems, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return checked, problems, err
}
