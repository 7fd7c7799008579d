package topup

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
)

func byOnce(ctx context.Context, tx db.Tx, merchant int64, once uuid.UUID) (TopUp, bool, error) {
	return one(tx.PG().Query(ctx, "SELECT "+columns+" FROM topups WHERE merchant_id = $1 AND once = $2", merchant, once))
}

func insertAnnounced(ctx context.Context, tx db.Tx, t TopUp, once uuid.UUID) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO topups (merchant_id, n, amount, account, state, reference, asked_by, asker_id, created_at, lapses_at, once)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.Merchant, t.N, t.Amount, t.Account, t.State, t.Reference, t.AskedBy, t.AskerID, t.CreatedAt, t.LapsesAt, once)
	if err != nil {
		return fmt.Errorf("announce a top-up of %d: %w", t.Merchant, err)
	}
	return nil
}

// fewWait refuses another announcement where too many wait.
func fewWait(ctx context.Context, tx db.Tx, merchant int64, now time.Time) error {
	var n int
	err := tx.PG().QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM topups WHERE merchant_id = $1 AND state = 'waiting'
		AND lapses_at > $2 LIMIT $3) w`, merchant, now, waitingMax).Scan(&n)
	switch {
	case err != nil:
		return fmt.Errorf("waiting top-ups of %d: %w", merchant, err)
	case n >= waitingMax:
		return ErrTooMany
	}
	return nil
}
