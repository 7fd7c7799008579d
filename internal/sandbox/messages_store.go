package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

// addMessage puts a message in the chat and wakes the phone; a key that was there before changes nothing.
func (s store) addMessage(ctx context.Context, m Message, key string) (id int64, err error) {
	err = s.db.InTx(ctx, func(tx db.Tx) (err error) {
		id, err = addMessage(ctx, tx, m, key)
		return err
	})
	return id, err
}

// addMessage is that within what makes the message necessary.
func addMessage(ctx context.Context, tx db.Tx, m Message, key string) (id int64, err error) {
	err = tx.PG().QueryRow(ctx, `
		INSERT INTO sandbox.messages (openid, template, title, fields, url, key, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (openid, key) WHERE key <> '' DO NOTHING RETURNING id`,
		m.OpenID, m.Template, m.Title, m.Fields, m.URL, key, m.SentAt).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return id, tx.PG().QueryRow(ctx, `SELECT id FROM sandbox.messages WHERE openid = $1 AND key = $2`, m.OpenID, key).Scan(&id)
	}
	if err != nil {
		return 0, fmt.Errorf("message: %w", err)
	}
	return id, signal.Notify(ctx, tx, Topic(m.OpenID))
}

func (s store) messages(ctx context.Context, openid string, limit int) ([]Message, error) {
	rows, err := s.db.PG().Query(ctx, `
		SELECT id::text, openid, template, sent_at, title, fields, url FROM sandbox.messages
		WHERE openid = $1 ORDER BY messages.id DESC LIMIT $2`, openid, limit)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Message, err error) {
		err = row.Scan(&m.ID, &m.OpenID, &m.Template, &m.SentAt, &m.Title, &m.Fields, &m.URL)
		return m, err
	})
}
