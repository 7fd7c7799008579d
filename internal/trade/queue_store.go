package trade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

const chunkSize = 1 << 20

func insertChunk(ctx context.Context, tx db.Tx, i Import, n int, piece []byte) error {
	_, err := tx.PG().Exec(ctx, `INSERT INTO trade_import_chunks (merchant_id, import_id, n, bytes) VALUES ($1, $2, $3, $4)`,
		i.MerchantID, i.ID, n, piece)
	if err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	return nil
}

func saveSize(ctx context.Context, tx db.Tx, i Import, size int64) error {
	_, err := tx.PG().Exec(ctx, "UPDATE trade_imports SET size = $3 WHERE merchant_id = $1 AND id = $2", i.MerchantID, i.ID, size)
	if err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	return nil
}

// dropChunks lets go of an uploaded file whose import has ended.
func dropChunks(ctx context.Context, tx db.Tx, i Import) error {
	_, err := tx.PG().Exec(ctx, "DELETE FROM trade_import_chunks WHERE merchant_id = $1 AND import_id = $2", i.MerchantID, i.ID)
	if err != nil {
		return fmt.Errorf("drop upload: %w", err)
	}
	return nil
}

// resume reads the import a job is for, and the scope of the one who asked for it.
func resume(ctx context.Context, d *db.DB, merchant int64, id string) (Import, access.Scope, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return Import{}, access.Scope{}, fmt.Errorf("import %q: %w", id, err)
	}
	rows, err := d.PG().Query(ctx, "SELECT "+importColumns+" FROM trade_imports WHERE merchant_id = $1 AND id = $2", merchant, key)
	i, err := oneImport(rows, err)
	if err != nil {
		return i, access.Scope{}, err
	}
	who := access.Actor{Name: i.Actor}
	if i.AccountID != nil {
		who.Account = *i.AccountID
	}
	return i, access.Job(merchant, who), nil
}

// spoolMax is the size up to which a file is read before its import, so that it needs no second connection.
const spoolMax = 4 << 20

// openChunks opens an uploaded file at its start. A large one is read piece by piece.
func openChunks(ctx context.Context, d *db.DB, i Import) (io.ReadSeeker, error) {
	c := &chunks{ctx: ctx, q: d.PG(), i: i}
	if i.Size > spoolMax {
		return c, nil
	}
	all, err := io.ReadAll(c)
	return bytes.NewReader(all), err
}

// chunks reads an uploaded file, one piece in memory at a time.
type chunks struct {
	ctx  context.Context
	q    db.Querier
	i    Import
	next int
	rest []byte
}

// Read goes on in the file.
func (c *chunks) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		if int64(c.next)*chunkSize >= c.i.Size {
			return 0, io.EOF
		}
		err := c.q.QueryRow(c.ctx, `SELECT bytes FROM trade_import_chunks WHERE merchant_id = $1 AND import_id = $2 AND n = $3`,
			c.i.MerchantID, c.i.ID, c.next).Scan(&c.rest)
		if errors.Is(err, pgx.ErrNoRows) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, fmt.Errorf("read upload: %w", err)
		}
		c.next++
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Seek goes back to the start, the only place anyone goes back to.
func (c *chunks) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.New("an upload can only be read from its start")
	}
	c.next, c.rest = 0, nil
	return 0, nil
}
