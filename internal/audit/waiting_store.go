package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// marker says that a row waits for its seal.
type marker struct {
	N        int64
	Merchant int64
	ID       uuid.UUID
	At       time.Time
}

func anyWaiting(ctx context.Context, q db.Querier) (waits bool, err error) {
	if err := q.QueryRow(ctx, "SELECT EXISTS (SELECT FROM audit_queue)").Scan(&waits); err != nil {
		return false, fmt.Errorf("audit queue: %w", err)
	}
	return waits, nil
}

func readMarkers(ctx context.Context, q db.Querier, gone []int64) ([]marker, error) {
	rows, err := q.Query(ctx, `
		SELECT n, merchant_id, id, at FROM audit_queue WHERE n <> ALL ($1) ORDER BY n LIMIT $2`, gone, batchMax)
	if err != nil {
		return nil, fmt.Errorf("audit queue: %w", err)
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByPos[marker])
	if err != nil {
		return nil, fmt.Errorf("audit queue: %w", err)
	}
	return waiting, nil
}

// readWaiting reads the rows of the markers, and where the chains of their merchants stand. It asks
// merchant by merchant, in one round trip: each question is small, whatever the log has grown to.
func readWaiting(ctx context.Context, q db.Querier, waiting []marker) (map[uuid.UUID]row, map[int64]link, error) {
	rows, tails := map[uuid.UUID]row{}, map[int64]link{}
	b := &pgx.Batch{}
	for merchant, k := range keysOf(waiting) {
		b.Queue(rowsSQL, merchant, k.ids, k.from, k.until).Query(func(found pgx.Rows) error {
			return collectRows(found, rows)
		})
		b.Queue("SELECT seq, hash FROM audit_seals WHERE merchant_id = $1 ORDER BY seq DESC LIMIT 1", merchant).
			QueryRow(func(r pgx.Row) error {
				var l link
				err := r.Scan(&l.Seq, &l.Hash)
				tails[merchant] = l
				if errors.Is(err, pgx.ErrNoRows) {
					return nil
				}
				return err
			})
	}
	if err := q.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("waiting audit rows: %w", err)
	}
	return rows, tails, nil
}

// keysOf groups the keys of the rows that wait by merchant.
func keysOf(waiting []marker) map[int64]keys {
	all := map[int64]keys{}
	for _, m := range waiting {
		all[m.Merchant] = all[m.Merchant].with(m.ID, m.At)
	}
	return all
}
