package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// numbers draws numbers that nobody else has.
func (s store) numbers(ctx context.Context, tx db.Tx, n int) ([]int64, error) {
	rows, err := tx.PG().Query(ctx, `SELECT nextval('sandbox.numbers') FROM generate_series(1, $1)`, n)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func (s store) addEvents(ctx context.Context, tx db.Tx, all []event) error {
	_, err := tx.PG().CopyFrom(ctx, pgx.Identifier{"sandbox", "events"},
		[]string{"id", "batch", "kind", "event_type", "resource", "probe", "again", "created_at"},
		pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
			e := all[i]
			return []any{e.ID, e.Batch, e.Kind, e.EventType, e.Resource, e.Probe, e.Again, e.CreatedAt}, nil
		}))
	if err != nil {
		return fmt.Errorf("notifications: %w", err)
	}
	return nil
}

// waiting are the notifications of a batch that were not accepted yet, oldest first.
func (s store) waiting(ctx context.Context, batch string) ([]event, error) {
	rows, err := s.db.PG().Query(ctx, `
		SELECT id, batch, kind, event_type, resource, probe, again, created_at FROM sandbox.events
		WHERE batch = $1 AND accepted_at IS NULL ORDER BY events.id`, batch)
	if err != nil {
		return nil, fmt.Errorf("notifications: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[event])
}

// tried writes down how each notification's try ended.
func (s store) tried(ctx context.Context, tx db.Tx, tries map[string]error, at time.Time) error {
	var ids, why []string
	for id, err := range tries {
		text := ""
		if err != nil {
			text = err.Error()
		}
		ids, why = append(ids, id), append(why, text)
	}
	_, err := tx.PG().Exec(ctx, `
		UPDATE sandbox.events e SET attempts = e.attempts + 1, last_error = t.why,
			accepted_at = CASE WHEN t.why = '' THEN $3::timestamptz ELSE e.accepted_at END
		FROM unnest($1::text[], $2::text[]) AS t (id, why) WHERE e.id = t.id`, ids, why, at)
	if err != nil {
		return fmt.Errorf("tries: %w", err)
	}
	return nil
}
