package settlement

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/trade"
)

// The work of a working day: DayKind starts a CutKind for each legacy merchant.
const (
	DayKind = "settlement.day"
	CutKind = "settlement.cut"
)

// KindBatch is the transfer of one line; its key is the line's day.
const KindBatch ledger.Kind = "batch"

// Day starts the cuts of a working day; on other days it does nothing.
func (d Deps) Day(ctx context.Context, r job.Run) error {
	today := clock.Day(r.Key)
	cal, err := calendar.Load(ctx, d.DB.PG(), today.Start())
	if err != nil || !cal.Workday(today) {
		return err
	}
	all, err := merchant.All(ctx, d.DB.PG())
	if err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		for _, m := range all {
			if m.System != merchant.Legacy {
				continue
			}
			err := job.Enqueue(ctx, tx, job.Job{Merchant: m.ID, Kind: CutKind, Key: today.String(), Lane: lane,
				Payload: struct{}{}, Due: d.Clock.Now()})
			if err != nil {
				return err
			}
		}
		return r.Finish(ctx, tx)
	})
}

// CutToday is the job that cuts a merchant's lines of a working day.
func (d Deps) CutToday(ctx context.Context, r job.Run) error {
	c := cutting{Deps: d, merchant: r.Merchant, today: clock.Day(r.Key), by: chunk}
	total, err := trade.CountDue(ctx, d.DB.PG(), r.Merchant, c.until())
	if err != nil {
		return err
	}
	return c.run(ctx, func(done int64) error { return r.Progress(ctx, done, max(done, total)) },
		func(tx db.Tx) error { return r.Finish(ctx, tx) })
}

// Cut cuts a legacy merchant's lines of a working day: every day that is due gets its line, and what is
// left of it goes to the bank. A run that breaks off is gone on with by the next.
func (d Deps) Cut(ctx context.Context, m int64, today clock.Day) error {
	c := cutting{Deps: d, merchant: m, today: today, by: chunk}
	return c.run(ctx, quiet, func(db.Tx) error { return nil })
}

// quiet tells nobody how far the work is.
func quiet(int64) error { return nil }

// cutting is one merchant's cut.
type cutting struct {
	Deps

	merchant int64
	today    clock.Day
	by       int // orders a transaction
}

// until is when what is settled today must have been due.
func (c cutting) until() time.Time { return c.today.Start() }

func (c cutting) run(ctx context.Context, tell func(done int64) error, finish func(db.Tx) error) error {
	var done int64
	for last, more := (trade.Due{}), true; more; {
		n, next, err := c.some(ctx, last)
		if err != nil {
			return err
		}
		last, more = next, next.TransactionID != ""
		done += int64(n)
		if err := tell(done); err != nil {
			return err
		}
	}
	return c.DB.InTx(ctx, func(tx db.Tx) error {
		if err := c.close(ctx, tx); err != nil {
			return err
		}
		return finish(tx)
	})
}

// some counts due orders into their lines, in one transaction: those after an order, which may have to wait
// for the next cut and are passed over. next is the last it looked at; none when there were none.
func (c cutting) some(ctx context.Context, after trade.Due) (n int, next trade.Due, err error) {
	err = c.DB.InTx(ctx, func(tx db.Tx) error {
		n, next = 0, trade.Due{}
		if err := ledger.Hold(ctx, tx, c.merchant); err != nil {
			return err
		}
		m, err := merchant.Get(ctx, tx.PG(), c.merchant)
		if err != nil || m.System != merchant.Legacy {
			return err
		}
		dues, err := trade.DueTrades(ctx, tx, c.merchant, c.until(), after, c.by)
		if err != nil || len(dues) == 0 {
			return err
		}
		next = dues[len(dues)-1]
		last := LastDay(m.Cycle, c.today)
		closed, err := closedOf(ctx, tx, c.merchant, daysOf(dues, last))
		if err != nil {
			return err
		}
		for day, these := range divide(dues, last, closed) {
			if closed[day] {
				continue // of today's second cut: they wait for the next
			}
			if err := c.count(ctx, tx, day, these); err != nil {
				return err
			}
			n += len(these)
		}
		return nil
	})
	return n, next, err
}

func daysOf(dues []trade.Due, last clock.Day) []string {
	days := map[string]bool{last.String(): true}
	for _, d := range dues {
		days[clock.DayOf(d.SuccessTime).String()] = true
	}
	return slices.Collect(maps.Keys(days))
}

func (c cutting) count(ctx context.Context, tx db.Tx, day clock.Day, dues []trade.Due) error {
	var s sums
	for _, d := range dues {
		s.add(d)
	}
	now := c.Clock.Now()
	if err := addCutting(ctx, tx, c.merchant, day, s, now); err != nil {
		return err
	}
	return trade.MarkSettled(ctx, tx, c.merchant, now, day, charges(dues))
}

// close decides what the counted lines bring, and hands them to the bank.
func (c cutting) close(ctx context.Context, tx db.Tx) error {
	if err := ledger.Hold(ctx, tx, c.merchant); err != nil {
		return err
	}
	m, err := merchant.Get(ctx, tx.PG(), c.merchant)
	if err != nil || m.System != merchant.Legacy {
		return err
	}
	lines, brought, err := openLines(ctx, tx, c.merchant)
	if err != nil {
		return err
	}
	balances, err := ledger.Balances(ctx, tx.PG(), c.merchant)
	if err != nil {
		return err
	}
	open, err := trade.OpenSum(ctx, tx.PG(), c.merchant)
	if err != nil {
		return err
	}
	pool := balances[ledger.Unsettled] - open
	if len(lines) == 0 {
		if lines, err = c.rest(ctx, tx, LastDay(m.Cycle, c.today), brought, pool); err != nil || len(lines) == 0 {
			return err
		}
	}
	shared, joined := share(lines, brought, pool)
	for _, l := range joined {
		if err := carryInto(ctx, tx, c.merchant, l); err != nil {
			return err
		}
	}
	return c.hand(ctx, tx, shared)
}

// rest opens a line without orders where the pool holds money that belongs to none: a refund that was
// closed came back after its day was settled.
func (c cutting) rest(ctx context.Context, tx db.Tx, last clock.Day, brought []Line, pool money.Fen) ([]Line, error) {
	for _, l := range brought {
		pool -= l.fees()
	}
	if pool <= 0 {
		return nil, nil
	}
	closed, err := closedOf(ctx, tx, c.merchant, []string{last.String()})
	if err != nil || closed[last] {
		return nil, err
	}
	if err := addCutting(ctx, tx, c.merchant, last, sums{}, c.Clock.Now()); err != nil {
		return nil, err
	}
	lines, _, err := openLines(ctx, tx, c.merchant)
	return lines, err
}

// hand books the lines, saves them, and puts down the payment of those with something left.
func (c cutting) hand(ctx context.Context, tx db.Tx, lines []Line) error {
	now := c.Clock.Now()
	cal, err := calendar.Load(ctx, tx.PG(), now)
	if err != nil {
		return err
	}
	free, err := c.payableFrom(ctx, tx, c.merchant, now)
	if err != nil {
		return err
	}
	pay := cal.From(max(c.today, clock.DayOf(free)))
	batch := batchNo(c.merchant, c.today)
	var transfers []ledger.Transfer
	for i := range lines {
		l := &lines[i]
		l.CutDay, l.IntoDay = c.today, into(lines, i)
		if l.State == Cut {
			l.PayDay, l.BatchNo, l.BankNo = pay, batch, paymentNo(c.merchant, l.Day, 1)
			transfers = append(transfers, l.transfer(c.merchant))
			if err := payout.Make(ctx, tx, c.merchant, payout.Payment{Number: l.BankNo, BatchNo: batch, Purpose: payout.ForSettlement, Day: l.Day,
				Amount: l.Net, Try: 1, Memo: memo(l.Day), MadeAt: now}); err != nil {
				return err
			}
		}
		if err := saveCut(ctx, tx, c.merchant, *l, now); err != nil {
			return err
		}
	}
	if len(transfers) == 0 {
		return nil
	}
	outcomes, err := ledger.PostMany(ctx, tx, now, transfers)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Refused != nil || o.Known {
			return fmt.Errorf("settle %s of %d: booked before: %v, refused: %w", transfers[i].Key, c.merchant, o.Known, o.Refused)
		}
	}
	return payout.HandInAt(ctx, tx, c.merchant, batch, now)
}

// transfer is the line in the books.
func (l Line) transfer(m int64) ledger.Transfer {
	return ledger.Transfer{Merchant: m, Kind: KindBatch, Key: l.Day.String(), BusinessNo: l.BankNo, VoucherNo: l.BatchNo, Applicant: system,
		Legs: []ledger.Leg{
			{Account: ledger.Unsettled, Amount: -l.pool(), Row: ledger.RowSettle},
			{Account: ledger.FeeIncome, Amount: l.fees(), Row: ledger.RowFeeCharged},
			{Account: ledger.InSettle, Amount: l.Net},
		}}
}
