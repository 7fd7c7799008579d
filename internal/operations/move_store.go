package operations

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// moves are the rows with their lines' places: a move's transfer has two legs, the giving account's first.
const moves = `SELECT m.merchant_id, m.n, m.direction, m.amount, m.note, m.moved_by, m.moved_at, t.booked_at, m.once, m.transfer_id, t.seqs[1], t.seqs[2]
	FROM account_moves m JOIN transfers t ON t.merchant_id = m.merchant_id AND t.id = m.transfer_id `

func scan(row pgx.CollectableRow) (m Move, err error) {
	err = row.Scan(&m.Merchant, &m.N, &m.Direction, &m.Amount, &m.Note, &m.MovedBy, &m.MovedAt, &m.BookedAt, &m.Once, &m.TransferID, &m.FromSeq, &m.ToSeq)
	return m, err
}

func one(rows pgx.Rows, err error) (m Move, found bool, _ error) {
	if err != nil {
		return m, false, fmt.Errorf("move: %w", err)
	}
	m, err = pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return Move{}, false, nil
	}
	return m, err == nil, err
}

func byOnce(ctx context.Context, tx db.Tx, merchant int64, once uuid.UUID) (Move, bool, error) {
	return one(tx.PG().Query(ctx, moves+"WHERE m.merchant_id = $1 AND m.once = $2", merchant, once))
}

// nextCount is the merchant's next own number. Whoever asks holds the merchant.
func nextCount(ctx context.Context, tx db.Tx, merchant int64) (n int64, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT coalesce(max(n), 0) + 1 FROM account_moves WHERE merchant_id = $1", merchant).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("number a move of %d: %w", merchant, err)
	}
	return n, nil
}

// insert writes the move, and reads its lines' places.
func insert(ctx context.Context, tx db.Tx, m *Move) error {
	err := tx.PG().QueryRow(ctx, `
		WITH kept AS (INSERT INTO account_moves (merchant_id, n, direction, amount, note, moved_by, moved_at, once, transfer_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))
		SELECT seqs[1], seqs[2] FROM transfers WHERE merchant_id = $1 AND id = $9`,
		m.Merchant, m.N, m.Direction, m.Amount, m.Note, m.MovedBy, m.MovedAt, m.Once, m.TransferID).Scan(&m.FromSeq, &m.ToSeq)
	if err != nil {
		return fmt.Errorf("keep move %s: %w", m.No(), err)
	}
	return nil
}

// List reads moves of the merchant, newest first; more tells whether others follow, the cursor is the last one's N.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, size int) (list []Move, more bool, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := q.Query(ctx, moves+`WHERE m.merchant_id = $1 AND m.n < $2 AND ($3 = '' OR m.direction = $3)
			AND ($4::timestamptz IS NULL OR t.booked_at >= $4) AND ($5::timestamptz IS NULL OR t.booked_at < $5) AND ($6 = '' OR m.n = $7)
		ORDER BY m.n DESC LIMIT $8`, s.Merchant(), before, f.Direction, f.from(), f.until(), f.Number, count(f.Number), size+1)
	if err != nil {
		return nil, false, fmt.Errorf("moves: %w", err)
	}
	if list, err = pgx.CollectRows(rows, scan); err != nil {
		return nil, false, fmt.Errorf("moves: %w", err)
	}
	if f.Number != "" && len(list) > 0 && list[0].No() != f.Number {
		return nil, false, nil
	}
	if len(list) <= size {
		return list, false, nil
	}
	return list[:size], true, nil
}

// Get reads one move of the merchant by its number; fault.ErrNotFound where there is none.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string) (Move, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Move{}, err
	}
	m, found, err := one(q.Query(ctx, moves+"WHERE m.merchant_id = $1 AND m.n = $2", s.Merchant(), count(no)))
	if err == nil && (!found || m.No() != no) {
		err = fault.ErrNotFound
	}
	return m, err
}
