package settlement

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/trade"
)

// DueKind is the job that settles an upgraded merchant's orders that became due in one second.
const DueKind = "settlement.due"

// lane keeps a merchant's settlements one after another.
const lane = "settlement"

// Schedule puts down the work for orders of an upgraded merchant that become due at these moments. The work of
// a second may be done already when an order of it comes late: then it is done once more.
func Schedule(ctx context.Context, tx db.Tx, m int64, dues []time.Time) error {
	for _, due := range dues {
		due = due.UTC().Truncate(time.Second)
		err := job.Wake(ctx, tx, job.Job{Merchant: m, Kind: DueKind, Key: due.Format(time.RFC3339), Lane: lane,
			Payload: dueSecond{due}, Due: due})
		if err != nil {
			return err
		}
	}
	return nil
}

type dueSecond struct {
	At time.Time `json:"at"`
}

// end is the last moment of the second: what is due within it is settled now, so that what must be done
// before midnight is.
func (d dueSecond) end(now time.Time) time.Time {
	last := d.At.Add(time.Second - time.Microsecond)
	if now.After(last) {
		return now
	}
	return last
}

// SettleDue is the job's work.
func (d Deps) SettleDue(ctx context.Context, r job.Run) error {
	var due dueSecond
	if err := r.Decode(&due); err != nil {
		return err
	}
	until := due.end(d.Clock.Now())
	total, err := trade.CountDue(ctx, d.DB.PG(), r.Merchant, until)
	if err != nil || total == 0 {
		return err
	}
	return d.Settle(ctx, r.Merchant, until, func(done int64) error { return r.Progress(ctx, done, max(done, total)) })
}

// Settle settles an upgraded merchant's orders that are due until then, 5,000 a transaction, and tells
// after each how many are done. A run that breaks off is gone on with by the next; two at once share the
// work. Of a legacy merchant it settles none.
func (d Deps) Settle(ctx context.Context, m int64, until time.Time, tell func(done int64) error) error {
	return d.settle(ctx, m, until, chunk, tell)
}

func (d Deps) settle(ctx context.Context, m int64, until time.Time, by int, tell func(done int64) error) error {
	var done int64
	for {
		n, err := d.settleSome(ctx, m, until, by)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		done += int64(n)
		if err := tell(done); err != nil {
			return err
		}
		if n < by {
			return nil
		}
	}
}

// settleSome is one transaction of it.
func (d Deps) settleSome(ctx context.Context, m int64, until time.Time, limit int) (n int, err error) {
	err = d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		system, err := systemOf(ctx, tx.PG(), m)
		if err != nil || system != merchant.Upgraded {
			n = 0
			return err
		}
		dues, err := trade.DueTrades(ctx, tx, m, until, trade.Due{}, limit)
		if n = len(dues); err != nil || n == 0 {
			return err
		}
		return d.settleThese(ctx, tx, m, dues)
	})
	return n, err
}

func (d Deps) settleThese(ctx context.Context, tx db.Tx, m int64, dues []trade.Due) error {
	at := d.Clock.Now()
	transfers := make([]ledger.Transfer, len(dues))
	var s sums
	for i, due := range dues {
		transfers[i] = single(m, due)
		s.add(due)
	}
	outcomes, err := ledger.PostMany(ctx, tx, at, transfers)
	if err != nil {
		return err
	}
	booked := at
	for i, o := range outcomes {
		switch {
		case o.Refused != nil:
			return fmt.Errorf("settle order %s of %d: %w", dues[i].TransactionID, m, o.Refused)
		case o.Known:
			return fmt.Errorf("settle order %s of %d: %w", dues[i].TransactionID, m, errTwice)
		}
		booked = o.BookedAt
	}
	if err := trade.MarkSettled(ctx, tx, m, booked, "", charges(dues)); err != nil {
		return err
	}
	return addSettled(ctx, tx, m, clock.DayOf(booked), s, booked)
}

// errTwice says that the books have a move of which its document does not know.
var errTwice = errors.New("it is in the books already")
