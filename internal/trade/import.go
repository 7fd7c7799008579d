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
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

// Deps is what an import works with.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	// Told is called in the transaction that ends an import, whatever came of it; nil tells nobody.
	Told func(ctx context.Context, tx db.Tx, i Import) error
	// Due is called in the transaction that books orders of an upgraded merchant, with the moments, to the
	// second, at which they are to be settled; nil tells nobody.
	Due DueFunc
}

// DueFunc hears when orders of a merchant are to be settled.
type DueFunc func(ctx context.Context, tx db.Tx, merchant int64, dues []time.Time) error

// File is a bill to be imported. Body is read from its start, again when the transaction has to run again.
type File struct {
	Name   string
	Size   int64
	Body   io.ReadSeeker
	Import uuid.UUID // of a queued upload; zero opens a new import
	From   audit.From
}

// Progress hears how many bytes of the file are done. It runs outside the import's transaction.
type Progress func(done, total int64)

// Action names imports in the audit log.
const Action = "trade.import"

// errRefused rolls an import back whose faults are in its report.
var errRefused = errors.New("bill refused")

// ImportFile takes a bill into the books: all of it, or nothing. The same file again adds nothing.
// A refused file is fault trade.file_refused; the lines are in the Import's report either way.
func ImportFile(ctx context.Context, d Deps, s access.Scope, f File, progress Progress) (Import, error) {
	if err := s.Require(access.TradeImport); err != nil {
		return Import{}, err
	}
	t, err := targetOf(ctx, d.DB.PG(), s.Merchant())
	if err != nil {
		return Import{}, err
	}
	id := f.Import
	if id == uuid.Nil {
		id = db.NewID()
		letGo, err := d.DB.Hold(ctx, breath(id))
		if err != nil {
			return Import{}, err
		}
		defer letGo()
	}
	i, err := begin(ctx, d, s, f, id)
	if err != nil {
		return i, err
	}
	b := &booking{due: d.Due, target: t, file: f, progress: progress, importID: i.ID, at: d.Clock.Now()}
	err = d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := b.run(ctx, tx); err != nil {
			return err
		}
		i.end(Done, b.report, b.at)
		return finish(ctx, tx, d, s, f, i)
	})
	switch {
	case err == nil:
		return i, nil
	case errors.Is(err, errRefused):
		i.end(Refused, b.report, b.at)
		err = fault.New("trade.file_refused").With("Count", fmt.Sprint(b.report.FaultLines))
	case f.Import != uuid.Nil:
		return i, err // its job tries again
	default:
		i.end(Failed, Report{}, b.at)
	}
	return i, errors.Join(err, giveUp(ctx, d, s, f, i))
}

// giveUp keeps what became of a file whose rows are gone with their transaction, even if the caller left.
func giveUp(ctx context.Context, d Deps, s access.Scope, f File, i Import) error {
	late := context.WithoutCancel(ctx)
	return d.DB.InTx(late, func(tx db.Tx) error { return finish(late, tx, d, s, f, i) })
}

func targetOf(ctx context.Context, q db.Querier, id int64) (target, error) {
	m, err := merchant.Get(ctx, q, id)
	if err != nil {
		return target{}, err
	}
	var children []merchant.Merchant
	if m.Kind == merchant.ServiceProvider {
		if children, err = merchant.Children(ctx, q, id); err != nil {
			return target{}, err
		}
	}
	return aim(m, children), nil
}

// begin opens the import, or takes up the queued one.
func begin(ctx context.Context, d Deps, s access.Scope, f File, id uuid.UUID) (i Import, err error) {
	err = d.DB.InTx(ctx, func(tx db.Tx) error {
		at := d.Clock.Now()
		if f.Import == uuid.Nil {
			i = newImport(s, f.Name, f.Size, at)
			i.ID = id
			if _, err := insertImport(ctx, tx, i); err != nil {
				return err
			}
		} else if i, err = lockImport(ctx, tx, s.Merchant(), id); err != nil {
			return err
		}
		if i.State.Ended() {
			return fault.New("trade.import_ended")
		}
		i.State, i.StartedAt = Running, &at
		return saveImport(ctx, tx, i)
	})
	return i, err
}

// finish keeps what came of the file, and tells of it, in the transaction of the rows themselves.
func finish(ctx context.Context, tx db.Tx, d Deps, s access.Scope, f File, i Import) error {
	if err := saveImport(ctx, tx, i); err != nil {
		return err
	}
	if err := dropChunks(ctx, tx, i); err != nil {
		return err
	}
	e := audit.Entry{Merchant: s.Merchant(), Actor: s.Actor().Name, Account: s.Actor().Account,
		Action: Action, Object: i.FileName, Outcome: audit.Done, From: f.From, At: *i.FinishedAt,
		Details: map[string]any{"import": i.ID, "rows": i.RowCount, "new_trades": i.NewTrades, "new_refunds": i.NewRefunds}}
	if i.State != Done {
		e.Outcome, e.Reason = audit.Refused, "trade.file_"+string(i.State)
	}
	if err := audit.Write(ctx, tx, e); err != nil {
		return err
	}
	if d.Told == nil {
		return nil
	}
	return d.Told(ctx, tx, i)
}
