package operations_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/operations"
)

func TestAMoveTakesFromOneAccountAndGivesToTheOther(t *testing.T) {
	t.Parallel()
	w := tx(t)
	if _, err := w.moves(operations.ToOperation, 1, db.NewID()); !errors.Is(err, operations.ErrNotOpen) {
		t.Fatalf("before it is open: %v", err)
	}
	w.opens()
	w.gets(upgraded, ledger.Basic, 10_000)
	m, err := w.moves(operations.ToOperation, 6_000, db.NewID())
	if err != nil || m.No() != "1900000208202611222400000001" {
		t.Fatalf("%s, %v", m.No(), err)
	}
	back, err := w.moves(operations.ToBasic, 1_000, db.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if all := w.balances(upgraded); all[ledger.Basic] != 5_000 || all[ledger.Operation] != 5_000 {
		t.Error(all)
	}
	got, err := operations.Get(t.Context(), w.db.PG(), member(upgraded, access.ReadOnly), back.No())
	from, to := got.FlowNos()
	if err != nil || got.No() != back.No() || got.Params != back.Params || got.FromSeq != back.FromSeq || got.ToSeq != back.ToSeq || from == "" || to == "" || from == to {
		t.Errorf("%+v, %v; kept %+v", got, err, back)
	}
	for no, s := range map[string]access.Scope{m.No(): member(legacy, access.Finance), "1900000208202611222400000009": member(upgraded, access.Finance), "x": member(upgraded, access.Finance)} {
		if _, err := operations.Get(t.Context(), w.db.PG(), s, no); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", no, err)
		}
	}
	rows := 0
	err = w.db.PG().QueryRow(t.Context(), `SELECT count(*) FROM entries WHERE merchant_id = $1 AND (account, row_type) IN
		(('BASIC', 'to_operation'), ('OPERATION', 'from_basic'), ('OPERATION', 'to_basic'), ('BASIC', 'from_operation'))`, upgraded).Scan(&rows)
	if err != nil || rows != 4 {
		t.Errorf("%d lines, %v", rows, err)
	}
	w.whole()
}

func TestWhoMayNotMoveMoneyDoesNot(t *testing.T) {
	t.Parallel()
	w := tx(t)
	w.opens()
	w.gets(upgraded, ledger.Basic, 100)
	var forbidden fault.Forbidden
	err := w.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := operations.Do(t.Context(), tx, member(upgraded, access.Operations), operations.Params{Direction: operations.ToOperation, Amount: 1}, db.NewID(), morning)
		return err
	})
	if !errors.As(err, &forbidden) {
		t.Error(err)
	}
}

func TestAShortAccountIsNamedWithWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := tx(t)
	w.opens()
	w.gets(upgraded, ledger.Basic, 300)
	for _, c := range []struct {
		direction operations.Direction
		want      operations.Shortage
	}{{operations.ToOperation, operations.Shortage{Account: ledger.Basic, Balance: 300, Missing: 200}},
		{operations.ToBasic, operations.Shortage{Account: ledger.Operation, Balance: 0, Missing: 500}}} {
		_, err := w.moves(c.direction, 500, db.NewID())
		if got, ok := operations.ShortageOf(err); !ok || got != c.want {
			t.Errorf("%s: %+v, %v", c.direction, got, err)
		}
	}
	raw := ledger.ErrInsufficient.With("Account", "OPERATION").With("Balance", "1,000.00").With("Missing", "0.01")
	if s, ok := operations.ShortageOf(operations.Short(raw)); !ok || s != (operations.Shortage{Account: ledger.Operation, Balance: 100_000, Missing: 1}) {
		t.Errorf("the ledger's own: %+v", s)
	}
	if _, ok := operations.ShortageOf(fault.ErrNotFound); ok {
		t.Error("something else is a shortage")
	}
	w.whole()
}

func TestTheFormIsRefusedFieldByField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		direction, amount, note string
		fields                  string
	}{
		"good":           {"to_operation", "1,000.00", "备用", ""},
		"nothing":        {"", "", "", "direction amount"},
		"too fine":       {"to_basic", "0.001", "", "amount"},
		"nothing moved":  {"to_basic", "0", "", "amount"},
		"negative":       {"to_basic", "-1", "", "amount"},
		"the most":       {"to_basic", "800000000", "", ""},
		"more than most": {"to_basic", "800000000.01", "", "amount"},
		"a long note":    {"to_basic", "1", strings.Repeat("长", 683), "note"},
		"two lines":      {"to_basic", "1", "a\nb", "note"},
		"another way":    {"to_fees", "1", "", "direction"},
	} {
		form := map[string]string{"direction": c.direction, "amount": c.amount, "note": c.note}
		_, err := operations.ParseParams(func(name string) string { return form[name] })
		var fields []string
		for _, r := range fault.All(err) {
			fields = append(fields, r.Field)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: refused %q, want %q", name, got, c.fields)
		}
	}
}

func TestTwoMovesOfTheWholeBalanceAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.opens()
	w.gets(upgraded, ledger.Basic, 10_000)
	done := make(chan error)
	for range 6 {
		go func() {
			_, err := w.moves(operations.ToOperation, 10_000, db.NewID())
			done <- err
		}()
	}
	moved := 0
	for range 6 {
		err := <-done
		if _, short := operations.ShortageOf(err); err == nil {
			moved++
		} else if !short {
			t.Error(err)
		}
	}
	if all := w.balances(upgraded); moved != 1 || all[ledger.Basic] != 0 || all[ledger.Operation] != 10_000 {
		t.Errorf("%d moved, %v", moved, all)
	}
	w.whole()
}

func TestTheSameConfirmationAtOnceMovesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.opens()
	w.gets(upgraded, ledger.Basic, 10_000)
	once, done := db.NewID(), make(chan string)
	for range 6 {
		go func() {
			m, err := w.moves(operations.ToOperation, 1_000, once)
			if err != nil {
				done <- err.Error()
				return
			}
			done <- m.No()
		}()
	}
	for range 6 {
		if no := <-done; no != "1900000208202611222400000001" {
			t.Error(no)
		}
	}
	if all := w.balances(upgraded); all[ledger.Operation] != 1_000 {
		t.Error(all)
	}
}

func TestMovesDoWhatAPairOfNumbersDoes(t *testing.T) {
	t.Parallel()
	w := tx(t)
	w.opens()
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	var basic, operation money.Fen
	moved := 0
	for range 300 {
		amount := money.Fen(rng.Int64N(500) + 1)
		switch rng.IntN(3) {
		case 0:
			w.gets(upgraded, ledger.Basic, amount)
			basic += amount
		case 1:
			_, err := w.moves(operations.ToOperation, amount, db.NewID())
			if (err == nil) != (basic >= amount) {
				t.Fatalf("%s of %s: %v", amount, basic, err)
			}
			if err == nil {
				basic, operation, moved = basic-amount, operation+amount, moved+1
			}
		case 2:
			_, err := w.moves(operations.ToBasic, amount, db.NewID())
			if (err == nil) != (operation >= amount) {
				t.Fatalf("%s of %s: %v", amount, operation, err)
			}
			if err == nil {
				basic, operation, moved = basic+amount, operation-amount, moved+1
			}
		}
		w.clock.Advance(37 * 60 * 1e9)
	}
	if all := w.balances(upgraded); all[ledger.Basic] != basic || all[ledger.Operation] != operation {
		t.Errorf("%v, want %s and %s", all, basic, operation)
	}
	list, more, err := operations.List(t.Context(), w.db.PG(), member(upgraded, access.Finance), operations.Filter{}, 1000)
	if err != nil || more || len(list) != moved || moved < 50 {
		t.Errorf("%d listed of %d, %v", len(list), moved, err)
	}
	w.whole()
}

func TestTheListIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	w := tx(t)
	w.opens()
	w.gets(upgraded, ledger.Basic, 1_000)
	var last operations.Move
	for i := range 5 {
		d := operations.ToOperation
		if i == 3 {
			d = operations.ToBasic
		}
		last, _ = w.moves(d, 10, db.NewID())
		w.clock.Advance(24 * 3600 * 1e9)
	}
	read := func(f operations.Filter, size int) int {
		t.Helper()
		list, _, err := operations.List(t.Context(), w.db.PG(), member(upgraded, access.ReadOnly), f, size)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	day := clock.DayOf(morning)
	for name, c := range map[string]struct {
		f    operations.Filter
		want int
	}{
		"all": {operations.Filter{}, 5}, "back": {operations.Filter{Direction: operations.ToBasic}, 1}, "two days": {operations.Filter{From: day, To: day.Next()}, 2},
		"one": {operations.Filter{Number: last.No()}, 1}, "no such": {operations.Filter{Number: "2900000208202611222400000001"}, 0}, "older": {operations.Filter{Before: 3}, 2},
	} {
		if got := read(c.f, 100); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if _, err := operations.ParseFilter(func(name string) string {
		return map[string]string{"direction": "x", "from": "2026-13-01", "cursor": "-1", "no": strings.Repeat("1", 65)}[name]
	}); len(fault.All(err)) != 4 {
		t.Error(err)
	}
}

func TestTheBudgetSaysWhatEachFunctionSpent(t *testing.T) {
	t.Parallel()
	w := tx(t)
	w.opens()
	w.gets(upgraded, ledger.Basic, 10_000)
	w.gets(upgraded, ledger.Operation, 500)
	if _, err := w.moves(operations.ToOperation, 6_000, db.NewID()); err != nil {
		t.Fatal(err)
	}
	post := func(kind ledger.Kind, legs ...ledger.Leg) {
		w.in(func(ctx context.Context, tx db.Tx) error {
			_, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: upgraded, Kind: kind, Key: db.NewID().String(), BusinessNo: "1", Applicant: "x", Legs: legs})
			return err
		})
	}
	post("payment", ledger.Leg{Account: ledger.Operation, Amount: -900, Row: ledger.RowPayment}, ledger.Leg{Account: ledger.InTransfer, Amount: 900})
	post("payment.failed", ledger.Leg{Account: ledger.InTransfer, Amount: -200}, ledger.Leg{Account: ledger.Operation, Amount: 200, Row: ledger.RowPaymentBack})
	post("packet", ledger.Leg{Account: ledger.Operation, Amount: -300, Row: ledger.RowPacket}, ledger.Leg{Account: ledger.InPacket, Amount: 300})
	b, err := operations.Month(t.Context(), w.db.PG(), member(upgraded, access.ReadOnly), w.clock.Now())
	if err != nil || len(b.Spent) != 2 || b.Took() != 1_200 || b.Gave() != 200 || b.Net() != 1_000 || b.MovedIn != 6_000 || b.ToppedUp != 500 || b.Other != 0 || b.Balance != 5_500 {
		t.Errorf("%+v, %v", b, err)
	}
}
