package settlement

import (
	"context"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

// The transfers of a take-over.
const (
	KindCredited ledger.Kind = "batch.credited" // a line that had come back; key: its day
	KindPool     ledger.Kind = "batch.pool"     // what the pool held beyond its orders; key: the number
)

// TakeOver goes on with a merchant that was upgraded in this transaction, whose BASIC is open: lines that came
// back from the bank go to BASIC; what the pool of unsettled money holds beyond its orders goes there, too, and
// what it lacks, with fees of lines that were carried on, is owed; open orders are due as an upgraded
// merchant's. Lines at the bank run out by themselves. no is the number of the upgrade. It tells what the pool
// brought, below zero what it lacked.
func (d Deps) TakeOver(ctx context.Context, tx db.Tx, m int64, no string) (pool money.Fen, err error) {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return 0, err
	}
	lines, err := linesIn(ctx, tx, m, Failed, Returned)
	if err != nil {
		return 0, err
	}
	for _, l := range lines {
		if err := d.credit(ctx, tx, m, l); err != nil {
			return 0, err
		}
	}
	if pool, err = d.emptyPool(ctx, tx, m, no); err != nil {
		return 0, err
	}
	dues, err := trade.Hasten(ctx, tx, m, d.Clock.Now())
	if err != nil {
		return 0, err
	}
	return pool, Schedule(ctx, tx, m, dues)
}

// credit puts a line's money onto BASIC that waits for another card.
func (d Deps) credit(ctx context.Context, tx db.Tx, m int64, l Line) error {
	err := d.book(ctx, tx, []ledger.Transfer{{Merchant: m, Kind: KindCredited, Key: l.Day.String(), BusinessNo: l.BankNo, VoucherNo: l.BatchNo,
		Applicant: system, Legs: []ledger.Leg{{Account: ledger.InSettle, Amount: -l.Net},
			{Account: ledger.Basic, Amount: l.Net, Row: ledger.RowSettleBack}}}})
	if err != nil {
		return err
	}
	l.State = Credited
	return moveLine(ctx, tx, m, l)
}

// emptyPool leaves on UNSETTLED what open orders stand for, and nothing else.
func (d Deps) emptyPool(ctx context.Context, tx db.Tx, m int64, no string) (rest money.Fen, err error) {
	_, brought, err := openLines(ctx, tx, m)
	if err != nil {
		return 0, err
	}
	balances, err := ledger.Balances(ctx, tx.PG(), m)
	if err != nil {
		return 0, err
	}
	open, err := trade.OpenSum(ctx, tx.PG(), m)
	if err != nil {
		return 0, err
	}
	pool, fees := balances[ledger.Unsettled]-open, money.Fen(0)
	for _, l := range brought {
		fees += l.fees()
		l.State = Credited
		if err := moveLine(ctx, tx, m, l); err != nil {
			return 0, err
		}
	}
	rest = pool - fees
	row := ledger.RowPool
	if rest < 0 {
		row = ledger.RowClaim
	}
	return rest, d.book(ctx, tx, []ledger.Transfer{{Merchant: m, Kind: KindPool, Key: no, BusinessNo: no, Applicant: system,
		Legs: []ledger.Leg{
			{Account: ledger.Unsettled, Amount: -pool, Row: ledger.RowSettle},
			{Account: ledger.FeeIncome, Amount: fees, Row: ledger.RowFeeCharged},
			{Account: ledger.Basic, Amount: rest, Row: row, Force: rest < 0},
		}}})
}
