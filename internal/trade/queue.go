package trade

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/trade/bill"
)

// ImportKind is the job that imports an uploaded file; one of a merchant runs at a time.
const ImportKind = "trade.import"

// Upload is a file on its way in. Body is read once. ID names the import beforehand, so that a form sent
// twice is one import; zero makes a new one.
type Upload struct {
	ID   uuid.UUID
	Name string
	Body io.Reader
	From audit.From
}

type importJob struct {
	Import string
	From   audit.From
}

// QueueImport keeps the uploaded file and puts its import down as a job. It reads the body in the
// transaction, a piece at a time, and refuses one above bill.FileMax or without a byte. An import that
// stands under the upload's ID already is returned as it is.
func QueueImport(ctx context.Context, tx db.Tx, s access.Scope, u Upload, at time.Time) (Import, error) {
	if err := s.Require(access.TradeImport); err != nil {
		return Import{}, err
	}
	i := newImport(s, u.Name, 0, at)
	if u.ID != uuid.Nil {
		i.ID = u.ID
	}
	if fresh, err := insertImport(ctx, tx, i); err != nil {
		return i, err
	} else if !fresh {
		return lockImport(ctx, tx, i.MerchantID, i.ID)
	}
	size, err := keepChunks(ctx, tx, i, u.Body)
	switch {
	case err != nil:
		return i, err
	case size == 0:
		return i, fault.New("trade.upload_empty").On("file")
	case size > bill.FileMax:
		return i, fault.New("trade.upload_large").On("file").With("Limit", fmt.Sprint(bill.FileMax>>20))
	}
	if i.Size, err = size, saveSize(ctx, tx, i, size); err != nil {
		return i, err
	}
	return i, job.Enqueue(ctx, tx, job.Job{Merchant: i.MerchantID, Kind: ImportKind, Key: i.ID.String(), Lane: ImportKind,
		Payload: importJob{Import: i.ID.String(), From: u.From}, Due: at})
}

// keepChunks cuts the body into pieces the database takes; size is what it read, at most one piece
// more than the limit.
func keepChunks(ctx context.Context, tx db.Tx, i Import, body io.Reader) (size int64, err error) {
	buf := make([]byte, chunkSize)
	for n := 0; size <= bill.FileMax; n++ {
		got, err := io.ReadFull(body, buf)
		size += int64(got)
		if got > 0 && size <= bill.FileMax {
			if err := insertChunk(ctx, tx, i, n, buf[:got]); err != nil {
				return size, err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return size, nil
		case err != nil:
			return size, fmt.Errorf("read upload: %w", err)
		}
	}
	return size, nil
}

// importAttempts is how often an import is tried before it counts as failed.
const importAttempts = 5

// progressStep is how many bytes pass between two tellings of progress to the database.
const progressStep = 2 << 20

// ImportHandler does the job. A refused file ends it: trying again would refuse it again.
func ImportHandler(d Deps) job.Handler {
	return func(ctx context.Context, r job.Run) error {
		var p importJob
		if err := r.Decode(&p); err != nil {
			return err
		}
		i, s, err := resume(ctx, d.DB, r.Merchant, p.Import)
		switch {
		case err != nil:
			return job.Discard(err)
		case i.State.Ended():
			return nil
		}
		body, err := openChunks(ctx, d.DB, i)
		if err != nil {
			return err
		}
		f := File{Name: i.FileName, Size: i.Size, Body: body, Import: i.ID, From: p.From}
		_, err = ImportFile(ctx, d, s, f, tellImport(ctx, d.DB, r, i))
		if err == nil || fault.Is(err, "trade.file_refused") || fault.Is(err, "trade.import_ended") {
			return nil
		}
		if r.Attempt < importAttempts {
			return err
		}
		i.end(Failed, Report{}, d.Clock.Now())
		return job.Discard(errors.Join(err, giveUp(ctx, d, s, f, i)))
	}
}

// tellImport keeps the progress of a file large enough for somebody to wait for it.
func tellImport(ctx context.Context, d *db.DB, r job.Run, i Import) Progress {
	var told int64
	return func(done, total int64) {
		if done-told < progressStep {
			return
		}
		told = done
		_ = saveProgress(ctx, d, i.MerchantID, i.ID, done)
		_ = r.Progress(ctx, done, total)
	}
}
