package settlement

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/payout"
)

// The transfers of a line's payment; the key is its number.
const (
	KindPaid      ledger.Kind = "batch.paid"
	KindReturned  ledger.Kind = "batch.returned"
	KindCancelled ledger.Kind = "batch.cancelled" // key: the line's day
)

// Moved is told of each move of a line's payment: it books what the payment did, and moves the line.
func (d Deps) Moved(ctx context.Context, tx db.Tx, m int64, p payout.Payment, s payout.Step) error {
	l, err := lockLine(ctx, tx, m, p.Day)
	if err != nil {
		return err
	}
	sys, err := systemOf(ctx, tx.PG(), m)
	if err != nil {
		return err
	}
	upgraded, failed := sys == merchant.Upgraded, s.To == payout.Failed
	var moves []ledger.Transfer
	if s.Paid {
		moves = append(moves, paid(m, p, l))
	}
	if s.Back {
		moves = append(moves, returned(m, p, l, upgraded))
	}
	if failed && upgraded {
		moves = append(moves, kept(m, p, l))
	}
	if err := d.book(ctx, tx, moves); err != nil {
		return err
	}
	l.State = lineState(s.To)
	if (s.Back || failed) && upgraded {
		l.State = Credited
	}
	if err := moveLine(ctx, tx, m, l); err != nil {
		return err
	}
	if s.Back || failed {
		return d.tellBack(ctx, tx, m, l, p)
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

// lineState is where a line stands whose newest payment stands so.
func lineState(s payout.State) State {
	return map[payout.State]State{payout.Waiting: Cut, payout.Sending: Cut, payout.Sent: Sent, payout.Paid: Paid, payout.Failed: Failed,
		payout.Returned: Returned, payout.Cancelled: Cancelled}[s]
}

// paid is a settlement that left, in the books.
func paid(m int64, p payout.Payment, l Line) ledger.Transfer {
	return moved(m, KindPaid, p, l, ledger.Leg{Account: ledger.InSettle, Amount: -p.Amount}, ledger.Leg{Account: ledger.Bank, Amount: p.Amount})
}

// returned is one that came back; after an upgrade it goes to BASIC.
func returned(m int64, p payout.Payment, l Line, upgraded bool) ledger.Transfer {
	to := ledger.Leg{Account: ledger.InSettle, Amount: p.Amount}
	if upgraded {
		to = ledger.Leg{Account: ledger.Basic, Amount: p.Amount, Row: ledger.RowSettleBack}
	}
	return moved(m, KindReturned, p, l, ledger.Leg{Account: ledger.Bank, Amount: -p.Amount}, to)
}

// kept is one that never left, after an upgrade: it goes to BASIC, too.
func kept(m int64, p payout.Payment, l Line) ledger.Transfer {
	return moved(m, KindReturned, p, l, ledger.Leg{Account: ledger.InSettle, Amount: -p.Amount},
		ledger.Leg{Account: ledger.Basic, Amount: p.Amount, Row: ledger.RowSettleBack})
}

func moved(m int64, kind ledger.Kind, p payout.Payment, l Line, legs ...ledger.Leg) ledger.Transfer {
	return ledger.Transfer{Merchant: m, Kind: kind, Key: p.Number, BusinessNo: p.Number, VoucherNo: l.BatchNo, Applicant: system,
		Note: p.Reason, Legs: legs}
}
