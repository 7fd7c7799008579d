package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Reads are questions that go to the database together, in one round trip.
type Reads struct{ batch pgx.Batch }

// Ask adds a question; take takes the rows of its answer.
func (r *Reads) Ask(sql string, args []any, take func(pgx.Rows) error) {
	r.batch.Queue(sql, args...).Query(take)
}

// From asks all of them.
func (r *Reads) From(ctx context.Context, q Querier) error {
	if r.batch.Len() == 0 {
		return nil
	}
	if err := q.SendBatch(ctx, &r.batch).Close(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
