package settlement

import (
	"context"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/payout"
	"zhanggui/internal/trade"
)

// CancelUnsent takes back the lines that were cut and not handed in to the bank: their orders are unsettled
// again and due at once, and what the lines took is in the pool again. What refunds gave back of their fees
// meanwhile stays given back. It refuses with ErrCutting while a cut is running.
func (d Deps) CancelUnsent(ctx context.Context, tx db.Tx, m int64) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	running, err := Running(ctx, tx.PG(), m)
	if err != nil {
		return err
	}
	if running {
		return ErrCutting
	}
	lines, err := linesIn(ctx, tx, m, Cut)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := d.cancel(ctx, tx, m, l); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) cancel(ctx context.Context, tx db.Tx, m int64, l Line) error {
	waited, err := payout.Cancel(ctx, tx, m, l.BankNo)
	if err != nil || !waited {
		return err
	}
	charged, err := trade.Unsettle(ctx, tx, m, l.Day, d.Clock.Now())
	if err != nil {
		return err
	}
	err = d.book(ctx, tx, []ledger.Transfer{{Merchant: m, Kind: KindCancelled, Key: l.Day.String(), BusinessNo: l.BankNo, VoucherNo: l.BatchNo,
		Applicant: system, Legs: []ledger.Leg{
			{Account: ledger.InSettle, Amount: -l.Net},
			{Account: ledger.FeeIncome, Amount: -charged, Row: ledger.RowFeeReturned},
			{Account: ledger.Unsettled, Amount: l.Net + charged, Row: ledger.RowSettle},
		}}})
	if err != nil {
		return err
	}
	l.State = Cancelled
	return moveLine(ctx, tx, m, l)
}
