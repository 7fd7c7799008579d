package transfer

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
)

// FileKind is the job that turns a file's rows into payments; one of a merchant runs at a time.
const FileKind = "transfer.file"

type fileJob struct {
	File uuid.UUID `json:"file"`
}

// startFile lets a file run that somebody has confirmed: it is they who pay, whoever uploaded it.
func (d Deps) startFile(ctx context.Context, tx db.Tx, f File, by access.Actor, address string) error {
	now := d.Clock.Now()
	f.State, f.ConfirmedAt, f.ConfirmerID, f.Confirmer, f.ConfirmedFrom = Accepting, &now, &by.Account, by.Name, address
	if err := saveFile(ctx, tx, f); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, job.Job{Merchant: f.Merchant, Kind: FileKind, Key: f.ID.String(), Lane: FileKind, Payload: fileJob{f.ID}, Due: now})
}

// PayFile is the job: some rows at a time, each decided once, with what came of it.
func (d Deps) PayFile(ctx context.Context, r job.Run) error {
	var j fileJob
	if err := r.Decode(&j); err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := d.DB.InTx(ctx, func(tx db.Tx) (err error) {
			more, err = d.payRows(ctx, tx, r.Merchant, j.File)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// payRows accepts the next rows of a file; after the last, the file waits for its payments to end.
func (d Deps) payRows(ctx context.Context, tx db.Tx, m int64, id uuid.UUID) (more bool, err error) {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return false, err
	}
	f, err := lockFile(ctx, tx, m, id)
	if err != nil || f.State != Accepting {
		return false, err
	}
	rows, err := undecided(ctx, tx, f, ManyMax)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 {
		f.State = Sending
		return false, d.endFile(ctx, tx, f)
	}
	scope := access.Job(m, access.Actor{Name: f.Confirmer, Account: *f.ConfirmerID})
	asks := make([]Ask, len(rows))
	for i, r := range rows {
		if len(r.name) > 0 {
			if r.plain, err = d.Vault.Reveal(rowAt(f, r), r.name); err != nil {
				return false, err
			}
		}
		asks[i] = r.ask()
		asks[i].Scope, asks[i].Address, asks[i].FileID, asks[i].FileLine = scope, f.ConfirmedFrom, f.ID, r.Line
	}
	done, err := d.AcceptMany(ctx, tx, asks)
	if err != nil {
		return false, err
	}
	for i, o := range done {
		f.Decided++
		switch {
		case o.Known: // somebody used the row's number meanwhile
			rows[i].Faults = []*fault.Refusal{ErrTaken}
		case o.Refused != nil:
			rows[i].Faults = fault.All(o.Refused)
		default:
			f.Accepted++
			rows[i].N = &o.Payment.N
		}
	}
	if err := decideRows(ctx, tx, f, rows); err != nil {
		return false, err
	}
	return true, saveFile(ctx, tx, f)
}

// endFiles ends the files of which the last payment has just ended.
func (b *booking) endFiles(ctx context.Context, tx db.Tx) error {
	for id := range b.files {
		f, err := lockFile(ctx, tx, b.merchant, id)
		if err != nil {
			return err
		}
		if f.State == Sending {
			if err := b.endFile(ctx, tx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// endFile keeps a file whose rows are all decided, and ends it once its payments have.
func (d Deps) endFile(ctx context.Context, tx db.Tx, f File) error {
	sums, err := fileSums(ctx, tx.PG(), f)
	if err != nil {
		return err
	}
	if sums.Open > 0 {
		return saveFile(ctx, tx, f)
	}
	now := d.Clock.Now()
	f.State, f.EndedAt = Done, &now
	if err := saveFile(ctx, tx, f); err != nil {
		return err
	}
	return inbox.Tell(ctx, tx, inbox.Message{Merchant: f.Merchant, To: *f.ConfirmerID, Kind: "payment_file_done", Link: FilesPath + "/" + f.ID.String(), At: now,
		Args: map[string]string{"File": f.Name, "Count": strconv.FormatInt(sums.Paid, 10), "Amount": sums.PaidAmount.String(),
			"Failed": strconv.FormatInt(sums.Failed+f.Rows-f.Accepted, 10)}})
}
