package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

const fileColumns = `merchant_id, id, size, row_count, fault_count, total, decided, accepted, uploaded_at, confirmed_at, ended_at, account_id,
	state, actor, address, file_name, hash, confirmer_id, confirmer, confirmed_from`

func scanFile(row pgx.CollectableRow) (f File, err error) {
	err = row.Scan(&f.Merchant, &f.ID, &f.Size, &f.Rows, &f.Faults, &f.Total, &f.Decided, &f.Accepted, &f.UploadedAt, &f.ConfirmedAt, &f.EndedAt,
		&f.AccountID, &f.State, &f.Actor, &f.Address, &f.Name, &f.Hash, &f.ConfirmerID, &f.Confirmer, &f.ConfirmedFrom)
	return f, err
}

func oneFile(rows pgx.Rows, err error) (File, error) {
	if err != nil {
		return File{}, fmt.Errorf("file of payments: %w", err)
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFile)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, fault.ErrNotFound
	}
	return f, err
}

func getFile(ctx context.Context, q db.Querier, m int64, id uuid.UUID) (File, error) {
	return oneFile(q.Query(ctx, "SELECT "+fileColumns+" FROM payment_files WHERE merchant_id = $1 AND id = $2", m, id))
}

func lockFile(ctx context.Context, tx db.Tx, m int64, id uuid.UUID) (File, error) {
	return oneFile(tx.PG().Query(ctx, "SELECT "+fileColumns+" FROM payment_files WHERE merchant_id = $1 AND id = $2 FOR UPDATE", m, id))
}

func insertFile(ctx context.Context, tx db.Tx, f File, rows []Row) error {
	_, err := tx.PG().Exec(ctx, "INSERT INTO payment_files ("+fileColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		f.Merchant, f.ID, f.Size, f.Rows, f.Faults, f.Total, f.Decided, f.Accepted, f.UploadedAt, f.ConfirmedAt, f.EndedAt, f.AccountID,
		f.State, f.Actor, f.Address, f.Name, f.Hash, f.ConfirmerID, f.Confirmer, f.ConfirmedFrom)
	if err != nil {
		return fmt.Errorf("keep file of payments: %w", err)
	}
	_, err = tx.PG().CopyFrom(ctx, pgx.Identifier{"payment_file_rows"},
		[]string{"merchant_id", "file_id", "line", "amount", "number", "openid", "masked", "description", "typed", "faults", "name"},
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			r := rows[i]
			faults, err := faultsJSON(r.Faults)
			name := r.name
			if name == nil {
				name = []byte{}
			}
			return []any{f.Merchant, f.ID, r.Line, r.Amount, r.Number, r.OpenID, r.Masked, r.Description, r.Typed, faults, name}, err
		}))
	if err != nil {
		return fmt.Errorf("keep rows of payments: %w", err)
	}
	return nil
}

// keptFault is a refusal as a row keeps it.
type keptFault struct {
	Code  string         `json:"code"`
	Field string         `json:"field"`
	Args  map[string]any `json:"args,omitempty"`
}

func faultsJSON(all []*fault.Refusal) (json.RawMessage, error) {
	kept := make([]keptFault, 0, len(all))
	for _, r := range all {
		kept = append(kept, keptFault{r.Code, r.Field, r.Args})
	}
	return json.Marshal(kept)
}

func readFaults(raw json.RawMessage) ([]*fault.Refusal, error) {
	var kept []keptFault
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("faults of a row: %w", err)
	}
	var all []*fault.Refusal
	for _, k := range kept {
		all = append(all, &fault.Refusal{Code: k.Code, Field: k.Field, Args: k.Args})
	}
	return all, nil
}

func saveFile(ctx context.Context, tx db.Tx, f File) error {
	_, err := tx.PG().Exec(ctx, `UPDATE payment_files SET state = $3, decided = $4, accepted = $5, confirmed_at = $6, ended_at = $7, confirmer_id = $8,
			confirmer = $9, confirmed_from = $10
		WHERE merchant_id = $1 AND id = $2`, f.Merchant, f.ID, f.State, f.Decided, f.Accepted, f.ConfirmedAt, f.EndedAt, f.ConfirmerID, f.Confirmer, f.ConfirmedFrom)
	if err != nil {
		return fmt.Errorf("keep file of payments: %w", err)
	}
	return nil
}

const rowColumns = `r.line, r.number, r.openid, r.masked, r.amount, r.typed, r.description, r.decided, r.faults, r.n, r.name`

func scanRow(row pgx.CollectableRow) (r Row, err error) {
	var faults json.RawMessage
	err = row.Scan(&r.Line, &r.Number, &r.OpenID, &r.Masked, &r.Amount, &r.Typed, &r.Description, &r.Decided, &faults, &r.N, &r.name)
	if err != nil {
		return r, err
	}
	r.Faults, err = readFaults(faults)
	return r, err
}

// undecided reads the next rows to be paid.
func undecided(ctx context.Context, tx db.Tx, f File, most int) ([]Row, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+rowColumns+` FROM payment_file_rows r
		WHERE r.merchant_id = $1 AND r.file_id = $2 AND NOT r.decided ORDER BY r.line LIMIT $3`, f.Merchant, f.ID, most)
	if err != nil {
		return nil, fmt.Errorf("rows of payments: %w", err)
	}
	return pgx.CollectRows(rows, scanRow)
}

// decideRows writes what became of rows.
func decideRows(ctx context.Context, tx db.Tx, f File, rows []Row) error {
	lines, counts, faults := make([]int32, len(rows)), make([]*int64, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		kept, err := faultsJSON(r.Faults)
		if err != nil {
			return err
		}
		lines[i], counts[i], faults[i] = r.Line, r.N, string(kept)
	}
	_, err := tx.PG().Exec(ctx, `UPDATE payment_file_rows r SET decided = true, n = u.n, faults = u.faults::jsonb
		FROM unnest($3::int[], $4::bigint[], $5::text[]) AS u (line, n, faults)
		WHERE r.merchant_id = $1 AND r.file_id = $2 AND r.line = u.line`, f.Merchant, f.ID, lines, counts, faults)
	if err != nil {
		return fmt.Errorf("decide rows of payments: %w", err)
	}
	return nil
}

// FileSums are a file's payments by how they stand.
type FileSums struct {
	Open, Paid, Failed       int64
	PaidAmount, FailedAmount money.Fen
}

func fileSums(ctx context.Context, q db.Querier, f File) (s FileSums, err error) {
	err = q.QueryRow(ctx, `SELECT count(*) FILTER (WHERE ended_at IS NULL), count(*) FILTER (WHERE state = 'success'), count(*) FILTER (WHERE state = 'failed'),
			coalesce(sum(amount) FILTER (WHERE state = 'success'), 0)::bigint, coalesce(sum(amount) FILTER (WHERE state = 'failed'), 0)::bigint
		FROM enterprise_payments WHERE merchant_id = $1 AND file_id = $2`, f.Merchant, f.ID).Scan(&s.Open, &s.Paid, &s.Failed, &s.PaidAmount, &s.FailedAmount)
	if err != nil {
		return s, fmt.Errorf("payments of a file: %w", err)
	}
	return s, nil
}
