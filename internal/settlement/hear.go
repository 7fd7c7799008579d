package settlement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
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

// noticePrefix begins the bank's event types; what follows is the verdict.
const noticePrefix = "SETTLEMENT."

// errNotice: what came is no notice about a payment of ours.
var errNotice = errors.New("settlement: not a notice about a payment")

// Notice takes what the bank tells. The same again changes nothing; what contradicts the payment as it
// stands raises an alarm and changes nothing either.
func (d Deps) Notice(ctx context.Context, event string, resource json.RawMessage) error {
	var n notice
	if err := json.Unmarshal(resource, &n); err != nil {
		return fmt.Errorf("%w: %w", errNotice, err)
	}
	verdict, ours := strings.CutPrefix(event, noticePrefix)
	m, err := strconv.ParseInt(n.MchID, 10, 64)
	if err != nil || !ours || !Verdict(verdict).Known() || (n.Status != "" && string(n.Status) != verdict) {
		return fmt.Errorf("%w: %s of %s", errNotice, event, n.Number)
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		p, err := lockPayment(ctx, tx, m, n.Number)
		if errors.Is(err, fault.ErrNotFound) {
			return fmt.Errorf("%w: %s", errNotice, n.Number)
		}
		if err != nil {
			return err
		}
		if n.Amount != 0 && n.Amount != p.Amount {
			return raise(ctx, tx, m, p.Number, "AMOUNT "+n.Amount.Plain(), string(p.State), d.Clock.Now())
		}
		return d.Hear(ctx, tx, m, n.Number, Answer{Verdict: Verdict(verdict), Reason: n.Reason})
	})
}

// Hear does what a verdict about a payment brings.
func (d Deps) Hear(ctx context.Context, tx db.Tx, m int64, number string, a Answer) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	p, err := lockPayment(ctx, tx, m, number)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	s := hear(p.State, a.Verdict)
	switch {
	case s.alarm:
		return raise(ctx, tx, m, number, string(a.Verdict), string(p.State), now)
	case s.to == p.State:
		return nil
	}
	if p.SentAt == nil {
		p.SentAt = &now
	}
	p.State = s.to
	switch s.to {
	case PaymentSent:
		if err := ask(ctx, tx, m, number, 1, now); err != nil {
			return err
		}
	case PaymentPaid:
		p.EndedAt = &now
	case PaymentFailed:
		p.EndedAt, p.Reason = &now, cutReason(a.Reason)
	case PaymentBack:
		if p.EndedAt == nil {
			p.EndedAt = &now
		}
		p.Returned, p.Reason = &now, cutReason(a.Reason)
	}
	if err := savePayment(ctx, tx, m, p); err != nil {
		return err
	}
	if p.Purpose == ForCheck {
		return d.checkMoved(ctx, tx, m, p, s)
	}
	return d.lineMoved(ctx, tx, m, p, s)
}

// reasonMax bounds what is kept of a bank's words, in characters.
const reasonMax = 200

func cutReason(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), reasonMax)])
}

// lineMoved books what the payment did, and moves its line.
func (d Deps) lineMoved(ctx context.Context, tx db.Tx, m int64, p payment, s step) error {
	l, err := lockLine(ctx, tx, m, p.Day)
	if err != nil {
		return err
	}
	sys, err := systemOf(ctx, tx.PG(), m)
	if err != nil {
		return err
	}
	upgraded := sys == merchant.Upgraded
	var moves []ledger.Transfer
	if s.paid {
		moves = append(moves, p.paid(m, l))
	}
	if s.back {
		moves = append(moves, p.returned(m, l, upgraded))
	}
	failed := s.to == PaymentFailed
	if failed && upgraded {
		moves = append(moves, p.kept(m, l))
	}
	if err := d.book(ctx, tx, moves); err != nil {
		return err
	}
	l.State = lineState(s.to)
	if (s.back || failed) && upgraded {
		l.State = Credited
	}
	if err := moveLine(ctx, tx, m, l); err != nil {
		return err
	}
	if s.back || failed {
		return d.tellBack(ctx, tx, m, l, p)
	}
	return nil
}

// checkMoved books a check payment and tells whoever asked for it.
func (d Deps) checkMoved(ctx context.Context, tx db.Tx, m int64, p payment, s step) error {
	var moves []ledger.Transfer
	if s.paid {
		moves = append(moves, p.checked(m, KindCheck, p.Amount))
	}
	if s.back {
		moves = append(moves, p.checked(m, KindCheckBack, -p.Amount))
	}
	if err := d.book(ctx, tx, moves); err != nil {
		return err
	}
	switch s.to {
	case PaymentPaid:
		return d.Checked(ctx, tx, m, p.Request, true, "")
	case PaymentFailed, PaymentBack:
		return d.Checked(ctx, tx, m, p.Request, false, p.Reason)
	}
	return nil
}

func (d Deps) book(ctx context.Context, tx db.Tx, moves []ledger.Transfer) error {
	for _, move := range moves {
		o, err := ledger.Post(ctx, tx, d.Clock.Now(), move)
		if err == nil && o.Known {
			err = errTwice
		}
		if err != nil {
			return fmt.Errorf("book %s %s: %w", move.Kind, move.Key, err)
		}
	}
	return nil
}
