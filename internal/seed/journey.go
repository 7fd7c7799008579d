package seed

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/trade"
)

// When things happen on the way, after midnight.
const (
	billsAt   = 10 * time.Hour // the bill of the day before is there
	firstSale = 6 * time.Hour
)

// analyzedAfter is after how many days the planner is let look at the tables for the first time.
const analyzedAfter = 20

// How finely payments are told: a notice is booked at the end of its span.
const (
	spanLong  = 2 * time.Hour
	spanShort = 20 * time.Minute // on the last days, which people look at
	shortDays = 3
)

// steps is a clock that is moved by the journey alone.
type steps struct{ *clock.Manual }

// Set moves it.
func (s steps) Set(_ context.Context, t time.Time) error {
	s.Manual.Set(t)
	return nil
}

// journey leads the merchants from the first day to now.
type journey struct {
	Parts
	today clock.Day
	clock steps
	work  *job.Worker
}

// Orders leads the merchants through their months, unless an earlier start did.
func Orders(ctx context.Context, p Parts) error {
	return lead(ctx, p, p.since())
}

func lead(ctx context.Context, p Parts, first clock.Day) error {
	began := clock.Wall()
	until, day, done, err := begin(ctx, p.DB, p.Now, first)
	if err != nil || done {
		return err
	}
	p.Now = until
	j := depart(p, day)
	if err := j.work.Plan(ctx); err != nil {
		return err
	}
	for n := 0; day <= j.today; day, n = day.Next(), n+1 {
		if n == analyzedAfter {
			if err := p.Analyze(ctx); err != nil {
				return err
			}
		}
		if err := j.through(ctx, day); err != nil {
			return err
		}
		if err := reached(ctx, p.DB, day.Next()); err != nil {
			return err
		}
	}
	if _, err := j.work.Walk(ctx, j.clock, until); err != nil {
		return err
	}
	if err := p.Analyze(ctx); err != nil {
		return err
	}
	slog.InfoContext(ctx, "the demo's months are there", "took", clock.Wall().Sub(began).Round(time.Millisecond))
	return finished(ctx, p.DB)
}

// depart makes the journey ready, with the product's own due work at the journey's time.
func depart(p Parts, day clock.Day) *journey {
	j := &journey{Parts: p, today: clock.DayOf(p.Now), clock: steps{clock.At(day.Start())}}
	r := job.NewRegistry()
	settle := settlement.Deps{DB: p.DB, Clock: j.clock, Vault: p.Vault, Gate: p.Gate(j.clock)}
	settle.Register(r)
	payout.Deps{DB: p.DB, Clock: j.clock, Vault: p.Vault, Bank: &promptBank{},
		Owners: map[payout.Purpose]payout.Owner{payout.ForSettlement: settle.Moved}}.Register(r)
	j.transfers().Register(r)
	r.Daily(ledger.CloseKind, ledger.CloseAt, func(ctx context.Context, _ job.Run) error {
		_, err := ledger.CloseDays(ctx, p.DB, p.Sign, j.clock.Now())
		return err
	})
	j.work = job.NewWorker(p.DB, j.clock, r, signal.NewHub())
	return j
}

// event is something that happens on the way.
type event struct {
	at time.Time
	do func(ctx context.Context) error
}

// through leads through one day, no further than now: what is due is done before what happens then.
func (j *journey) through(ctx context.Context, day clock.Day) error {
	for _, e := range j.events(day) {
		if e.at.After(j.Now) {
			break
		}
		if _, err := j.work.Walk(ctx, j.clock, e.at); err != nil {
			return err
		}
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// events of a day: the bills of the day before, and the payments of spans of it.
func (j *journey) events(day clock.Day) []event {
	all := []event{{day.Start().Add(billsAt), func(ctx context.Context) error { return j.bills(ctx, day.Add(-1)) }}}
	if day >= j.today.Add(-operationDays) {
		all = append(all, j.operation(day)...)
	}
	if day >= j.today.Add(-weeksDays) {
		span := spanLong
		if day > j.today.Add(-shortDays) {
			span = spanShort
		}
		from := day.Start()
		for to := day.Start().Add(firstSale); ; to = to.Add(span) {
			if end := day.Next().Start(); !to.Before(end) {
				all = append(all, j.sales(day, from, end.Add(-time.Second)))
				break
			}
			all = append(all, j.sales(day, from, to))
			from = to
		}
	}
	all = append(all, j.payments(day)...)
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	return all
}

// sales are the payments of all shops from one moment to another, told at its end.
func (j *journey) sales(day clock.Day, from, to time.Time) event {
	return event{to, func(ctx context.Context) error {
		var paid []trade.Paid
		for _, s := range shops {
			for _, o := range ordersOf(s, day) {
				if !o.Time.Before(from) && o.Time.Before(to) {
					paid = append(paid, o.paid(s))
				}
			}
		}
		return j.DB.InTx(ctx, func(tx db.Tx) error {
			taken, err := trade.TakeMany(ctx, tx, j.clock.Now(), paid, settlement.Schedule)
			for _, t := range taken {
				if t.Refused != nil {
					return t.Refused
				}
			}
			return err
		})
	}}
}

// paid is the order as the channel tells of it.
func (o order) paid(s shop) trade.Paid {
	return trade.Paid{MerchantID: s.merchant, SPMchID: s.provider, TransactionID: o.TransactionID, OutTradeNo: o.OutTradeNo,
		Total: o.Total, SettlementTotal: o.Settlement, Coupon: o.Coupon, SuccessTime: o.Time, TradeType: o.TradeType,
		BankType: o.BankType, AppID: o.AppID, OpenID: o.OpenID, Device: o.Device, Body: o.Body, Attach: o.Attach}
}

// promptBank pays whatever is handed in, and says so when asked: the amounts by number. What an earlier start
// handed in it does not know, and is handed again.
type promptBank struct{ amounts sync.Map }

// Pay takes a batch.
func (b *promptBank) Pay(_ context.Context, batch payout.Batch) error {
	for _, o := range batch.Orders {
		b.amounts.Store(o.Number, o.Amount)
	}
	return nil
}

// Ask tells that the payment arrived.
func (b *promptBank) Ask(_ context.Context, number string) (payout.Answer, error) {
	said, _ := b.amounts.Load(number)
	amount, ok := said.(money.Fen)
	if !ok {
		return payout.Answer{}, payout.ErrUnknown
	}
	return payout.Answer{Verdict: payout.BankSuccess, Amount: amount}, nil
}
