package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Get reads one act of the merchant's log. One of others, or none, is fault.ErrNotFound. Its seal, or
// the sealer's queue, knows its month, so that one month is looked into.
func Get[P ~string](ctx context.Context, q db.Querier, r Reader[P], id uuid.UUID) (Record, error) {
	if err := allowed(r); err != nil {
		return Record{}, err
	}
	rows, err := q.Query(ctx, `
		SELECT a.id, a.at, a.actor, a.account_id, a.action, a.object, a.outcome, a.reason, a.address, a.agent,
			a.session, a.confirmation, a.details, coalesce(k.seq, 0)
		FROM (SELECT row_at AS at, seq FROM audit_seals WHERE merchant_id = $1 AND row_id = $2
			UNION ALL SELECT at, 0 FROM audit_queue WHERE merchant_id = $1 AND id = $2
			ORDER BY seq DESC LIMIT 1) k
		JOIN audit_rows a ON a.merchant_id = $1 AND a.id = $2 AND a.at = k.at`, r.Merchant(), id)
	if err != nil {
		return Record{}, fmt.Errorf("act %s: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, scanRecord)
	switch {
	case err != nil:
		return Record{}, fmt.Errorf("act %s: %w", id, err)
	case len(list) == 0:
		return Record{}, fault.ErrNotFound
	}
	return list[0], nil
}
