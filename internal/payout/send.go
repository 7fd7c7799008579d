package payout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
)

// The work with the bank: a batch is handed in, and each of its payments is asked after until it has ended.
const (
	SendKind = "payout.send"
	AskKind  = "payout.ask"
)

// Waits between questions after a payment.
const (
	askFirst = 10 * time.Minute
	askLater = 6 * time.Hour
	askDaily = 60 // turns after which it is asked once a day, for as long as it takes
	askRare  = 24 * time.Hour
)

type batchJob struct {
	Batch string `json:"batch"`
}

// HandInAt puts down when a batch is to be handed in.
func HandInAt(ctx context.Context, tx db.Tx, m int64, batch string, due time.Time) error {
	return job.Enqueue(ctx, tx, job.Job{Merchant: m, Kind: SendKind, Key: batch + "@" + due.UTC().Format(time.RFC3339), Lane: "bank",
		Payload: batchJob{batch}, Due: due})
}

// Send is the job that hands a batch in. After a change of the settlement card it waits until the day of
// rest is over. What became of it when no answer came is found out by handing in the same again.
func (d Deps) Send(ctx context.Context, r job.Run) error {
	var b batchJob
	if err := r.Decode(&b); err != nil {
		return err
	}
	return d.HandIn(ctx, r.Merchant, b.Batch)
}

// HandIn hands in what the bank has not taken of a batch.
func (d Deps) HandIn(ctx context.Context, m int64, number string) error {
	var b Batch
	err := d.DB.InTx(ctx, func(tx db.Tx) (err error) {
		b, err = d.ready(ctx, tx, m, number)
		return err
	})
	if err != nil || len(b.Orders) == 0 {
		return err
	}
	if err := d.Bank.Pay(ctx, b); err != nil {
		return d.refused(ctx, m, fmt.Errorf("hand in batch %s: %w", number, err), b.Orders...)
	}
	return d.taken(ctx, m, b)
}

// ready fixes the card of each payment and says which the bank shall have; none while payouts rest.
func (d Deps) ready(ctx context.Context, tx db.Tx, m int64, number string) (Batch, error) {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return Batch{}, err
	}
	payments, err := unsent(ctx, tx, m, number)
	if err != nil || len(payments) == 0 {
		return Batch{}, err
	}
	card, err := merchant.SettlementCard(ctx, tx.PG(), d.Vault, m)
	if err != nil {
		return Batch{}, err
	}
	now := d.Clock.Now()
	if rests(payments, card, now) {
		return Batch{}, HandInAt(ctx, tx, m, number, *card.PayoutsFrom)
	}
	b := Batch{Number: number, Purpose: payments[0].Purpose}
	for _, p := range payments {
		if p.State == Waiting {
			if len(p.Account) == 0 {
				p.Bank, p.Tail, p.Account = card.Bank, card.Tail(), d.Vault.Seal(CardAt(m, p.Number), card.Number)
			}
			p.State = Sending
			if err := savePayment(ctx, tx, m, p); err != nil {
				return Batch{}, err
			}
		}
		account, err := d.Vault.Reveal(CardAt(m, p.Number), p.Account)
		if err != nil {
			return Batch{}, fmt.Errorf("card of payment %s: %w", p.Number, err)
		}
		b.Orders = append(b.Orders, Order{Number: p.Number, MchID: m, Holder: card.Holder, Bank: p.Bank, Account: account,
			Amount: p.Amount, Memo: p.Memo})
	}
	return b, nil
}

// rests tells whether the batch must wait because the settlement card is new. What has its card never
// waits: a check of a new one, and what may be at the bank already.
func rests(payments []Payment, card merchant.Card, now time.Time) bool {
	if card.PayoutsFrom == nil || !now.Before(*card.PayoutsFrom) {
		return false
	}
	for _, p := range payments {
		if len(p.Account) > 0 {
			return false
		}
	}
	return true
}

// taken writes down that the bank has the batch.
func (d Deps) taken(ctx context.Context, m int64, b Batch) error {
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		for _, o := range b.Orders {
			if err := d.Hear(ctx, tx, m, o.Number, Answer{Verdict: Processing, Amount: o.Amount}); err != nil {
				return err
			}
		}
		return nil
	})
}

type askJob struct {
	Number string `json:"number"`
	Turn   int    `json:"turn"`
}

// ask puts down the next question after a payment. One that was handed in again begins anew.
func ask(ctx context.Context, tx db.Tx, m int64, number string, turn int, now time.Time) error {
	wait := min(askFirst*time.Duration(turn*turn), askLater)
	if turn > askDaily {
		wait = askRare
	}
	return job.Wake(ctx, tx, job.Job{Merchant: m, Kind: AskKind, Key: fmt.Sprintf("%s#%d", number, turn), Lane: "bank",
		Payload: askJob{number, turn}, Due: now.Add(wait)})
}

// Ask is the job that asks the bank after a payment that has not ended.
func (d Deps) Ask(ctx context.Context, r job.Run) error {
	var a askJob
	if err := r.Decode(&a); err != nil {
		return err
	}
	state, batch, err := stateOf(ctx, d.DB.PG(), r.Merchant, a.Number)
	switch {
	case err != nil:
		return err
	case state == Sending: // to be handed in again, and that broke off
		return d.HandIn(ctx, r.Merchant, batch)
	case state != Sent:
		return nil
	}
	answer, err := d.Bank.Ask(ctx, a.Number)
	if errors.Is(err, ErrUnknown) {
		return d.again(ctx, r.Merchant, a.Number, batch)
	}
	if err != nil {
		return d.refused(ctx, r.Merchant, fmt.Errorf("ask after %s: %w", a.Number, err), Order{Number: a.Number})
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := d.Hear(ctx, tx, r.Merchant, a.Number, answer); err != nil {
			return err
		}
		if answer.Verdict == Processing {
			return ask(ctx, tx, r.Merchant, a.Number, a.Turn+1, d.Clock.Now())
		}
		return nil
	})
}

// again hands in what the bank took and does not know: under the same number, so it is paid once.
func (d Deps) again(ctx context.Context, m int64, number, batch string) error {
	err := d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		p, err := lockPayment(ctx, tx, m, number)
		if err != nil || p.State != Sent {
			return err
		}
		p.State = Sending
		return savePayment(ctx, tx, m, p)
	})
	if err != nil {
		return err
	}
	return d.HandIn(ctx, m, batch)
}
