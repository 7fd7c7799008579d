package trade_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

// merchantsOf the sample bills, service provider left out: its own books never move.
var earners = []int64{noodles, store, gym, tea, books, corner}

// upgrade makes every merchant one of the new account system, before anything is booked.
func upgrade(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := tx.PG().Exec(t.Context(), "UPDATE merchants SET account_system = 'upgraded'"); err != nil {
			return err
		}
		for _, m := range earners {
			if err := ledger.OpenAccount(t.Context(), tx, m, ledger.Basic, evening); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// settleDue settles what is due until then, as the terms of settlement say: an upgraded merchant's orders one
// by one, a legacy merchant's together.
func settleDue(t testing.TB, d *db.DB, at time.Time, merchants ...int64) {
	t.Helper()
	for _, m := range merchants {
		err := d.InTx(t.Context(), func(tx db.Tx) error { return settle(t.Context(), tx, m, at) })
		if err != nil {
			t.Fatalf("settle %d: %v", m, err)
		}
	}
}

func settle(ctx context.Context, tx db.Tx, m int64, at time.Time) error {
	if err := ledger.Hold(ctx, tx, m); err != nil {
		return err
	}
	due, err := trade.DueTrades(ctx, tx, m, at, trade.Due{}, 1_000_000)
	if err != nil || len(due) == 0 {
		return err
	}
	balances, err := ledger.Balances(ctx, tx.PG(), m)
	if err != nil {
		return err
	}
	_, upgraded := balances[ledger.Basic]
	all := ledger.Transfer{Merchant: m, Kind: "batch", Key: at.Format(time.RFC3339Nano), BusinessNo: "B", Applicant: "system"}
	var transfers []ledger.Transfer
	var settled []trade.Settled
	var gross, fees money.Fen
	for _, o := range due {
		g := o.SettlementTotal - o.GivenBack
		f := o.Rate.Of(g)
		gross, fees = gross+g, fees+f
		settled = append(settled, trade.Settled{TransactionID: o.TransactionID, Charged: f})
		one := all
		one.Kind, one.Key, one.BusinessNo = "settle", o.TransactionID, o.TransactionID
		one.Legs = []ledger.Leg{{Account: ledger.Unsettled, Amount: -g, Row: ledger.RowSettle}, {Account: ledger.Basic, Amount: g, Row: ledger.RowTrade},
			{Account: ledger.Basic, Amount: -f, Row: ledger.RowTradeFee}, {Account: ledger.FeeIncome, Amount: f, Row: ledger.RowFeeCharged}}
		transfers = append(transfers, one)
	}
	line := clock.Day("")
	if !upgraded {
		open, err := trade.OpenSum(ctx, tx.PG(), m)
		if err != nil {
			return err
		}
		net := balances[ledger.Unsettled] - open + gross - fees // what the pool has for no order that stays open
		if net < 0 {
			return nil // waits for the next line
		}
		all.Legs = []ledger.Leg{{Account: ledger.Unsettled, Amount: -net - fees, Row: ledger.RowSettle},
			{Account: ledger.FeeIncome, Amount: fees, Row: ledger.RowFeeCharged}, {Account: ledger.InSettle, Amount: net}}
		transfers, line = []ledger.Transfer{all}, clock.DayOf(at)
	}
	outcomes, err := ledger.PostMany(ctx, tx, at, transfers)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Refused != nil {
			return o.Refused
		}
	}
	return trade.MarkSettled(ctx, tx, m, at, line, settled)
}

// totals of the ledger: what orders brought, what refunds took, and the fees, of some merchants.
type bookTotals struct{ gross, refund, fee, waiting money.Fen }

func totalsOf(t testing.TB, d *db.DB, merchants []int64) (b bookTotals) {
	t.Helper()
	err := d.PG().QueryRow(t.Context(), `
		SELECT coalesce(sum(CASE row_type WHEN 'trade' THEN in_amount WHEN 'revoke' THEN -out_amount END) FILTER (WHERE account = 'UNSETTLED'), 0)::bigint,
			coalesce(sum(CASE row_type WHEN 'refund' THEN out_amount WHEN 'claim' THEN out_amount WHEN 'refund_closed' THEN -in_amount END)
				FILTER (WHERE account <> 'FEE_INCOME'), 0)::bigint
				- (SELECT coalesce(sum(balance), 0)::bigint FROM accounts WHERE account = 'DUE' AND merchant_id = ANY ($1)),
			coalesce(sum(in_amount - out_amount) FILTER (WHERE account = 'FEE_INCOME'), 0)::bigint,
			(SELECT coalesce(sum(balance), 0)::bigint FROM accounts WHERE account = 'T_REFUND' AND merchant_id = ANY ($1))
		FROM account_days WHERE merchant_id = ANY ($1)`, merchants).Scan(&b.gross, &b.refund, &b.fee, &b.waiting)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// line is one line of a report.
func line(p trade.Report, k trade.LineKind) trade.Line {
	if i := slices.IndexFunc(p.Lines, func(l trade.Line) bool { return l.Kind == k }); i >= 0 {
		return p.Lines[i]
	}
	return trade.Line{Kind: k}
}

func owners(p trade.Report) (all []int64) {
	for _, m := range p.Merchants {
		all = append(all, m.Merchant)
	}
	return all
}

// judged holds the reports of files against the books after everything is settled.
func judged(t testing.TB, d *db.DB, name string, merchants []int64, reports ...trade.Report) {
	t.Helper()
	var want bookTotals
	var orders, refunds, listed, revoked money.Fen
	for _, p := range reports {
		b := p.Booked()
		want.gross, want.refund, want.fee = want.gross+b.Settlement, want.refund+b.Refund, want.fee+b.Fee
		want.waiting += line(p, trade.LineWaiting).Refund
		orders, refunds = orders+p.File.Settlement, refunds+p.File.RefundAsked
		revoked += line(p, trade.LineRevoked).Settlement
	}
	if got := totalsOf(t, d, merchants); got != want {
		t.Errorf("%s: the ledger has %+v, the files say %+v", name, got, want)
	}
	// The daily sums and the lists show revoked orders too, and refunds as they were asked for, failed ones left out.
	var failed money.Fen
	err := d.PG().QueryRow(t.Context(), `
		SELECT coalesce(sum(settlement_total), 0)::bigint,
			(SELECT coalesce(sum(refund), 0)::bigint FROM bill_refunds WHERE status = 'FAIL' AND merchant_id = ANY ($1))
		FROM trade_days WHERE merchant_id = ANY ($1)`, merchants).Scan(&listed, &failed)
	if err != nil || listed != orders {
		t.Errorf("%s: the days have orders of %s, the files %s, revoked ones %s, %v", name, listed, orders, revoked, err)
	}
	var asked money.Fen
	if err := d.PG().QueryRow(t.Context(), "SELECT coalesce(sum(refund_total), 0)::bigint FROM trade_days WHERE merchant_id = ANY ($1)",
		merchants).Scan(&asked); err != nil || asked+failed != refunds {
		t.Errorf("%s: the days have refunds of %s and %s that failed, the files %s, %v", name, asked, failed, refunds, err)
	}
	var sums money.Fen
	for _, m := range []int64{noodles, store, gym, provider} {
		found, err := trade.Sum(t.Context(), d.PG(), member(m), trade.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		sums += found.Settlement
	}
	if sums != orders {
		t.Errorf("%s: the lists come to %s, the files to %s", name, sums, orders)
	}
}

func TestEachSampleIsExplainedToTheFen(t *testing.T) {
	t.Parallel()
	for i, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			d := dbtest.Clone(t)
			cast(t, d)
			if i%2 == 0 {
				upgrade(t, d)
			}
			p := imported(t, d, s.merchant, sample(t, s.name))
			settleDue(t, d, evening.AddDate(0, 0, 10), owners(p)...)
			judged(t, d, s.name, owners(p), p)
			if want := p.RefundStates["FAIL"]; line(p, trade.LineFailed).Count != want || line(p, trade.LineRevoked).Count != p.Revoked ||
				line(p, trade.LineWaiting).Count != p.RefundStates["CHANGE"] || line(p, trade.LineStub).Count < p.Stubs {
				t.Errorf("lines: %+v of %+v", p.Lines, p)
			}
			sound(t, d)
		})
	}
}
