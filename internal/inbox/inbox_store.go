package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Page sizes of the list.
const (
	PageSize    = 20
	PageSizeMax = 100
)

// Tell puts the message in front of its readers.
func Tell(ctx context.Context, tx db.Tx, m Message) error {
	readers, err := readers(ctx, tx, m)
	if err != nil {
		return err
	}
	args := m.Args
	if args == nil {
		args = map[string]string{}
	}
	for _, reader := range readers {
		_, err := tx.PG().Exec(ctx, `
			INSERT INTO inbox_messages (merchant_id, account_id, id, category, kind, args, link, sent_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			m.Merchant, reader, db.NewID(), m.Category, m.Kind, args, m.Link, m.At)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.Kind, err)
		}
	}
	return nil
}

func readers(ctx context.Context, tx db.Tx, m Message) ([]uuid.UUID, error) {
	if m.To != uuid.Nil {
		return []uuid.UUID{m.To}, nil
	}
	rows, err := tx.PG().Query(ctx, `
		SELECT account_id FROM account_roles WHERE merchant_id = $1 AND role = $2`, m.Merchant, m.Role)
	if err != nil {
		return nil, fmt.Errorf("readers of %s: %w", m.Kind, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// Filter chooses messages; the zero value is all of them, newest first.
type Filter struct {
	Category Category
	Unread   bool
	Before   uuid.UUID // cursor: ids before this one
	Limit    int
}

// List reads the actor's own messages, newest first, and whether more follow.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter) ([]Row, bool, error) {
	limit := min(max(f.Limit, 1), PageSizeMax)
	rows, err := q.Query(ctx, `
		SELECT id, category, kind, args, link, sent_at, read_at FROM inbox_messages
		WHERE merchant_id = $1 AND account_id = $2
			AND ($3 = '' OR category = $3) AND (NOT $4 OR read_at IS NULL)
			AND ($5 = '00000000-0000-0000-0000-000000000000'::uuid OR id < $5)
		ORDER BY id DESC LIMIT $6`,
		s.Merchant(), s.Actor().Account, f.Category, f.Unread, f.Before, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("inbox: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		err = row.Scan(&r.ID, &r.Category, &r.Kind, &r.Args, &r.Link, &r.SentAt, &r.ReadAt)
		return r, err
	})
	if err != nil || len(list) <= limit {
		return list, false, err
	}
	return list[:limit], true, nil
}

// Read marks one of the actor's messages as read and returns where its action leads.
func Read(ctx context.Context, tx db.Tx, s access.Scope, id uuid.UUID, at time.Time) (link string, err error) {
	err = tx.PG().QueryRow(ctx, `
		UPDATE inbox_messages SET read_at = coalesce(read_at, $4)
		WHERE merchant_id = $1 AND account_id = $2 AND id = $3 RETURNING link`,
		s.Merchant(), s.Actor().Account, id, at).Scan(&link)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.ErrNotFound
	}
	return link, err
}

// ReadAll marks all of the actor's messages as read.
func ReadAll(ctx context.Context, tx db.Tx, s access.Scope, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		UPDATE inbox_messages SET read_at = $3 WHERE merchant_id = $1 AND account_id = $2 AND read_at IS NULL`,
		s.Merchant(), s.Actor().Account, at)
	return err
}
