package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const rowColumns = `merchant_id, id, at, wall_at, actor, account_id, action, object, outcome, reason, address, agent,
	session, confirmation, details`

// rowsSQL finds rows by id. The times bound the months that are looked into.
const rowsSQL = "SELECT " + rowColumns + " FROM audit_rows WHERE merchant_id = $1 AND id = ANY ($2) AND at BETWEEN $3 AND $4"

// keys are ids of rows of one merchant, and the times between which they lie.
type keys struct {
	ids         []uuid.UUID
	from, until time.Time
}

func (k keys) with(id uuid.UUID, at time.Time) keys {
	if len(k.ids) == 0 || at.Before(k.from) {
		k.from = at
	}
	if len(k.ids) == 0 || at.After(k.until) {
		k.until = at
	}
	k.ids = append(k.ids, id)
	return k
}

// sealedRows reads the rows that a merchant's seals are of, as far as they are there.
func sealedRows(ctx context.Context, q db.Querier, merchant int64, seals []seal) (map[uuid.UUID]row, error) {
	var k keys
	for _, s := range seals {
		k = k.with(s.RowID, s.RowAt)
	}
	all := make(map[uuid.UUID]row, len(seals))
	found, err := q.Query(ctx, rowsSQL, merchant, k.ids, k.from, k.until)
	if err != nil {
		return nil, fmt.Errorf("audit rows: %w", err)
	}
	return all, collectRows(found, all)
}

func collectRows(found pgx.Rows, into map[uuid.UUID]row) error {
	var r row
	_, err := pgx.ForEachRow(found, []any{&r.Merchant, &r.ID, &r.At, &r.WallAt, &r.Actor, &r.Account, &r.Action, &r.Object,
		&r.Outcome, &r.Reason, &r.Address, &r.Agent, &r.Session, &r.Confirmation, &r.Details}, func() error {
		into[r.ID] = r
		return nil
	})
	if err != nil {
		return fmt.Errorf("audit rows: %w", err)
	}
	return nil
}
