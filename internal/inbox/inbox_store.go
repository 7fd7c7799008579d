package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// PageSize is of the list of messages.
const PageSize = 20

// Tell puts the message in front of its readers. Events says which category its kind belongs to.
func Tell(ctx context.Context, tx db.Tx, m Message) error {
	if e, ok := EventOf(m.Kind); ok {
		m.Category = e.Category
	}
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
	Before   uuid.UUID // cursor: messages older than this one
	After    uuid.UUID // or: those newer than this one, nearest to it
	Limit    int
}

// List reads the actor's own messages, newest first, and whether more follow: older ones, or newer ones
// when it was asked for what comes after a message.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter) ([]Row, bool, error) {
	limit := max(f.Limit, 1)
	order := "DESC"
	if f.After != uuid.Nil {
		order = "ASC"
	}
	rows, err := q.Query(ctx, `
		SELECT id, category, kind, args, link, sent_at, read_at FROM inbox_messages
		WHERE merchant_id = $1 AND account_id = $2
			AND ($3 = '' OR category = $3) AND (NOT $4 OR read_at IS NULL)
			AND ($5 = '00000000-0000-0000-0000-000000000000'::uuid OR id < $5)
			AND ($6 = '00000000-0000-0000-0000-000000000000'::uuid OR id > $6)
		ORDER BY id `+order+` LIMIT $7`,
		s.Merchant(), s.Actor().Account, f.Category, f.Unread, f.Before, f.After, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("inbox: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		err = row.Scan(&r.ID, &r.Category, &r.Kind, &r.Args, &r.Link, &r.SentAt, &r.ReadAt)
		return r, err
	})
	more := len(list) > limit
	list = list[:min(limit, len(list))]
	if f.After != uuid.Nil {
		slices.Reverse(list)
	}
	return list, more, err
}

// Unread counts the actor's unread messages by category.
func Unread(ctx context.Context, q db.Querier, s access.Scope) (map[Category]int, error) {
	rows, err := q.Query(ctx, `
		SELECT category, count(*) FROM inbox_messages
		WHERE merchant_id = $1 AND account_id = $2 AND read_at IS NULL GROUP BY category`, s.Merchant(), s.Actor().Account)
	if err != nil {
		return nil, fmt.Errorf("unread: %w", err)
	}
	counts := map[Category]int{}
	var c Category
	var n int
	_, err = pgx.ForEachRow(rows, []any{&c, &n}, func() error {
		counts[c] = n
		return nil
	})
	return counts, err
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
