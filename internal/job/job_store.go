package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

// ErrLost says that the lease ran out and another worker has the job now.
var ErrLost = errors.New("job: lease lost")

// Enqueue puts jobs down; workers see them when the transaction commits. The same
// (merchant, kind, key) again changes nothing.
func Enqueue(ctx context.Context, tx db.Tx, jobs ...Job) error {
	var b pgx.Batch
	for _, j := range jobs {
		payload, err := json.Marshal(j.Payload)
		if err != nil {
			return fmt.Errorf("payload of %s: %w", j.Kind, err)
		}
		b.Queue(`
			INSERT INTO jobs (id, merchant_id, kind, key, lane, payload, due_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (merchant_id, kind, key) DO NOTHING`,
			db.NewID(), j.Merchant, j.Kind, j.Key, j.Lane, payload, j.Due, clock.Wall())
	}
	fresh, err := affected(tx.PG().SendBatch(ctx, &b), len(jobs))
	if err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	if fresh == 0 {
		return nil
	}
	return signal.Notify(ctx, tx, TopicDue)
}

// affected counts the rows that so many statements of a batch changed.
func affected(answers pgx.BatchResults, statements int) (rows int64, err error) {
	for range statements {
		tag, err := answers.Exec()
		if err != nil {
			return 0, errors.Join(err, answers.Close())
		}
		rows += tag.RowsAffected()
	}
	return rows, answers.Close()
}

// Wake puts a job down whose work may have grown. One of its key that nobody has begun keeps its moment, and
// begins only when the transaction has ended; one that has begun, or ended, is done once more, and a run of it
// under way learns that it lost the job. The handler must bear to be run twice at once.
func Wake(ctx context.Context, tx db.Tx, j Job) error {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return fmt.Errorf("payload of %s: %w", j.Kind, err)
	}
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO jobs AS j (id, merchant_id, kind, key, lane, payload, due_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (merchant_id, kind, key) DO UPDATE SET state = 'open', due_at = excluded.due_at, payload = excluded.payload,
			ended_at = NULL, lease_until = NULL, attempts = 0, fence = j.fence + 1
		WHERE j.state <> 'open' OR j.lease_until IS NOT NULL`,
		db.NewID(), j.Merchant, j.Kind, j.Key, j.Lane, payload, j.Due, clock.Wall())
	if err != nil {
		return fmt.Errorf("wake %s: %w", j.Kind, err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return signal.Notify(ctx, tx, TopicDue)
}

// claimLock lets one worker of all processes choose at a time, so that no two choose jobs of one lane.
const claimLock = 7_461_001

const claimSQL = `
	WITH ranked AS (
		SELECT id, due_at, row_number() OVER (PARTITION BY merchant_id, CASE WHEN lane = '' THEN id::text ELSE lane END
			ORDER BY due_at, id) AS place
		FROM jobs j
		WHERE state = 'open' AND due_at <= $1 AND kind = ANY($3) AND (lease_until IS NULL OR lease_until < $2)
			AND NOT EXISTS (SELECT 1 FROM jobs o WHERE j.lane <> '' AND o.merchant_id = j.merchant_id
				AND o.lane = j.lane AND o.state = 'open' AND o.id <> j.id AND o.lease_until >= $2)
	), chosen AS (
		SELECT id FROM jobs WHERE id IN (SELECT id FROM ranked WHERE place = 1 ORDER BY due_at, id LIMIT $4)
		FOR UPDATE SKIP LOCKED
	)
	UPDATE jobs SET lease_until = $5, fence = fence + 1, attempts = attempts + 1
	FROM chosen WHERE jobs.id = chosen.id
	RETURNING jobs.id, merchant_id, kind, key, payload, attempts, due_at, fence`

// claim takes up to n due jobs under a lease.
func (w *Worker) claim(ctx context.Context, n int) (runs []Run, err error) {
	wall := clock.Wall()
	err = w.db.InTx(ctx, func(tx db.Tx) error {
		runs = runs[:0]
		if _, err := tx.PG().Exec(ctx, "SELECT pg_advisory_xact_lock($1)", claimLock); err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		rows, err := tx.PG().Query(ctx, claimSQL, w.clock.Now(), wall, w.registry.kinds(), n, wall.Add(lease))
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		runs, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Run, error) {
			r := Run{store: w}
			err := row.Scan(&r.ID, &r.Merchant, &r.Kind, &r.Key, &r.Payload, &r.Attempt, &r.Due, &r.fence)
			return r, err
		})
		return err
	})
	return runs, err
}

// Finish ends the job inside the handler's own transaction: its effects and its end are one.
// The worker sees a finished job and leaves it alone.
func (r Run) Finish(ctx context.Context, tx db.Tx) error {
	tag, err := tx.PG().Exec(ctx, `
		UPDATE jobs SET state = 'done', ended_at = $3, lease_until = NULL, last_error = ''
		WHERE id = $1 AND fence = $2 AND state = 'open'`, r.ID, r.fence, clock.Wall())
	if err != nil {
		return fmt.Errorf("finish %s: %w", r.Kind, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrLost
	}
	return signal.Notify(ctx, tx, TopicEnded)
}

// Progress tells how far the work is, outside of its transaction, and keeps the lease.
func (r Run) Progress(ctx context.Context, done, total int64) error {
	tag, err := r.store.db.PG().Exec(ctx, `
		UPDATE jobs SET done_units = $3, total_units = $4, lease_until = $5
		WHERE id = $1 AND fence = $2 AND state = 'open'`, r.ID, r.fence, done, total, clock.Wall().Add(lease))
	if err != nil {
		return fmt.Errorf("progress of %s: %w", r.Kind, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrLost
	}
	return nil
}

func (w *Worker) keepLease(ctx context.Context, r Run) {
	_, _ = w.db.PG().Exec(ctx, `UPDATE jobs SET lease_until = $3 WHERE id = $1 AND fence = $2 AND state = 'open'`,
		r.ID, r.fence, clock.Wall().Add(lease))
}

// fail puts a job back for later, or ends it as dead; a daily one comes back the next day all the same.
func (w *Worker) fail(ctx context.Context, r Run, cause error) error {
	dead, due := after(cause, r.Attempt, w.clock.Now())
	state, ended := "open", (*time.Time)(nil)
	if dead {
		at := clock.Wall()
		state, ended = "dead", &at
	}
	text := cause.Error()
	return w.db.InTx(ctx, func(tx db.Tx) error {
		if _, err := tx.PG().Exec(ctx, `
			UPDATE jobs SET state = $3, due_at = $4, ended_at = $5, last_error = $6, lease_until = NULL
			WHERE id = $1 AND fence = $2 AND state = 'open'`,
			r.ID, r.fence, state, due, ended, text[:min(len(text), errorMax)]); err != nil {
			return fmt.Errorf("put back %s: %w", r.Kind, err)
		}
		if at, daily := w.registry.daily[r.Kind]; dead && daily {
			if err := plan(ctx, tx, r.Kind, clock.Day(r.Key).Next(), at); err != nil {
				return err
			}
		}
		return signal.Notify(ctx, tx, TopicEnded)
	})
}

// Due tells how many jobs of this worker's kinds are due at t, in whoever's hands, and when the
// next one becomes due after it.
func (w *Worker) Due(ctx context.Context, t time.Time) (open int, next *time.Time, err error) {
	err = w.db.PG().QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE due_at <= $1), min(due_at) FILTER (WHERE due_at > $1)
		FROM jobs WHERE state = 'open' AND kind = ANY($2)`, t, w.registry.kinds()).Scan(&open, &next)
	if err != nil {
		return 0, nil, fmt.Errorf("due jobs: %w", err)
	}
	return open, next, nil
}
