package platform

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// openVerification puts one down, unless one is under way: then that is the one.
func openVerification(ctx context.Context, tx db.Tx, by string, now time.Time) (id uuid.UUID, fresh bool, err error) {
	id = db.NewID()
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO verifications (id, asked_by, asked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, by, now)
	if err != nil {
		return id, false, fmt.Errorf("ask for verification: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return id, true, nil
	}
	err = tx.PG().QueryRow(ctx, "SELECT id FROM verifications WHERE finished_at IS NULL").Scan(&id)
	if err != nil {
		return id, false, fmt.Errorf("verification under way: %w", err)
	}
	return id, false, nil
}

func startVerification(ctx context.Context, tx db.Tx, id uuid.UUID, now time.Time) error {
	_, err := tx.PG().Exec(ctx, "UPDATE verifications SET started_at = $2 WHERE id = $1 AND finished_at IS NULL", id, now)
	if err != nil {
		return fmt.Errorf("start verification: %w", err)
	}
	return nil
}

// saveVerification ends one, and lets go of the oldest.
func saveVerification(ctx context.Context, tx db.Tx, id uuid.UUID, ok bool, found []Found, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue("UPDATE verifications SET finished_at = $2, ok = $3, checks = $4 WHERE id = $1 AND finished_at IS NULL", id, now, ok, found)
	b.Queue(`DELETE FROM verifications WHERE id IN (SELECT id FROM verifications WHERE finished_at IS NOT NULL
		ORDER BY asked_at DESC, id DESC OFFSET $1)`, verificationsKept)
	if err := tx.PG().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("keep verification: %w", err)
	}
	return nil
}

func listVerifications(ctx context.Context, q db.Querier, before uuid.UUID, size int) ([]Verification, bool, error) {
	rows, err := q.Query(ctx, `
		SELECT v.id, v.asked_by, v.asked_at, v.started_at, v.finished_at, v.ok, v.checks,
			coalesce(j.done_units, 0), coalesce(j.total_units, 0)
		FROM verifications v
		LEFT JOIN jobs j ON j.merchant_id = $3 AND j.kind = $4 AND j.key = v.id::text AND v.finished_at IS NULL
		WHERE ($1 = '00000000-0000-0000-0000-000000000000'::uuid OR v.id < $1)
		ORDER BY v.id DESC LIMIT $2`, before, size+1, access.PlatformID, VerifyKind)
	if err != nil {
		return nil, false, fmt.Errorf("verifications: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Verification])
	return all[:min(size, len(all))], len(all) > size, err
}
