package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

// KindCount is how the jobs of one kind stand.
type KindCount struct {
	Kind    string
	Open    int64 // waiting, due or running
	Due     int64 // of those: due and in nobody's hands
	Running int64 // of those: in a worker's hands
	Failing int64 // open ones whose last try broke off
	Dead    int64
	Next    *time.Time // when the next one becomes due, business clock
	Oldest  *time.Time // since when the longest waiting one is due
}

// Kinds counts the jobs that are not done, by kind; now is business time.
func Kinds(ctx context.Context, q db.Querier, now time.Time) ([]KindCount, error) {
	rows, err := q.Query(ctx, `
		SELECT kind, count(*) FILTER (WHERE state = 'open'),
			count(*) FILTER (WHERE state = 'open' AND due_at <= $1 AND (lease_until IS NULL OR lease_until < $2)),
			count(*) FILTER (WHERE state = 'open' AND lease_until >= $2),
			count(*) FILTER (WHERE state = 'open' AND `+failing+`), count(*) FILTER (WHERE state = 'dead'),
			min(due_at) FILTER (WHERE state = 'open' AND due_at > $1),
			min(due_at) FILTER (WHERE state = 'open' AND due_at <= $1)
		FROM jobs WHERE state IN ('open', 'dead') GROUP BY kind ORDER BY kind`, now, clock.Wall())
	if err != nil {
		return nil, fmt.Errorf("jobs by kind: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[KindCount])
}

// failing tells of an open job that its last try broke off.
const failing = "attempts > 0 AND last_error <> ''"

// State is how a job stands to whoever looks at it.
type State string

// The states of a listed job. Words: catalogue id "ops.jobs.state." + code.
const (
	Waiting State = "waiting" // not due yet
	Failing State = "failing" // its last try broke off, and it will be tried again
	Due     State = "due"     // due, and in nobody's hands
	Running State = "running"
	Dead    State = "dead"
	Ended   State = "done"
)

// Listed is a job in a list.
type Listed struct {
	ID        uuid.UUID
	Merchant  int64
	Kind      string
	Key       string
	State     State
	Due       time.Time // business clock
	Attempts  int
	Done      int64 // units of progress
	Total     int64 // 0: nobody knows
	LastError string
	EndedAt   *time.Time // wall clock
}

// Filter chooses jobs; the zero value is all that are not done, the longest due first.
type Filter struct {
	Kind  string
	State State // empty: all but ended
	After uuid.UUID
	Limit int
}

// List reads jobs in the order of their ids, which is the order in which they were put down, the
// newest first, and whether more follow.
func List(ctx context.Context, q db.Querier, f Filter, now time.Time) ([]Listed, bool, error) {
	ended := "state <> 'done'"
	if f.State == Ended {
		ended = "state = 'done'"
	}
	rows, err := q.Query(ctx, `
		SELECT id, merchant_id, kind, key, standing, due_at, attempts, done_units, total_units, last_error, ended_at
		FROM (SELECT *, CASE WHEN state <> 'open' THEN state WHEN lease_until >= $2 THEN 'running'
				WHEN `+failing+` THEN 'failing'
				WHEN due_at <= $1 THEN 'due' ELSE 'waiting' END AS standing FROM jobs
			WHERE `+ended+` AND ($3 = '' OR kind = $3)
				AND ($5 = '00000000-0000-0000-0000-000000000000'::uuid OR id < $5)) j
		WHERE $4 = '' OR standing = $4
		ORDER BY id DESC LIMIT $6`, now, clock.Wall(), f.Kind, f.State, f.After, f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("jobs: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Listed])
	return all[:min(f.Limit, len(all))], len(all) > f.Limit, err
}

// ErrNotDead says that a job is not at its end, or not any more.
var ErrNotDead = errors.New("job: not dead")

// Retry opens a dead job again: due at once, with all its attempts.
func Retry(ctx context.Context, tx db.Tx, id uuid.UUID, now time.Time) (Listed, error) {
	l := Listed{ID: id, State: Due, Due: now}
	err := tx.PG().QueryRow(ctx, `
		UPDATE jobs SET state = 'open', due_at = $2, attempts = 0, ended_at = NULL, lease_until = NULL, fence = fence + 1
		WHERE id = $1 AND state = 'dead' RETURNING merchant_id, kind, key, last_error`, id, now).
		Scan(&l.Merchant, &l.Kind, &l.Key, &l.LastError)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, ErrNotDead
	}
	if err != nil {
		return l, fmt.Errorf("retry job: %w", err)
	}
	return l, signal.Notify(ctx, tx, TopicDue)
}
