package transfer

import (
	"context"
	"sync"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
)

// The work with the channel: what is due of a merchant is sent or asked after, some at a time.
const (
	WorkKind = "transfer.work"
	lane     = "transfer"
)

// SweepKind is the daily job that takes up what nobody works on, at SweepAt.
const (
	SweepKind = "transfer.sweep"
	SweepAt   = 30 * time.Minute
)

// chunk is how many payments are in hand at once, senders how many of them talk to the channel at once.
const (
	chunk   = 200
	senders = 16
)

// grip is how long a payment in hand is left alone by others: longer than the channel may take over a chunk.
const grip = 3 * time.Minute

// errand is a payment in hand: to be sent, or asked after.
type errand struct {
	Payment
	order Order
	ask   bool // it was sent before
	last  bool // it is not sent again, whatever the channel says
	heard Answer
}

// Work does what is due of a merchant's payments, and puts down when to come again. Whoever does it twice, or
// breaks off anywhere, pays nobody twice: the channel is asked before anything is sent again.
func (d Deps) Work(ctx context.Context, r job.Run) error {
	for ctx.Err() == nil {
		n, err := d.round(ctx, r.Merchant)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error { return d.comeAgain(ctx, tx, r.Merchant) })
}

// round takes up to a chunk of what is due, talks to the channel, and writes down what it said.
func (d Deps) round(ctx context.Context, m int64) (int, error) {
	var errands []errand
	err := d.DB.InTx(ctx, func(tx db.Tx) (err error) {
		errands, err = d.take(ctx, tx, m)
		return err
	})
	if err != nil || len(errands) == 0 {
		return 0, err
	}
	d.run(ctx, errands)
	if err := ctx.Err(); err != nil {
		return 0, err // nothing is known of what was cut off: it is asked after
	}
	return len(errands), d.DB.InTx(ctx, func(tx db.Tx) error { return d.record(ctx, tx, m, errands) })
}

// take marks what is due as in hand. From here on a payment may be at the channel.
func (d Deps) take(ctx context.Context, tx db.Tx, m int64) ([]errand, error) {
	now := d.Clock.Now()
	due, err := due(ctx, tx, m, now, chunk)
	if err != nil {
		return nil, err
	}
	var errands []errand
	payees := map[string]bool{}
	for _, p := range due {
		e := errand{Payment: p, ask: p.State == Processing, last: p.lost(now)}
		if !e.ask && payees[p.OpenID] {
			continue // sent apart
		}
		if e.order, err = d.order(p); err != nil {
			return nil, err
		}
		if !e.ask {
			payees[p.OpenID] = true
		}
		errands = append(errands, e)
	}
	return errands, inHand(ctx, tx, m, errands, now)
}

func (d Deps) order(p Payment) (Order, error) {
	name, err := revealName(d.Vault, p)
	return Order{Number: p.No(), OpenID: p.OpenID, Check: p.Check, Name: name, Amount: p.Amount, Description: p.Description, Address: p.Address}, err
}

// run talks to the channel about all errands, some side by side.
func (d Deps) run(ctx context.Context, errands []errand) {
	next := make(chan *errand)
	var group sync.WaitGroup
	for range min(senders, len(errands)) {
		group.Go(func() {
			for e := range next {
				e.heard = d.talk(ctx, *e)
			}
		})
	}
	for i := range errands {
		next <- &errands[i]
	}
	close(next)
	group.Wait()
}

// talk sends one payment, or asks after it and sends it again, under the same number, where the channel never
// heard of it. What came to no answer is unknown, and so is what is refused when it is sent again: the request
// that was sent first may still arrive, and be paid.
func (d Deps) talk(ctx context.Context, e errand) Answer {
	a, sent, err := Answer{Verdict: NotFound}, false, error(nil)
	if e.ask {
		a, err = d.Channel.FindPayment(ctx, e.order.Number)
	}
	if err == nil && a.Verdict == NotFound && !e.last {
		sent = true
		a, err = d.Channel.SendPayment(ctx, e.order)
		if a.Verdict == NotFound || a.Verdict == Refused && e.ask {
			a.Verdict = Unknown
		}
	}
	if err != nil {
		return Answer{Verdict: Unknown, Reason: err.Error()}
	}
	if a.Verdict == Paid && a.Amount != e.Amount && !(sent && a.Amount == 0) {
		return Answer{Verdict: Unknown, Code: codeAmount}
	}
	return a
}

// Codes of our own: the channel speaks of another amount than it was asked for, or refuses to read the call.
const (
	codeAmount = "AMOUNT"
	CodeCall   = "FAIL"
)

// peopleMend are the codes that no waiting mends: the payment is asked after all the same, and operators are told.
var peopleMend = map[string]bool{codeAmount: true, CodeCall: true, "NOTENOUGH": true, "SIGN_ERROR": true, "NO_AUTH": true, "CA_ERROR": true,
	"PARAM_ERROR": true, "XML_ERROR": true}

// comeAgain puts down when there is next something to do.
func (d Deps) comeAgain(ctx context.Context, tx db.Tx, m int64) error {
	at, err := nextDue(ctx, tx, m)
	if err != nil || at == nil {
		return err
	}
	return wakeAt(ctx, tx, m, *at)
}

func wakeAt(ctx context.Context, tx db.Tx, m int64, at time.Time) error {
	return job.Wake(ctx, tx, job.Job{Merchant: m, Kind: WorkKind, Key: "at/" + at.UTC().Format(time.RFC3339Nano), Lane: lane, Payload: struct{}{}, Due: at})
}

// Sweep wakes the work of every merchant that has open payments: what a dead job left behind is taken up.
func (d Deps) Sweep(ctx context.Context, _ job.Run) error {
	houses, err := unfinished(ctx, d.DB.PG())
	if err != nil {
		return err
	}
	for _, m := range houses {
		if err := d.DB.InTx(ctx, func(tx db.Tx) error { return wakeAt(ctx, tx, m, d.Clock.Now()) }); err != nil {
			return err
		}
	}
	return nil
}
