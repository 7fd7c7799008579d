package trade

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// importState is the state as it is told. An import without a kept file has only its process to end it:
// one that still runs although nobody holds its lock (breath) was interrupted.
const importState = `CASE WHEN state = 'running'
	AND NOT EXISTS (SELECT FROM trade_import_chunks c WHERE c.merchant_id = trade_imports.merchant_id AND c.import_id = trade_imports.id)
	AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND (l.classid::bigint << 32 | l.objid::bigint) = ('x' || right(replace(id::text, '-', ''), 16))::bit(64)::bigint)
	THEN 'interrupted' ELSE state END`

const importColumns = `merchant_id, id, file_name, size, ` + importState + `, layout, actor, account_id, queued_at, started_at,
	finished_at, done_bytes, row_count, new_trades, new_refunds, fault_lines, report`

func scanImport(row pgx.CollectableRow) (i Import, err error) {
	err = row.Scan(&i.MerchantID, &i.ID, &i.FileName, &i.Size, &i.State, &i.Layout, &i.Actor, &i.AccountID, &i.QueuedAt,
		&i.StartedAt, &i.FinishedAt, &i.DoneBytes, &i.RowCount, &i.NewTrades, &i.NewRefunds, &i.FaultLines, &i.Report)
	return i, err
}

// insertImport opens an import; false when it stands already.
func insertImport(ctx context.Context, tx db.Tx, i Import) (bool, error) {
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO trade_imports (merchant_id, id, file_name, size, state, actor, account_id, queued_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (merchant_id, id) DO NOTHING`,
		i.MerchantID, i.ID, i.FileName, i.Size, i.State, i.Actor, i.AccountID, i.QueuedAt)
	if err != nil {
		return false, fmt.Errorf("open import: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func lockImport(ctx context.Context, tx db.Tx, merchant int64, id uuid.UUID) (Import, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+importColumns+` FROM trade_imports
		WHERE merchant_id = $1 AND id = $2 FOR UPDATE`, merchant, id)
	return oneImport(rows, err)
}

func oneImport(rows pgx.Rows, err error) (Import, error) {
	if err != nil {
		return Import{}, fmt.Errorf("import: %w", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, scanImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, fault.ErrNotFound
	}
	return i, err
}

// saveImport keeps how far an import has come. One that has ended stays as it ended: a worker that lost
// its lease meanwhile takes its rows back.
func saveImport(ctx context.Context, tx db.Tx, i Import) error {
	tag, err := tx.PG().Exec(ctx, `
		UPDATE trade_imports SET state = $3, layout = $4, started_at = $5, finished_at = $6, done_bytes = $7,
			row_count = $8, new_trades = $9, new_refunds = $10, fault_lines = $11, report = $12
		WHERE merchant_id = $1 AND id = $2 AND state IN ('queued', 'running')`,
		i.MerchantID, i.ID, i.State, i.Layout, i.StartedAt, i.FinishedAt, i.DoneBytes,
		i.RowCount, i.NewTrades, i.NewRefunds, i.FaultLines, i.Report)
	if err != nil {
		return fmt.Errorf("keep import: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New("trade.import_ended")
	}
	return nil
}

// saveProgress tells how far an import is, outside of its transaction.
func saveProgress(ctx context.Context, d *db.DB, merchant int64, id uuid.UUID, done int64) error {
	_, err := d.PG().Exec(ctx, `
		UPDATE trade_imports SET done_bytes = $3 WHERE merchant_id = $1 AND id = $2 AND state = 'running'`, merchant, id, done)
	if err != nil {
		return fmt.Errorf("import progress: %w", err)
	}
	return nil
}

// GetImport reads one import of the merchant.
func GetImport(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID) (Import, error) {
	if err := s.Require(access.TradeRead); err != nil {
		return Import{}, err
	}
	rows, err := q.Query(ctx, "SELECT "+importColumns+" FROM trade_imports WHERE merchant_id = $1 AND id = $2", s.Merchant(), id)
	return oneImport(rows, err)
}

// Imports lists the merchant's imports, newest first, from the one after before; the zero id begins
// at the newest. more tells whether others follow.
func Imports(ctx context.Context, q db.Querier, s access.Scope, before uuid.UUID, size int) (list []Import, more bool, err error) {
	if err := s.Require(access.TradeRead); err != nil {
		return nil, false, err
	}
	size = max(size, 1)
	rows, err := q.Query(ctx, "SELECT "+importColumns+` FROM trade_imports
		WHERE merchant_id = $1 AND ($2 = '00000000-0000-0000-0000-000000000000'::uuid OR (queued_at, id) <
			(SELECT queued_at, id FROM trade_imports WHERE merchant_id = $1 AND id = $2))
		ORDER BY queued_at DESC, id DESC LIMIT $3`, s.Merchant(), before, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("imports: %w", err)
	}
	list, err = pgx.CollectRows(rows, scanImport)
	if err != nil || len(list) <= size {
		return list, false, err
	}
	return list[:size], true, nil
}
