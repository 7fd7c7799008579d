package trade_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

func TestAnExportHasTheListsRowsAndRunsNoFormula(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, store, sample(t, "1900000208-2026-11-18"))
	f := filter(t, "from=2026-11-18&to=2026-11-18&min=100")
	var out bytes.Buffer
	if err := trade.Stream(t.Context(), d.PG(), member(store), f, &out); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || table[0][1] != "微信支付订单号" {
		t.Fatalf("%v, %v", table[0], err)
	}
	rows := walk(t, d, member(store), f, "100")
	if len(table) != len(rows)+1 {
		t.Fatalf("%d lines for %d orders", len(table), len(rows))
	}
	guarded := 0
	for i, r := range rows {
		line := table[i+1]
		if line[1] != r.TransactionID || line[7] != r.Total.Plain() || line[11] != r.Refunded.Plain() {
			t.Fatalf("line %d is %v for %+v", i, line, r)
		}
		for _, field := range line {
			if strings.ContainsAny(field[:min(len(field), 1)], "=+-@\t\r") {
				t.Fatalf("%q would run", field)
			}
		}
		if strings.HasPrefix(line[13], "'=") {
			guarded++
		}
	}
	if guarded == 0 {
		t.Error("no formula-like name came by")
	}
}

func TestNamesThatLookLikeFormulasAreGuardedInEveryWidth(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	names := []string{"=1+1", "+1", "-1", "@x", "\tx", "＝1", "＋1", "－1", "＠x", `a"b`, "'=x", "茶"}
	var file bytes.Buffer
	w := bill.NewWriter(&file, bill.Success)
	for i, name := range names {
		w.Write(&bill.Row{Time: evening, MchID: gym, TransactionID: fmt.Sprintf("4200%02d", i), OutTradeNo: fmt.Sprintf("A%02d", i),
			TradeType: "JSAPI", TradeState: "SUCCESS", Total: money.Fen(i), Settlement: money.Fen(i), Body: name})
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	imported(t, d, gym, file.Bytes())
	var out bytes.Buffer
	if err := trade.Stream(t.Context(), d.PG(), member(gym), filter(t, ""), &out); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		want := name
		if i < 9 {
			want = "'" + name
		}
		if got := table[len(names)-i][13]; got != want {
			t.Errorf("%q is written %q", name, got)
		}
	}
}

// leaver is a reader who goes away.
type leaver struct{ room int }

func (l *leaver) Write(p []byte) (int, error) {
	if l.room -= len(p); l.room < 0 {
		return 0, errors.New("gone")
	}
	return len(p), nil
}

func TestAnExportStopsWhenItsReaderLeaves(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, store, sample(t, "1900000208-2026-11-20"))
	if err := trade.Stream(t.Context(), d.PG(), member(store), filter(t, ""), &leaver{room: 100_000}); err == nil {
		t.Error("nobody noticed")
	}
}
