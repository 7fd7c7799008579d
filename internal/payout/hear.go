package payout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/difference"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// notice is what the bank tells by itself.
type notice struct {
	Number string    `json:"out_payout_no"`
	MchID  string    `json:"mchid"`
	Status Verdict   `json:"status"`
	Amount money.Fen `json:"amount"`
	Reason string    `json:"reason"`
}

// verdictOf reads the bank's event types: SETTLEMENT or PAYOUT, and the verdict.
func verdictOf(event string) (v Verdict, ours bool) {
	what, verdict, _ := strings.Cut(event, ".")
	v = Verdict(verdict)
	return v, (what == "SETTLEMENT" || what == "PAYOUT") && v.Known()
}

// errNotice: what came is no notice about a payment of ours.
var errNotice = errors.New("payout: not a notice about a payment")

// Notice takes what the bank tells. The same again changes nothing; what contradicts the payment as it
// stands raises an alarm and changes nothing either.
func (d Deps) Notice(ctx context.Context, event string, resource json.RawMessage) error {
	var n notice
	if err := json.Unmarshal(resource, &n); err != nil {
		return fmt.Errorf("%w: %w", errNotice, err)
	}
	verdict, ours := verdictOf(event)
	m, err := strconv.ParseInt(n.MchID, 10, 64)
	if err != nil || !ours || (n.Status != "" && n.Status != verdict) {
		return fmt.Errorf("%w: %s of %s", errNotice, event, n.Number)
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		err := d.Hear(ctx, tx, m, n.Number, Answer{Verdict: verdict, Amount: n.Amount, Reason: n.Reason})
		if errors.Is(err, fault.ErrNotFound) {
			return fmt.Errorf("%w: %s", errNotice, n.Number)
		}
		return err
	})
}

// Hear does what a verdict about a payment brings. One about another amount is no verdict about this payment.
func (d Deps) Hear(ctx context.Context, tx db.Tx, m int64, number string, a Answer) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	p, err := lockPayment(ctx, tx, m, number)
	if err != nil {
		return err
	}
	if a.Amount != p.Amount {
		return d.raise(ctx, tx, m, p, difference.Amount(a.Amount))
	}
	now := d.Clock.Now()
	s := hear(p.State, a.Verdict)
	late, err := d.late(ctx, tx, p, s)
	switch {
	case err != nil:
		return err
	case s.alarm || late:
		return d.raise(ctx, tx, m, p, string(a.Verdict))
	case s.To == p.State:
		return nil
	}
	p.become(s.To, a.Reason, now)
	if s.To == Sent {
		if err := ask(ctx, tx, m, number, 1, now); err != nil {
			return err
		}
	}
	if err := savePayment(ctx, tx, m, p); err != nil {
		return err
	}
	return d.told(ctx, tx, m, p, s)
}

// become writes down that the payment stands otherwise.
func (p *Payment) become(to State, reason string, now time.Time) {
	if p.SentAt == nil {
		p.SentAt = &now
	}
	if p.State = to; to == Sent {
		return
	}
	if p.EndedAt == nil {
		p.EndedAt = &now
	}
	switch to {
	case Failed:
		p.Reason = cutReason(reason)
	case Returned:
		p.ReturnedAt, p.Reason = &now, cutReason(reason)
	}
}

// returnDays is how many working days after success a withdrawal can still come back.
const returnDays = 7

// late tells of a withdrawal that comes back when it no longer can: people look into that.
func (d Deps) late(ctx context.Context, tx db.Tx, p Payment, s Step) (bool, error) {
	if !s.Back || p.Purpose != ForWithdrawal || p.EndedAt == nil {
		return false, nil
	}
	cal, err := calendar.Load(ctx, tx.PG(), d.Clock.Now())
	last := clock.DayOf(*p.EndedAt)
	for range returnDays {
		last = cal.Next(last)
	}
	return clock.DayOf(d.Clock.Now()) > last, err
}

// reasonMax bounds what is kept of a bank's words, in characters.
const reasonMax = 200

func cutReason(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), reasonMax)])
}
