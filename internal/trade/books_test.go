package trade_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

// everybody are the merchants whose money the sample bills move.
var everybody = []int64{noodles, store, gym, tea, books, corner}

// settleAll settles all that a merchant has not settled yet, by nothing but the rules: an upgraded one order
// by order, a legacy one in one line that the bank pays at once.
func settleAll(t testing.TB, d *db.DB, id int64, system merchant.System, run int) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		if err := ledger.Hold(t.Context(), tx, id); err != nil {
			return err
		}
		due, err := trade.DueTrades(t.Context(), tx, id, evening.Add(240*time.Hour), trade.Due{}, 100_000)
		if err != nil || len(due) == 0 {
			return err
		}
		balances, err := ledger.Balances(t.Context(), tx.PG(), id)
		if err != nil {
			return err
		}
		settled := make([]trade.Settled, len(due))
		var transfers []ledger.Transfer
		var fees money.Fen
		for i, o := range due {
			rest := o.SettlementTotal - o.GivenBack
			fee := o.Rate.Of(rest)
			fees += fee
			settled[i] = trade.Settled{TransactionID: o.TransactionID, Charged: fee}
			if system == merchant.Upgraded {
				transfers = append(transfers, ledger.Transfer{Merchant: id, Kind: "settle", Key: o.TransactionID, BusinessNo: o.TransactionID,
					Applicant: "system", Legs: []ledger.Leg{
						{Account: ledger.Unsettled, Amount: -rest, Row: ledger.RowSettle}, {Account: ledger.Basic, Amount: rest, Row: ledger.RowTrade},
						{Account: ledger.Basic, Amount: -fee, Row: ledger.RowTradeFee}, {Account: ledger.FeeIncome, Amount: fee, Row: ledger.RowFeeCharged}}})
			}
		}
		if system == merchant.Legacy {
			pool := balances[ledger.Unsettled]
			if pool <= fees {
				return nil // carried over
			}
			transfers = []ledger.Transfer{{Merchant: id, Kind: "batch", Key: fmt.Sprint(run), BusinessNo: fmt.Sprint(run), Applicant: "system", Legs: []ledger.Leg{
				{Account: ledger.Unsettled, Amount: -pool, Row: ledger.RowSettle}, {Account: ledger.FeeIncome, Amount: fees, Row: ledger.RowFeeCharged},
				{Account: ledger.Bank, Amount: pool - fees}}}}
		}
		outcomes, err := ledger.PostMany(t.Context(), tx, evening, transfers)
		for _, o := range outcomes {
			if err == nil {
				err = o.Refused
			}
		}
		if err != nil {
			return err
		}
		return trade.MarkSettled(t.Context(), tx, id, evening, "", settled)
	})
	if err != nil {
		t.Fatalf("settle %d: %v", id, err)
	}
}

// told is what the books and the daily sums of orders tell of all merchants.
type told struct {
	Gross, Revoked, Refunds, Closed, Fees, Days, DayFees, FeesBack, Asked, AskedInVain money.Fen
}

func tell(t testing.TB, d *db.DB) (s told) {
	t.Helper()
	sum := func(to *money.Fen, sql string) {
		if err := d.PG().QueryRow(t.Context(), "SELECT coalesce(sum("+sql).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	sum(&s.Gross, "in_amount), 0)::bigint FROM account_days WHERE account = 'UNSETTLED' AND row_type = 'trade'")
	sum(&s.Revoked, "out_amount), 0)::bigint FROM account_days WHERE account = 'UNSETTLED' AND row_type = 'revoke'")
	sum(&s.Refunds, "amount), 0)::bigint FROM entries WHERE account = 'T_REFUND' AND amount > 0")
	sum(&s.Closed, "in_amount), 0)::bigint FROM account_days WHERE row_type = 'refund_closed'")
	sum(&s.Fees, "balance), 0)::bigint FROM accounts WHERE account = 'FEE_INCOME'")
	sum(&s.Days, "settlement_total), 0)::bigint FROM trade_days")
	sum(&s.DayFees, "fee), 0)::bigint FROM trade_days")
	sum(&s.Asked, "refunded), 0)::bigint FROM trade_days")
	sum(&s.FeesBack, "fee_back), 0)::bigint FROM bill_refunds")
	sum(&s.AskedInVain, "refund), 0)::bigint FROM bill_refunds WHERE status = 'FAIL'")
	return s
}

// balancesOf are the accounts of all merchants that hold something.
func balancesOf(t testing.TB, d *db.DB) string {
	t.Helper()
	var all string
	for _, id := range everybody {
		balances, err := ledger.Balances(t.Context(), d.PG(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range slices.Sorted(maps.Keys(balances)) {
			if balances[a] != 0 {
				all += fmt.Sprintf("%d %s %s\n", id, a, balances[a])
			}
		}
	}
	return all
}

// The file's own summary counts revoked orders and failed refunds, which the books close at once; the report
// lists them, and by how much the fees of parts differ where a part failed in between.
func TestTheBooksComeToWhatEachBillSumsUp(t *testing.T) {
	t.Parallel()
	for _, system := range []merchant.System{merchant.Upgraded, merchant.Legacy} {
		t.Run(string(system), func(t *testing.T) {
			t.Parallel()
			var ends [2]string
			for way := range ends {
				d := dbtest.Clone(t)
				castOn(t, d, system)
				for i := range samples {
					s := samples[i]
					if way == 1 {
						s = samples[len(samples)-1-i]
					}
					before := tell(t, d)
					p := imported(t, d, s.merchant, sample(t, s.name))
					for _, id := range everybody {
						settleAll(t, d, id, system, i)
					}
					judge(t, s.name, p, before, tell(t, d))
				}
				sound(t, d)
				ends[way] = balancesOf(t, d)
				imported(t, d, store, sample(t, "1900000208-2026-11-20"))
				if again := balancesOf(t, d); again != ends[way] {
					t.Errorf("importing again moved money: %s\nbefore: %s", again, ends[way])
				}
			}
			if ends[0] != ends[1] {
				t.Errorf("forward:\n%s\nbackward:\n%s", ends[0], ends[1])
			}
		})
	}
}

func judge(t *testing.T, name string, p trade.Report, before, after told) {
	t.Helper()
	for _, c := range []struct {
		what      string
		got, want money.Fen
	}{
		{"gross", after.Gross - before.Gross, p.File.Settlement},
		{"revoked", after.Revoked - before.Revoked, line(p, trade.LineRevoked).Settlement},
		{"gross of the days", after.Days - before.Days, p.File.Settlement},
		{"fees of the days", after.DayFees - before.DayFees - after.FeesBack + before.FeesBack, p.File.Fee.Round()},
		{"refunds of the days", after.Asked - before.Asked + after.AskedInVain - before.AskedInVain, p.File.RefundAsked},
		{"refunds", after.Refunds - before.Refunds, p.File.Refund},
		{"failed refunds", after.Closed - before.Closed, line(p, trade.LineFailed).Refund},
		{"fees", after.Fees - before.Fees, p.Booked().Fee},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s %s, want %s (%+v)", name, c.what, c.got, c.want, p)
		}
	}
	if off := line(p, trade.LineRounding).Fee; off > 1 || off < -1 {
		t.Errorf("%s: fees differ by %s", name, off)
	}
}
