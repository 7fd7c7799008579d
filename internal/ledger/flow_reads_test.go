package ledger_test

import (
	"errors"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

func TestBalancesAsOfAThousandMomentsEqualAReplay(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	rows := randomBooks(t, d, 42, 300)
	slices.Reverse(rows) // oldest first
	r := rand.New(rand.NewPCG(5, 6))
	last := rows[len(rows)-1].BookedAt
	for range 1_000 {
		at := firstDay.Add(time.Duration(r.Int64N(int64(last.Sub(firstDay)) + int64(2*time.Hour)))).Add(-time.Hour).Truncate(time.Second)
		want := map[ledger.Account]money.Fen{}
		for _, row := range rows {
			if !row.BookedAt.Before(at.Add(time.Second)) {
				break
			}
			want[row.Account] += row.Amount
		}
		got, err := ledger.PositionAt(t.Context(), d.PG(), reader, at, noon)
		must(t, err)
		for _, s := range got.Accounts {
			if s.Balance != want[s.Account] {
				t.Fatalf("as of %s %s stood at %s, a replay says %s", at, s.Account, s.Balance, want[s.Account])
			}
		}
	}
}

func TestASummaryEqualsItsRows(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	rows := randomBooks(t, d, 9, 300)
	today := clock.DayOf(rows[0].BookedAt)
	for _, account := range []ledger.Account{"", ledger.Basic, ledger.Operation, ledger.Unsettled, ledger.FeeIncome} {
		for _, by := range []string{ledger.ByDay, ledger.ByMonth} {
			a, err := ledger.ParseSummary(url.Values{"account": {string(account)}, "by": {by}, "month": {"2026-11"}}, today)
			must(t, err)
			s, err := ledger.Summarize(t.Context(), d.PG(), reader, a, today)
			must(t, err)
			for _, p := range s.Periods {
				holdsPeriod(t, s.Account, p, rows)
			}
			holdsPeriod(t, s.Account, s.Whole, rows)
		}
	}
}

// holdsPeriod compares a period with the rows of its days.
func holdsPeriod(t *testing.T, a ledger.Account, p ledger.Period, rows []ledger.FlowRow) {
	t.Helper()
	var opening, in, out money.Fen
	types := map[ledger.RowType]money.Fen{}
	for _, r := range rows {
		switch day := clock.DayOf(r.BookedAt); {
		case r.Account != a || day > p.Last:
		case day < p.First:
			opening += r.Amount
		case r.In():
			in += r.Amount
			types[r.Row] += r.Amount
		default:
			out -= r.Amount
			types[r.Row] += r.Amount
		}
	}
	if p.Opening != opening || p.InAmount != in || p.OutAmount != out || p.Closing != opening+in-out {
		t.Fatalf("%s %s: %+v, the rows say %s + %s - %s", a, p.Name(), p, opening, in, out)
	}
	for _, one := range p.Types {
		if one.InAmount-one.OutAmount != types[one.Row] {
			t.Errorf("%s %s %s: %s, the rows say %s", a, p.Name(), one.Row, one.InAmount-one.OutAmount, types[one.Row])
		}
	}
}

func TestEveryRowLeadsToItsWholeTransfer(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	for _, r := range randomBooks(t, d, 3, 60) {
		if !r.Account.Listable() {
			continue
		}
		tr, err := ledger.FindTransfer(t.Context(), d.PG(), reader, r.No())
		must(t, err)
		var sum money.Fen
		found := false
		for _, l := range tr.Legs {
			sum += l.Amount
			found = found || l.Account == r.Account && l.Seq == r.Seq && l.Balance == r.Balance
		}
		if sum != 0 || !found || tr.ID != r.Transfer || len(tr.Related) == 0 {
			t.Fatalf("%s leads to %+v", r.No(), tr)
		}
		if again, err := ledger.FindTransfer(t.Context(), d.PG(), reader, tr.JournalNo()); err != nil || again.ID != tr.ID {
			t.Fatalf("%s leads to %+v (%v)", tr.JournalNo(), again, err)
		}
	}
	for _, no := range []string{"", "x", "JZ", "1900000208202611131030000000", "1900000208202611131030000999", "1900000208202611139930000001",
		"1900000208202699991030000001", "1900000109202611131030000001", "JZ190000020820261113000000999", "JZ190000020820261113000000000"} {
		if _, err := ledger.FindTransfer(t.Context(), d.PG(), reader, no); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", no, err)
		}
	}
}

func TestNobodyWithoutTheRightReadsTheBooks(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	rows := randomBooks(t, d, 3, 20)
	for _, s := range []access.Scope{{}, access.Member(access.Seat{Merchant: upgraded, Roles: []access.Role{access.Service}})} {
		_, err1 := ledger.FindTransfer(t.Context(), d.PG(), s, rows[0].No())
		_, err2 := ledger.PositionAt(t.Context(), d.PG(), s, time.Time{}, noon)
		_, err3 := ledger.Summarize(t.Context(), d.PG(), s, ledger.SummaryAsk{By: ledger.ByDay, Month: "2026-11"}, "2026-11-22")
		_, err4 := ledger.FlowsOf(t.Context(), d.PG(), s, rows[0].BusinessNo)
		_, _, _, err5 := ledger.Flow(t.Context(), d.PG(), s, ledger.FlowFilter{From: ledger.Edge{Day: "2026-11-01"}}, ledger.FlowPage{})
		for i, err := range []error{err1, err2, err3, err4, err5} {
			var forbidden fault.Forbidden
			if !errors.As(err, &forbidden) {
				t.Errorf("%d: %v", i+1, err)
			}
		}
	}
	other := access.Job(legacy, access.System)
	list, _, _, err := ledger.Flow(t.Context(), d.PG(), other, ledger.FlowFilter{From: ledger.Edge{Day: "2026-11-01"}}, ledger.FlowPage{})
	if err != nil || len(list) != 0 {
		t.Errorf("another merchant reads %v (%v)", list, err)
	}
}

func TestAWalkThroughTheRowsMeetsEachOnceWhileNewOnesArrive(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	before := randomBooks(t, d, 17, 250)
	f, err := ledger.ParseFlowFilter(url.Values{}, clock.DayOf(noon))
	must(t, err)
	seen, cursor := map[string]bool{}, ""
	for n := 0; n == 0 || cursor != ""; n++ {
		p, err := ledger.ParseFlowPage(url.Values{ledger.FlowCursor: {cursor}})
		must(t, err)
		rows, next, _, err := ledger.Flow(t.Context(), d.PG(), reader, f, p)
		must(t, err)
		for _, r := range rows {
			if seen[rowKey(r)] {
				t.Fatalf("%s comes twice", rowKey(r))
			}
			seen[rowKey(r)] = true
		}
		cursor = next
		post(t, d, topUp(upgraded, ledger.Basic, "new"+rowKey(rows[0]), 1), topUp(upgraded, ledger.Operation, "newer"+rowKey(rows[0]), 1))
	}
	for _, r := range before {
		if own := r.Account == ledger.Basic || r.Account == ledger.Operation; own != seen[rowKey(r)] {
			t.Errorf("%s was met: %t", rowKey(r), !own)
		}
	}
}
