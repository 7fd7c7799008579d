package withdrawal

import (
	"context"
	"strings"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/product"
)

// The morning's work: MorningKind starts a RunKind for each merchant that has it set.
const (
	MorningKind = "withdrawal.morning"
	RunKind     = "withdrawal.run"
	MorningAt   = 8*time.Hour + 30*time.Minute
)

// lane keeps a merchant's runs one after another.
const lane = "withdrawal"

// memoOf is what the bank's statement says of a morning's run.
func memoOf(day clock.Day) string { return "自动提现" + strings.ReplaceAll(day.String(), "-", "") }

// leaves is what a morning's run takes: what the day before ended with, as far as it is still there, without
// what is retained. Nothing or less: it takes nothing.
func leaves(dayEnd, balance, retained money.Fen) money.Fen {
	return min(dayEnd-retained, balance-retained, AmountMax)
}

// SetAutomatic says how the basic account goes to the bank by itself, from the next morning on. Off keeps no
// amount but what it is told. It refuses with ErrLegacy before the upgrade and with ErrProduct while the product
// is not open, and writes no audit row of its own.
func (d Deps) SetAutomatic(ctx context.Context, tx db.Tx, s access.Scope, on bool, retained money.Fen) error {
	set := Setting{Active: on, Retained: retained}
	if err := set.check(); err != nil {
		return err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return err
	}
	open, err := ledger.Balances(ctx, tx.PG(), s.Merchant())
	if err != nil {
		return err
	}
	if _, upgraded := open[ledger.Basic]; !upgraded {
		return ErrLegacy
	}
	if err := d.opened(ctx, tx.PG(), s, set); err != nil {
		return err
	}
	return saveSetting(ctx, tx, s.Merchant(), set, s.Actor().Name, d.Clock.Now())
}

// opened refuses to turn on what the super admin has not opened, or has closed.
func (d Deps) opened(ctx context.Context, q db.Querier, s access.Scope, set Setting) error {
	if !set.Active {
		return nil
	}
	open, err := product.IsOpen(ctx, q, s.Merchant(), Code)
	if err == nil && !open {
		err = ErrProduct
	}
	return err
}

// Morning starts the runs of a business day. They run on holidays too; the money arrives later then.
func (d Deps) Morning(ctx context.Context, r job.Run) error {
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		all, err := active(ctx, tx)
		if err != nil {
			return err
		}
		for _, m := range all {
			err := job.Enqueue(ctx, tx, job.Job{Merchant: m, Kind: RunKind, Key: r.Key, Lane: lane, Payload: struct{}{}, Due: d.Clock.Now()})
			if err != nil {
				return err
			}
		}
		return r.Finish(ctx, tx)
	})
}

// Run is the job of one merchant and business day.
func (d Deps) Run(ctx context.Context, r job.Run) error {
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := d.RunDay(ctx, tx, r.Merchant, clock.Day(r.Key)); err != nil {
			return err
		}
		return r.Finish(ctx, tx)
	})
}

// RunDay withdraws what the morning of a day takes, once for ever: the same again changes nothing. A day that
// is over is left alone, because today's run takes what it would have.
func (d Deps) RunDay(ctx context.Context, tx db.Tx, m int64, day clock.Day) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	now := d.Clock.Now()
	set, err := settingOf(ctx, tx.PG(), m)
	if err != nil || !set.Active || clock.DayOf(now) != day {
		return err
	}
	ran, err := ranOn(ctx, tx, m, day)
	if err != nil || ran {
		return err
	}
	s := access.Job(m, access.System)
	c, err := d.counter(ctx, tx, m, now, nil, nil)
	if err != nil {
		return err
	}
	ends, err := ledger.DayEnds(ctx, tx.PG(), s, ledger.Basic, day.Add(-1), 1, time.Time{})
	if err != nil {
		return err
	}
	h, err := merchant.Get(ctx, tx.PG(), m)
	if err != nil {
		return err
	}
	a := Ask{Scope: s, Kind: Automatic, Params: Params{Account: ledger.Basic, Amount: leaves(ends[0].Balance, c.left[ledger.Basic], set.Retained), Memo: memoOf(day)}}
	switch {
	case h.Suspended:
		return d.skip(ctx, tx, c.withdrawal(a), ReasonSuspended)
	case a.Amount < AmountMin:
		return d.skip(ctx, tx, c.withdrawal(a), ReasonRetained)
	}
	c.take(a)
	return c.save(ctx, tx)
}

// skip keeps a run that takes nothing, with the reason.
func (d Deps) skip(ctx context.Context, tx db.Tx, w Withdrawal, reason string) error {
	w.Amount, w.Promised, w.Memo, w.State, w.Reason = 0, "", "", Closed, reason
	if err := add(ctx, tx, w); err != nil {
		return err
	}
	return d.tell(ctx, tx, w)
}

// Outlook is how the basic account will go to the bank tomorrow, if nothing comes or goes until then.
type Outlook struct {
	Setting

	Opened    bool       // the product is
	ChangedAt *time.Time // nil: never set
	ChangedBy string
	Balance   money.Fen // now
	Day       clock.Day // of the next run
	Leaves    money.Fen // 0: nothing
	Stays     money.Fen
	Arrives   clock.Day
	Workday   bool // banks work on the day of the run

	dayEnd   money.Fen // that the next run looks at, as far as it is known
	calendar calendar.Calendar
	rest     *time.Time
}

// Look reads how the morning's run is set, and what the next takes; ErrLegacy before the upgrade.
func Look(ctx context.Context, q db.Querier, s access.Scope, now time.Time) (o Outlook, err error) {
	if err = s.Require(access.FundsRead); err != nil {
		return o, err
	}
	today := clock.DayOf(now)
	o, rest, err := outlook(ctx, q, s.Merchant(), today)
	if err != nil {
		return o, err
	}
	cal, err := calendar.Load(ctx, q, now)
	if err != nil {
		return o, err
	}
	o.Day = today
	if !now.Before(today.Start().Add(MorningAt)) {
		o.Day, o.dayEnd = today.Next(), o.Balance
	}
	return o.with(o.Setting, cal, rest), nil
}

// With is what another setting would bring.
func (o Outlook) With(set Setting) Outlook { return o.with(set, o.calendar, o.rest) }

func (o Outlook) with(set Setting, cal calendar.Calendar, rest *time.Time) Outlook {
	from := o.Day
	if rest != nil {
		from = max(from, clock.DayOf(*rest))
	}
	o.Setting, o.calendar, o.rest = set, cal, rest
	o.Leaves = max(leaves(o.dayEnd, o.Balance, set.Retained), 0)
	o.Stays, o.Workday, o.Arrives = o.Balance-o.Leaves, cal.Workday(o.Day), promise(cal, Automatic, from)
	return o
}
