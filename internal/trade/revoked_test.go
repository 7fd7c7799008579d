package trade_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// revoked is an order of the gym that its own row tells as revoked.
func revoked(id string, total int64) bill.Row {
	r := order(id, total)
	r.Rate, r.Fee, r.TradeState = 60, bill.FeeOf(money.Rate(60).Of(money.Fen(total))), bill.StateRevoked
	return r
}

// way is one order of arrival of the same facts.
type way func(t *testing.T, d *db.DB) trade.Report

// ends are where the books, the lists and the days stand, and what the bill's own report says of them.
func ends(t *testing.T, d *db.DB, p trade.Report) string {
	t.Helper()
	var rows string
	err := d.PG().QueryRow(t.Context(), `
		SELECT string_agg(format('%s %s due %s refunded %s given %s taken %s charged %s', transaction_id, trade_state, due_at, refunded,
			given_back, taken_back, charged), E'\n' ORDER BY transaction_id)
			|| coalesce((SELECT E'\n' || string_agg(format('%s %s %s %s', refund_id, status, source, fee_taken), E'\n' ORDER BY refund_id)
				FROM bill_refunds WHERE status <> 'FAIL'), '')
			|| (SELECT E'\n' || string_agg(to_jsonb(y)::text, E'\n' ORDER BY day) FROM trade_days y WHERE orders > 0) FROM trades`).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s%s\nlines %+v, other states %d", balancesOf(t, d), rows, p.Lines, p.OtherState)
}

func TestAnOrderThatWasPaidAndThenRevokedStandsAsTheOtherWayRound(t *testing.T) {
	t.Parallel()
	early := func(states ...string) (all []bill.Row) {
		for i, s := range states {
			r := refund(fmt.Sprint("F", i), "T1", s, 250)
			r.Rate = 60
			all = append(all, r)
		}
		return all
	}
	for name, refunds := range map[string][]bill.Row{
		"alone": nil, "after a refund of a part": early("SUCCESS"), "after refunds of all": early("SUCCESS", "PROCESSING", "SUCCESS", "SUCCESS"),
		"after a refund that waits": early("CHANGE", "SUCCESS", "FAIL"),
	} {
		for _, system := range []merchant.System{merchant.Upgraded, merchant.Legacy} {
			t.Run(fmt.Sprint(name, " ", system), func(t *testing.T) {
				t.Parallel()
				sameEnds(t, system, refunds)
			})
		}
	}
}

// waysOf are the orders of arrival of a notice of the first of two rows, its refunds, and the bill of all of them.
func waysOf(rows, refunds []bill.Row) map[string]way {
	all := slices.Concat(rows, refunds)
	tells := func(t *testing.T, d *db.DB) {
		if got := take(t, d, nil, notice(gym, rows[0])); got[0].Refused != nil {
			t.Error(got[0].Refused)
		}
	}
	some := func(t *testing.T, d *db.DB, rows ...bill.Row) {
		if len(rows) > 0 {
			imported(t, d, gym, file(bill.All, rows...))
		}
	}
	bills := func(t *testing.T, d *db.DB) trade.Report { return imported(t, d, gym, file(bill.All, all...)) }
	return map[string]way{
		"notice, refunds, bill": func(t *testing.T, d *db.DB) trade.Report {
			tells(t, d)
			some(t, d, refunds...)
			return bills(t, d)
		},
		"notice, bill": func(t *testing.T, d *db.DB) trade.Report {
			tells(t, d)
			return bills(t, d)
		},
		"refunds, notice, bill": func(t *testing.T, d *db.DB) trade.Report {
			some(t, d, refunds...)
			tells(t, d)
			some(t, d, rows[0]) // nothing else is there to give back from
			return bills(t, d)
		},
		"paid and revoked in one file": func(t *testing.T, d *db.DB) trade.Report {
			paid := rows[0]
			paid.TradeState = bill.StateSuccess
			some(t, d, slices.Concat([]bill.Row{paid, paid, rows[0], rows[0]}, refunds)...)
			return bills(t, d)
		},
		"bill, notice": func(t *testing.T, d *db.DB) trade.Report {
			p := bills(t, d)
			tells(t, d)
			return p
		},
	}
}

// sameEnds goes each way in books of its own, and once more through the bill.
func sameEnds(t *testing.T, system merchant.System, refunds []bill.Row) {
	t.Helper()
	other := order("T2", 700)
	other.Rate, other.Fee = 60, bill.FeeOf(4)
	rows := []bill.Row{revoked("T1", 1000), other}
	at := map[string]string{}
	for name, arrive := range waysOf(rows, refunds) {
		d := dbtest.Clone(t)
		castOn(t, d, system)
		p := arrive(t, d)
		at[name] = ends(t, d, p)
		books, err := ledger.Balances(t.Context(), d.PG(), gym)
		if err != nil || books[ledger.Unsettled] != 700 || books[ledger.Channel] != -700 || books[ledger.InRefund] != 0 || books[ledger.Due] != 0 {
			t.Errorf("%s: %v, %v", name, books, err)
		}
		if n, err := trade.CountDue(t.Context(), d.PG(), gym, evening.AddDate(1, 0, 0)); err != nil || n != 1 {
			t.Errorf("%s: %d orders are due, %v", name, n, err)
		}
		sound(t, d)
		imported(t, d, gym, file(bill.All, slices.Concat(rows, refunds)...))
		if again := ends(t, d, p); again != at[name] {
			t.Errorf("%s: the bill again made of\n%s\nthis\n%s", name, at[name], again)
		}
		settleDue(t, d, evening.AddDate(0, 0, 10), gym)
		sound(t, d)
		if _, problems, err := (ledger.Verifier{DB: d}).Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("%s: the books: %v, %v", name, problems, err)
		}
	}
	for name, got := range at {
		if want := at["bill, notice"]; got != want {
			t.Errorf("%s:\n%s\nbill, notice:\n%s", name, got, want)
		}
	}
}

func TestARefundOfAnOrderThatWasRevokedMovesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	castOn(t, d, merchant.Upgraded)
	take(t, d, nil, notice(gym, revoked("T1", 1000)))
	imported(t, d, gym, file(bill.All, revoked("T1", 1000)))
	before := balancesOf(t, d)
	p := imported(t, d, gym, file(bill.All, refund("F1", "T1", "SUCCESS", 400), refund("F2", "T1", "CHANGE", 600)))
	if after := balancesOf(t, d); after != before || line(p, trade.LineVoid).Refund != 1000 {
		t.Errorf("before:\n%s\nafter:\n%s\n%+v", before, after, p.Lines)
	}
	sound(t, d)
}

func TestAnOrderThatIsSettledIsNotRevoked(t *testing.T) {
	t.Parallel()
	for _, system := range []merchant.System{merchant.Upgraded, merchant.Legacy} {
		t.Run(string(system), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Clone(t)
			castOn(t, d, system)
			take(t, d, nil, notice(gym, revoked("T1", 1000)))
			settleDue(t, d, evening.AddDate(0, 0, 10), gym)
			before, was := balancesOf(t, d), dump(t, d)
			for range 2 {
				p := imported(t, d, gym, file(bill.All, revoked("T1", 1000)))
				if p.OtherState != 1 || p.KnownTrades != 1 || line(p, trade.LineRevoked).Count != 0 {
					t.Errorf("%+v", p)
				}
			}
			if after := balancesOf(t, d); after != before || dump(t, d) != was {
				t.Errorf("before:\n%s%s\nafter:\n%s%s", before, was, after, dump(t, d))
			}
			sound(t, d)
		})
	}
}

// A line that is taken back makes its orders open again: what was charged of them went back with it.
func TestAnOrderOfALineThatWasTakenBackIsRevoked(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	o := revoked("T1", 1000)
	take(t, d, nil, notice(gym, o))
	at := evening.AddDate(0, 0, 10)
	settleDue(t, d, at, gym)
	r := refund("F1", "T1", "SUCCESS", 500)
	r.Rate, r.Fee = 60, bill.FeeOf(-3)
	imported(t, d, gym, file(bill.All, r))
	takeBack(t, d, at)
	imported(t, d, gym, file(bill.All, o))
	if left := balancesOf(t, d); left != "" {
		t.Errorf("something is left:\n%s", left)
	}
	sound(t, d)
}

// takeBack cancels the gym's line of a day, with what is still charged of its orders.
func takeBack(t *testing.T, d *db.DB, at time.Time) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		if err := ledger.Hold(t.Context(), tx, gym); err != nil {
			return err
		}
		balances, err := ledger.Balances(t.Context(), tx.PG(), gym)
		if err != nil {
			return err
		}
		charged, err := trade.Unsettle(t.Context(), tx, gym, clock.DayOf(at), at)
		if err != nil {
			return err
		}
		net := balances[ledger.InSettle]
		outcomes, err := ledger.PostMany(t.Context(), tx, at, []ledger.Transfer{{Merchant: gym, Kind: "batch.cancelled", Key: "1", BusinessNo: "1",
			Applicant: "system", Legs: []ledger.Leg{{Account: ledger.InSettle, Amount: -net},
				{Account: ledger.FeeIncome, Amount: -charged, Row: ledger.RowFeeReturned},
				{Account: ledger.Unsettled, Amount: net + charged, Row: ledger.RowSettle}}}})
		if err == nil {
			err = outcomes[0].Refused
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
