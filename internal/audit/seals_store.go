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

func saveSeals(ctx context.Context, q db.Querier, seals []seal) error {
	var merchants, seqs []int64
	var ids []uuid.UUID
	var ats []time.Time
	var hashes, macs [][]byte
	for _, s := range seals {
		merchants, seqs = append(merchants, s.Merchant), append(seqs, s.Seq)
		ids, ats = append(ids, s.RowID), append(ats, s.RowAt)
		hashes, macs = append(hashes, s.Hash), append(macs, s.MAC)
	}
	if _, err := q.Exec(ctx, `
		INSERT INTO audit_seals (merchant_id, seq, row_id, row_at, hash, mac)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::bytea[])`,
		merchants, seqs, ids, ats, hashes, macs); err != nil {
		return fmt.Errorf("save seals: %w", err)
	}
	return nil
}

func saveHead(ctx context.Context, q db.Querier, h head) error {
	if _, err := q.Exec(ctx, `
		INSERT INTO audit_heads (number, sealed_at, merchants, seqs, hashes, hash, mac) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		h.Number, h.SealedAt, h.Merchants, h.Seqs, h.Hashes, h.Hash, h.MAC); err != nil {
		return fmt.Errorf("save audit head: %w", err)
	}
	return nil
}

// lastHead is where the next sealing goes on; the zero head before the first.
func lastHead(ctx context.Context, q db.Querier) (h head, err error) {
	err = q.QueryRow(ctx, "SELECT number, hash FROM audit_heads ORDER BY number DESC LIMIT 1").Scan(&h.Number, &h.Hash)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return h, fmt.Errorf("last audit head: %w", err)
	}
	return h, nil
}

// hasHead tells whether the head is there as it was; there always is the zero head.
func hasHead(ctx context.Context, q db.Querier, h head) (there bool, err error) {
	err = q.QueryRow(ctx, "SELECT $1 = 0 OR EXISTS (SELECT FROM audit_heads WHERE number = $1 AND hash = $2)",
		h.Number, h.Hash).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("audit head %d: %w", h.Number, err)
	}
	return there, nil
}

// headsAfter reads the next heads in order.
func headsAfter(ctx context.Context, q db.Querier, number int64, most int) ([]head, error) {
	rows, err := q.Query(ctx, `
		SELECT number, sealed_at, merchants, seqs, hashes, hash, mac FROM audit_heads
		WHERE number > $1 ORDER BY number LIMIT $2`, number, most)
	if err != nil {
		return nil, fmt.Errorf("audit heads: %w", err)
	}
	heads, err := pgx.CollectRows(rows, pgx.RowToStructByPos[head])
	if err != nil {
		return nil, fmt.Errorf("audit heads: %w", err)
	}
	return heads, nil
}

// sealsAfter reads a merchant's next seals in order.
func sealsAfter(ctx context.Context, q db.Querier, merchant, seq int64, most int) ([]seal, error) {
	rows, err := q.Query(ctx, `
		SELECT seq, hash, row_id, row_at, mac FROM audit_seals
		WHERE merchant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, merchant, seq, most)
	if err != nil {
		return nil, fmt.Errorf("seals: %w", err)
	}
	seals, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (seal, error) {
		s := seal{Merchant: merchant}
		err := r.Scan(&s.Seq, &s.Hash, &s.RowID, &s.RowAt, &s.MAC)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("seals: %w", err)
	}
	return seals, nil
}

// merchantAfter is the next merchant that has seals.
func merchantAfter(ctx context.Context, q db.Querier, merchant int64) (next *int64, err error) {
	err = q.QueryRow(ctx, "SELECT min(merchant_id) FROM audit_seals WHERE merchant_id > $1", merchant).Scan(&next)
	if err != nil {
		return nil, fmt.Errorf("merchants with seals: %w", err)
	}
	return next, nil
}
