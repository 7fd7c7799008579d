package ledger_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// reader may read the funds of the upgraded merchant, and of nobody else.
var reader = access.Job(upgraded, access.System)

// firstDay is where the random books begin.
var firstDay = noon.AddDate(0, 0, -9)

// randomBooks books n transfers of every shape over a few days, many at one moment, and gives all rows of
// accounts that can be listed, as the entries have them.
func randomBooks(t testing.TB, d *db.DB, seed uint64, n int) []ledger.FlowRow {
	t.Helper()
	cast(t, d)
	r := rand.New(rand.NewPCG(seed, 7))
	must(t, d.InTx(t.Context(), func(tx db.Tx) error { return ledger.OpenAccount(t.Context(), tx, upgraded, ledger.Operation, firstDay) }))
	at := firstDay
	for i := 0; i < n; {
		batch := make([]ledger.Transfer, 0, 8)
		for range 1 + r.IntN(6) {
			batch = append(batch, randomTransfer(r, i))
			i++
		}
		must(t, d.InTx(t.Context(), func(tx db.Tx) error {
			_, err := ledger.PostMany(t.Context(), tx, at, batch)
			return err
		}))
		switch r.IntN(4) {
		case 0:
			at = at.Add(time.Duration(r.IntN(3)) * time.Second)
		case 1:
			at = at.Add(time.Duration(r.IntN(40_000_000)) * time.Millisecond)
		}
	}
	return allRows(t, d)
}

func randomTransfer(r *rand.Rand, i int) ledger.Transfer {
	amount := money.Fen(1 + r.IntN(2_000))
	no := fmt.Sprintf("4200%018d", r.IntN(1_000_000_000)*1000+r.IntN(40))
	tr := ledger.Transfer{Merchant: upgraded, Kind: "trade", Key: fmt.Sprint("k", i), BusinessNo: no, Applicant: "system", VoucherNo: fmt.Sprintf("V%07d", r.IntN(5_000_000))}
	switch r.IntN(5) {
	case 0:
		tr.Kind = "settle"
		tr.Legs = []ledger.Leg{{Account: ledger.Unsettled, Amount: -amount, Row: ledger.RowSettle}, {Account: ledger.Basic, Amount: amount, Row: ledger.RowTrade},
			{Account: ledger.Basic, Amount: -1, Row: ledger.RowTradeFee}, {Account: ledger.FeeIncome, Amount: 1, Row: ledger.RowFeeCharged}}
	case 1:
		tr.Kind, tr.Note, tr.VoucherNo = "refund", "少送一杯", ""
		tr.Legs = []ledger.Leg{{Account: ledger.Basic, Amount: -amount, Row: ledger.RowRefund}, {Account: ledger.InRefund, Amount: amount}}
	case 2:
		tr.Kind, tr.Applicant = "move", "caiwu01@1900000208"
		tr.Legs = []ledger.Leg{{Account: ledger.Basic, Amount: -amount, Row: ledger.RowToOperation}, {Account: ledger.Operation, Amount: amount, Row: ledger.RowFromBasic}}
	case 3:
		tr.Kind = "topup"
		tr.Legs = []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: ledger.Operation, Amount: amount, Row: ledger.RowTopUp}}
	default:
		tr.Legs = []ledger.Leg{{Account: ledger.Channel, Amount: -amount}, {Account: ledger.Unsettled, Amount: amount, Row: ledger.RowTrade}}
	}
	return tr
}

// allRows reads every entry of the merchant with its transfer, by no index and no filter.
func allRows(t testing.TB, d *db.DB) (all []ledger.FlowRow) {
	t.Helper()
	rows, err := d.PG().Query(t.Context(), `SELECT e.account, e.seq, e.booked_at, e.row_type, e.amount, e.balance_after, e.transfer_id, t.kind, t.business_no,
		t.voucher_no, t.applicant, t.note FROM entries e JOIN transfers t ON t.merchant_id = e.merchant_id AND t.id = e.transfer_id WHERE e.merchant_id = $1`, upgraded)
	must(t, err)
	for rows.Next() {
		r := ledger.FlowRow{Merchant: upgraded}
		must(t, rows.Scan((*string)(&r.Account), &r.Seq, &r.BookedAt, (*string)(&r.Row), (*int64)(&r.Amount), (*int64)(&r.Balance), &r.Transfer,
			(*string)(&r.Kind), &r.BusinessNo, &r.VoucherNo, &r.Applicant, &r.Note))
		all = append(all, r)
	}
	must(t, rows.Err())
	slices.SortFunc(all, func(a, b ledger.FlowRow) int {
		return cmp.Or(b.BookedAt.Compare(a.BookedAt), cmp.Compare(accountPlace(a.Account), accountPlace(b.Account)), cmp.Compare(b.Seq, a.Seq))
	})
	return all
}

// accountOrder is how accounts follow each other within one moment.
var accountOrder = []ledger.Account{ledger.Unsettled, ledger.Available, ledger.Basic, ledger.Operation}

func accountPlace(a ledger.Account) int { return slices.Index(accountOrder, a) }

// ask is a filter as its address says it, and which rows it means.
type ask struct {
	values url.Values
	means  func(r ledger.FlowRow) bool
}

// add sets a field of the address and what it means.
func (a *ask) add(name, value string, means func(ledger.FlowRow) bool) {
	if name != "" {
		a.values.Set(name, value)
	}
	before := a.means
	a.means = func(r ledger.FlowRow) bool { return (before == nil || before(r)) && means(r) }
}

func randomAsk(r *rand.Rand, rows []ledger.FlowRow) *ask {
	a := &ask{values: url.Values{}}
	some, other := rows[r.IntN(len(rows))], rows[r.IntN(len(rows))]
	account := []ledger.Account{"", ledger.Unsettled, ledger.Basic, ledger.Operation, ledger.InRefund, ledger.FeeIncome, ledger.Fees}[r.IntN(7)]
	if account == "" {
		a.add("", "", func(r ledger.FlowRow) bool { return r.Account == ledger.Basic || r.Account == ledger.Operation })
	} else {
		a.add(ledger.FlowAccount, string(account), func(r ledger.FlowRow) bool { return r.Account == account })
	}
	if r.IntN(3) == 0 {
		direction := []string{ledger.In, ledger.Out}[r.IntN(2)]
		a.add(ledger.FlowDirection, direction, func(r ledger.FlowRow) bool { return r.In() == (direction == ledger.In) })
	}
	if r.IntN(3) == 0 && some.Row != "" {
		value := []string{string(some.Row), some.Row.BusinessType()}[r.IntN(2)]
		a.add(ledger.FlowType, value, func(r ledger.FlowRow) bool { return string(r.Row) == value || r.Row.BusinessType() == value })
	}
	a.addTimes(r, some.BookedAt, other.BookedAt)
	if r.IntN(4) == 0 {
		least := some.Size()
		a.add(ledger.FlowMin, least.Plain(), func(r ledger.FlowRow) bool { return r.Size() >= least })
	}
	if r.IntN(4) == 0 {
		most := other.Size() + some.Size()
		a.add(ledger.FlowMax, most.String(), func(r ledger.FlowRow) bool { return r.Size() <= most })
	}
	if r.IntN(3) == 0 {
		a.addNumber(r, some)
	}
	return a
}

// addTimes bounds the span, by days or to the second, and perhaps looks back.
func (a *ask) addTimes(r *rand.Rand, one, two time.Time) {
	if two.Before(one) {
		one, two = two, one
	}
	second := func(t time.Time) time.Time { return t.In(clock.Beijing).Truncate(time.Second) }
	switch day, at := clock.DayOf(one), second(one); r.IntN(5) {
	case 0:
		a.add(ledger.FlowFrom, day.String(), func(r ledger.FlowRow) bool { return clock.DayOf(r.BookedAt) >= day })
	case 1:
		a.add(ledger.FlowFrom, at.Format("2006-01-02T15:04:05"), func(r ledger.FlowRow) bool { return !r.BookedAt.Before(at) })
	}
	switch day, at := clock.DayOf(two), second(two); r.IntN(5) {
	case 0:
		a.add(ledger.FlowTo, day.String(), func(r ledger.FlowRow) bool { return clock.DayOf(r.BookedAt) <= day })
	case 1:
		a.add(ledger.FlowTo, at.Format("2006-01-02 15:04:05"), func(r ledger.FlowRow) bool { return r.BookedAt.Before(at.Add(time.Second)) })
	case 2:
		a.add(ledger.FlowAsOf, at.Format(time.RFC3339), func(r ledger.FlowRow) bool { return r.BookedAt.Before(at.Add(time.Second)) })
	}
}

// addNumber asks for one of a row's numbers, whole or by its end.
func (a *ask) addNumber(r *rand.Rand, some ledger.FlowRow) {
	numbers := []string{some.BusinessNo, some.VoucherNo, some.FlowNo(), "x", "000001"}
	no := numbers[r.IntN(len(numbers))]
	if len(no) > 6 && r.IntN(2) == 0 {
		no = no[r.IntN(len(no)-5):]
	}
	if no == "" {
		return
	}
	a.add(ledger.FlowNumber, no, func(r ledger.FlowRow) bool {
		return slices.ContainsFunc([]string{r.BusinessNo, r.VoucherNo, r.FlowNo()}, func(own string) bool {
			return own == no || len(no) >= 6 && strings.HasSuffix(own, no)
		})
	})
}

func rowKey(r ledger.FlowRow) string { return fmt.Sprint(r.Account, " ", r.Seq) }

func rowKeys(rows []ledger.FlowRow) []string {
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = rowKey(r)
	}
	return all
}

// walkFlow reads all pages of a filter, to the end and back again, and gives the rows both ways.
func walkFlow(t testing.TB, d *db.DB, f ledger.FlowFilter, size string) (there, back []ledger.FlowRow) {
	t.Helper()
	cursor := ""
	page := func() (rows []ledger.FlowRow, next, prev string) {
		p, err := ledger.ParseFlowPage(url.Values{ledger.FlowSize: {size}, ledger.FlowCursor: {cursor}})
		must(t, err)
		rows, next, prev, err = ledger.Flow(t.Context(), d.PG(), reader, f, p)
		must(t, err)
		m, err := ledger.ShowFlowNear(t.Context(), d.PG(), reader, f, p, "funds.flow", 45)
		must(t, err)
		if !slices.Equal(m.Rows, rows) || m.Next != next || m.Prev != prev {
			t.Fatalf("%+v: the page shows\n%v, there are\n%v", f, rowKeys(m.Rows), rowKeys(rows))
		}
		return rows, next, prev
	}
	rows, next, prev := page()
	there = append(there, rows...)
	for next != "" {
		cursor = next
		rows, next, prev = page()
		there = append(there, rows...)
	}
	back = slices.Clone(rows)
	for prev != "" {
		cursor = prev
		rows, _, prev = page()
		back = append(slices.Clone(rows), back...)
	}
	return there, back
}

func TestEveryFilterFindsWhatAModelOverTheRowsFinds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		d := dbtest.Tx(t)
		rows := randomBooks(t, d, seed, 260)
		r := rand.New(rand.NewPCG(seed, 11))
		for range 120 {
			a := randomAsk(r, rows)
			f, err := ledger.ParseFlowFilter(a.values, clock.DayOf(noon))
			if err != nil {
				t.Fatalf("%s: %v", a.values.Encode(), err)
			}
			var want []ledger.FlowRow
			for _, row := range rows {
				if a.means(row) {
					want = append(want, row)
				}
			}
			there, back := walkFlow(t, d, f, []string{"20", "50"}[r.IntN(2)])
			if !slices.Equal(rowKeys(there), rowKeys(want)) || !slices.Equal(rowKeys(back), rowKeys(want)) {
				t.Fatalf("seed %d, %s:\nthere %v\nback  %v\nwant  %v", seed, a.values.Encode(), rowKeys(there), rowKeys(back), rowKeys(want))
			}
			sums(t, d, f, want, a.values.Encode())
		}
	}
}

// sums holds the totals against the rows they are of.
func sums(t testing.TB, d *db.DB, f ledger.FlowFilter, want []ledger.FlowRow, asked string) {
	t.Helper()
	var sum ledger.FlowTotals
	for _, r := range want {
		if r.In() {
			sum.Ins++
			sum.InAmount += r.Amount
		} else {
			sum.Outs++
			sum.OutAmount -= r.Amount
		}
	}
	got, err := ledger.FlowSum(t.Context(), d.PG(), reader, f)
	must(t, err)
	if got.Ins != sum.Ins || got.InAmount != sum.InAmount || got.Outs != sum.Outs || got.OutAmount != sum.OutAmount || got.Capped {
		t.Fatalf("%s: sums to %+v, the rows to %+v", asked, got, sum)
	}
	if f.Whole() && got.Opening+got.InAmount-got.OutAmount != got.Closing {
		t.Fatalf("%s: %+v does not add up", asked, got)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
