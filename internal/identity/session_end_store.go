package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// endSession ends one session of an account; false when there is none.
func endSession(ctx context.Context, tx db.Tx, merchant int64, account, handle uuid.UUID) (bool, error) {
	n, err := endWhere(ctx, tx, "merchant_id = $1 AND account_id = $2 AND handle = $3", merchant, account, handle)
	return n > 0, err
}

// endOtherSessions ends all sessions of an account but one.
func endOtherSessions(ctx context.Context, tx db.Tx, merchant int64, account, keep uuid.UUID) (int64, error) {
	return endWhere(ctx, tx, "merchant_id = $1 AND account_id = $2 AND handle <> $3", merchant, account, keep)
}

// endBindingSessions ends the sessions that only led to the binding.
func endBindingSessions(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) error {
	_, err := endWhere(ctx, tx, "merchant_id = $1 AND account_id = $2 AND stage = 'binding'", merchant, account)
	return err
}

func endWhere(ctx context.Context, tx db.Tx, where string, args ...any) (int64, error) {
	tag, err := tx.PG().Exec(ctx, "DELETE FROM sessions WHERE "+where, args...)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return tag.RowsAffected(), nil
}

// liveSessions lists the actor's sessions, the last seen first.
func liveSessions(ctx context.Context, q db.Querier, s access.Scope, wall time.Time) ([]session, error) {
	rows, err := q.Query(ctx, `
		SELECT handle, stage, made_at, seen_at, expires_at, address, agent FROM sessions
		WHERE merchant_id = $1 AND account_id = $2 AND expires_at > $3 AND seen_at > $4
		ORDER BY seen_at DESC, handle`, s.Merchant(), s.Actor().Account, wall, wall.Add(-sessionIdle))
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r session, err error) {
		err = row.Scan(&r.Handle, &r.Stage, &r.MadeAt, &r.SeenAt, &r.ExpiresAt, &r.Address, &r.Agent)
		return r, err
	})
}
