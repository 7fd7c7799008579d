package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/difference"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Limits of what is kept of the channel's words.
const (
	codeMax   = 64  // bytes
	reasonMax = 200 // characters
	ownNoMax  = 64
)

// record books what the channel said of payments in hand.
func (d Deps) record(ctx context.Context, tx db.Tx, m int64, errands []errand) error {
	heard := make(map[int64]Answer, len(errands))
	counts := make([]int64, 0, len(errands))
	for _, e := range errands {
		heard[e.N], counts = e.heard, append(counts, e.N)
	}
	return d.settle(ctx, tx, m, counts, heard)
}

// settle moves payments by what the channel said of them.
func (d Deps) settle(ctx context.Context, tx db.Tx, m int64, counts []int64, heard map[int64]Answer) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	stand, err := lockPayments(ctx, tx, m, counts)
	if err != nil {
		return err
	}
	b := booking{Deps: d, merchant: m, now: d.Clock.Now(), homes: map[ledger.Account]ledger.Account{}, files: map[uuid.UUID]bool{}}
	for _, n := range counts {
		p, found := stand[n]
		if !found {
			return fmt.Errorf("transfer: payment %d of %d is gone", n, m)
		}
		if err := b.hear(ctx, tx, p, heard[n]); err != nil {
			return err
		}
	}
	return b.save(ctx, tx)
}

// booking is what is about to be written of payments that moved.
type booking struct {
	Deps
	merchant int64
	now      time.Time
	homes    map[ledger.Account]ledger.Account
	files    map[uuid.UUID]bool // whose payments ended
	moved    []Payment
	moves    []ledger.Transfer
}

func (b *booking) hear(ctx context.Context, tx db.Tx, p Payment, a Answer) error {
	s := hear(p, a.Verdict, b.now)
	switch {
	case s.alarm:
		return difference.Raise(ctx, tx, p.Merchant, difference.Transfer, p.No(), string(a.Verdict), p.State.Wire(), b.now)
	case p.State.Ended():
		return nil
	case !s.to.Ended():
		b.later(p)
		if a.Verdict != Unknown || !peopleMend[a.Code] {
			return nil
		}
		return difference.Raise(ctx, tx, p.Merchant, difference.Transfer, p.No(), a.Code, p.State.Wire(), b.now)
	}
	p.State, p.EndedAt, p.DueAt, p.PaymentNo = s.to, &b.now, nil, cutBytes(a.PaymentNo, ownNoMax)
	if p.FileID != nil {
		b.files[*p.FileID] = true
	}
	if s.to == Success {
		b.moves = append(b.moves, p.paid())
	} else if err := b.fail(ctx, tx, &p, a); err != nil {
		return err
	}
	b.moved = append(b.moved, p)
	return nil
}

// fail sends the money home.
func (b *booking) fail(ctx context.Context, tx db.Tx, p *Payment, a Answer) (err error) {
	home, ok := b.homes[p.PaidFrom]
	if !ok {
		if home, err = ledger.Home(ctx, tx, p.Merchant, p.PaidFrom); err != nil {
			return err
		}
		b.homes[p.PaidFrom] = home
	}
	p.ReturnedTo, p.Code, p.Reason = home, cutBytes(a.Code, codeMax), cut(a.Reason, reasonMax)
	switch {
	case a.Verdict == NotFound:
		p.Code = CodeLost
	case p.Code == "":
		p.Code = CodeFailed
	}
	b.moves = append(b.moves, p.returned(Why(ctx, p.Code, p.Reason)))
	return nil
}

// later puts down when the channel is asked next.
func (b *booking) later(p Payment) {
	at := b.now.Add(wait(p.Turns))
	p.DueAt = &at
	b.moved = append(b.moved, p)
}

func (b *booking) save(ctx context.Context, tx db.Tx) error {
	if len(b.moved) == 0 {
		return nil
	}
	done, err := ledger.PostMany(ctx, tx, b.now, b.moves)
	if err != nil {
		return err
	}
	for i, o := range done {
		if o.Refused != nil || o.Known {
			return fmt.Errorf("transfer: book %s %s: %w, known %v", b.moves[i].Kind, b.moves[i].Key, o.Refused, o.Known)
		}
	}
	if err := savePayments(ctx, tx, b.merchant, b.moved); err != nil {
		return err
	}
	if err := b.tellFailed(ctx, tx); err != nil {
		return err
	}
	return b.endFiles(ctx, tx)
}

// notice is what the channel tells by itself.
type notice struct {
	Number    string    `json:"partner_trade_no"`
	Status    Verdict   `json:"status"`
	PaymentNo string    `json:"payment_no"`
	Amount    money.Fen `json:"payment_amount"`
	Code      string    `json:"err_code"`
	Reason    string    `json:"reason"`
}

// errNotice: what came is no notice about a payment of ours.
var errNotice = errors.New("transfer: not a notice about a payment")

// Notice takes what the channel tells. The same again changes nothing; what contradicts the payment as it
// stands raises an alarm and changes nothing either.
func (d Deps) Notice(ctx context.Context, event string, resource json.RawMessage) error {
	var n notice
	if err := json.Unmarshal(resource, &n); err != nil {
		return fmt.Errorf("%w: %w", errNotice, err)
	}
	m, c := owner(n.Number), count(n.Number)
	if m == 0 || event != "TRANSFER."+string(n.Status) || n.Status != Paid && n.Status != Refused {
		return fmt.Errorf("%w: %s of %s", errNotice, event, n.Number)
	}
	return d.DB.InTx(ctx, func(tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return fmt.Errorf("%w: %w", errNotice, err)
		}
		stand, err := lockPayments(ctx, tx, m, []int64{c})
		if err != nil {
			return err
		}
		p, found := stand[c]
		if !found || p.No() != n.Number || p.State == Waiting {
			return fmt.Errorf("%w: %s", errNotice, n.Number)
		}
		if n.Amount != p.Amount {
			return difference.Raise(ctx, tx, m, difference.Transfer, p.No(), difference.Amount(n.Amount), p.State.Wire(), d.Clock.Now())
		}
		a := Answer{Verdict: n.Status, PaymentNo: n.PaymentNo, Amount: n.Amount, Code: n.Code, Reason: n.Reason}
		return d.settle(ctx, tx, m, []int64{c}, map[int64]Answer{c: a})
	})
}

func cut(text string, most int) string {
	r := []rune(text)
	return string(r[:min(len(r), most)])
}

func cutBytes(text string, most int) string { return text[:min(len(text), most)] }
