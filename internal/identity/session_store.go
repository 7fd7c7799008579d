package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"zhanggui/internal/db"
)

// TableName names the table.
func (session) TableName() string { return "sessions" }

// sitting is what one query knows of a session: the session, its seat, and what its pages show.
type sitting struct {
	session
	seat
	kind   string
	system string
	others []MerchantRef
	unread int
	data   Data
}

// sit reads a live session with everything a page needs, and marks it as seen at most once a minute.
const sit = `
	WITH seen AS (
		UPDATE sessions SET seen_at = $2
		WHERE id_hash = $1 AND expires_at > $2 AND seen_at > $3 AND seen_at <= $4)
	SELECT s.handle, s.stage, s.made_at, s.seen_at, s.expires_at, s.data, ` + seatColumns + `, m.kind, m.account_system,
		(SELECT count(*) FROM (SELECT FROM inbox_messages i WHERE i.merchant_id = s.merchant_id
			AND i.account_id = s.account_id AND i.read_at IS NULL LIMIT $5) unread),
		(SELECT coalesce(json_agg(json_build_object('mchid', om.merchant_id, 'short_name', om.short_name,
				'legal_name', om.legal_name, 'kind', om.kind, 'system', om.account_system) ORDER BY om.short_name, om.merchant_id), '[]')
			FROM wechat_bindings ob
			JOIN merchants om ON om.merchant_id = ob.merchant_id AND om.state = 'active' AND om.merchant_id <> 0
			JOIN login_accounts oa ON oa.merchant_id = ob.merchant_id AND oa.id = ob.account_id AND oa.state = 'active'
			WHERE ob.openid = b.openid AND ob.merchant_id <> s.merchant_id)` + seatTables + `
	JOIN sessions s ON s.merchant_id = a.merchant_id AND s.account_id = a.id
	WHERE s.id_hash = $1 AND s.expires_at > $2 AND s.seen_at > $3`

// readSitting is the one query of a request.
func readSitting(ctx context.Context, q db.Querier, idHash []byte, wall time.Time) (sitting, error) {
	var s sitting
	fields := []any{&s.Handle, &s.Stage, &s.MadeAt, &s.SeenAt, &s.ExpiresAt, &s.data}
	fields = append(append(fields, s.fields()...), &s.kind, &s.system, &s.unread, &s.others)
	err := q.QueryRow(ctx, sit, idHash, wall, wall.Add(-sessionIdle), wall.Add(-seenEvery), UnreadMax).Scan(fields...)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, ErrNoSession
	}
	if err != nil {
		return s, fmt.Errorf("session: %w", err)
	}
	return s, nil
}

func insertSession(ctx context.Context, tx db.Tx, s session) error {
	if err := gorm.G[session](tx.Gorm(ctx)).Create(ctx, &s); err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	return nil
}

// lockSession reads a live session and holds it.
func lockSession(ctx context.Context, tx db.Tx, idHash []byte, wall time.Time) (session, error) {
	s, err := gorm.G[session](tx.Gorm(ctx), forUpdate).
		Where("id_hash = ? AND expires_at > ? AND seen_at > ?", idHash, wall, wall.Add(-sessionIdle)).Take(ctx)
	return s, missing(err, ErrNoSession, "session")
}

// toBinding takes everything but the way to the binding from a session; false when it has no more.
func toBinding(ctx context.Context, tx db.Tx, handle uuid.UUID) (bool, error) {
	n, err := gorm.G[session](tx.Gorm(ctx)).Where("handle = ? AND stage = ?", handle, Full).
		Update(ctx, "stage", ToBinding)
	if err != nil {
		return false, fmt.Errorf("narrow session: %w", err)
	}
	return n == 1, nil
}

// keepData changes what pages keep; a session that ended stays ended.
func keepData(ctx context.Context, d *db.DB, idHash []byte, set func(Data) Data) error {
	return d.InTx(ctx, func(tx db.Tx) error {
		var old Data
		err := tx.PG().QueryRow(ctx, "SELECT data FROM sessions WHERE id_hash = $1 FOR UPDATE", idHash).Scan(&old)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return fmt.Errorf("session data: %w", err)
		}
		if _, err = tx.PG().Exec(ctx, "UPDATE sessions SET data = $2 WHERE id_hash = $1", idHash, set(old)); err != nil {
			return fmt.Errorf("keep session data: %w", err)
		}
		return nil
	})
}
