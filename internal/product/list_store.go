package product

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// List reads openings of all merchants, newest first; more tells whether others follow.
func List(ctx context.Context, q db.Querier, p access.Platform, f Filter, size int) (list []Row, more bool, err error) {
	if err := p.Require(access.OpsProductsRead); err != nil {
		return nil, false, err
	}
	var after *time.Time
	if !f.After.At.IsZero() {
		after = &f.After.At
	}
	rows, err := q.Query(ctx, "SELECT m.short_name, "+listed+` FROM product_openings o JOIN merchants m USING (merchant_id)
		WHERE ($1 = '' OR o.state = $1) AND ($2 = '' OR o.code = $2) AND ($3 = 0 OR o.merchant_id = $3)
			AND ($4::timestamptz IS NULL OR o.asked_at < $4 OR o.asked_at = $4 AND (o.merchant_id, o.n) > ($5, $6))
		ORDER BY o.asked_at DESC, o.merchant_id, o.n LIMIT $7`,
		f.State, f.Code, f.Merchant, after, f.After.Merchant, f.After.N, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("openings: %w", err)
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		err = row.Scan(append([]any{&r.ShortName}, r.Opening.places()...)...)
		return r, err
	})
	if err != nil || len(list) <= size {
		return list, false, err
	}
	return list[:size], true, nil
}
