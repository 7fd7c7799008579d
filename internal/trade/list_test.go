package trade_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// today is the day the tests stand in.
var today = clock.DayOf(evening)

// crowded is a service provider's bill in which many orders share a second.
func crowded() []byte {
	var file bytes.Buffer
	w := bill.NewWriter(&file, bill.All)
	for i := range 330 {
		at := time.Date(2026, 11, 10+i%5, 12, 0, i%7, 0, clock.Beijing)
		r := bill.Row{Time: at, MchID: provider, SubMchID: int64(tea + i%3), TransactionID: fmt.Sprintf("4200%024d", i*7919),
			OutTradeNo: fmt.Sprintf("A%d-%06d", i%3, i), TradeType: []string{"JSAPI", "APP"}[i%2], TradeState: bill.StateSuccess,
			Total: money.Fen(i * 10), Settlement: money.Fen(i * 10), Body: "奶茶"}
		if i%40 == 7 {
			r.TradeState = bill.StateRevoked
		}
		w.Write(&r)
		if i%30 == 8 {
			r.TradeState, r.Total, r.Settlement = bill.StateRefund, 0, 0
			r.RefundID, r.OutRefundNo, r.RefundState = fmt.Sprintf("5030%024d", i*104729), "RF-"+r.OutTradeNo, bill.RefundSuccess
			r.Refund, r.RefundAsked = 5, 5
			if i%60 == 8 {
				r.TransactionID, r.OutTradeNo = r.TransactionID+"9", r.OutTradeNo+"9" // an order nobody told
			}
			w.Write(&r)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

func filter(t testing.TB, query string) trade.Filter {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := trade.ParseFilter(v, today)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// walk reads all pages of a list, forward to the end and back to the start; both must be one list.
func walk(t interface {
	Fatalf(string, ...any)
}, d *db.DB, s access.Scope, f trade.Filter, size string) (all []trade.Row) {
	var back []trade.Row
	at := func(cursor string) ([]trade.Row, string, string) {
		p, err := trade.ParsePage(url.Values{"size": {size}, "cursor": {cursor}})
		if err != nil {
			t.Fatalf("page: %v", err)
		}
		rows, next, prev, err := trade.List(ctx, d.PG(), s, f, p)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		return rows, next, prev
	}
	rows, next, prev := at("")
	if prev != "" {
		t.Fatalf("something is before the first page")
	}
	all = append(all, rows...)
	for next != "" {
		rows, next, prev = at(next)
		all = append(all, rows...)
	}
	back = slices.Clone(rows)
	for prev != "" {
		rows, _, prev = at(prev)
		back = append(slices.Clone(rows), back...)
	}
	if fmt.Sprint(keys(back)) != fmt.Sprint(keys(all)) {
		t.Fatalf("forward %v, backward %v", keys(all), keys(back))
	}
	return all
}

func keys(rows []trade.Row) (all []string) {
	for _, r := range rows {
		all = append(all, r.TransactionID)
	}
	return all
}

func TestFiltersAndPagesAgreeWithAModel(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, provider, crowded())
	sound(t, d)
	refunds := refundNumbers(t, d)
	for name, s := range map[string]access.Scope{"provider": member(provider), "sub-merchant": member(tea)} {
		everything := walk(t, d, s, filter(t, ""), "100")
		if want := int(count(t, d, "trades WHERE $1 IN (merchant_id, sp_mchid)", s.Merchant())); len(everything) != want {
			t.Fatalf("%s sees %d of %d", name, len(everything), want)
		}
		if !slices.IsSortedFunc(everything, newest) {
			t.Fatalf("%s: not newest first", name)
		}
		rapid.Check(t, func(t *rapid.T) {
			v := drawQuery(t, everything, refunds)
			f, err := trade.ParseFilter(v, today)
			if err != nil {
				t.Fatal(err)
			}
			var want []trade.Row
			for _, r := range everything {
				if matches(r, v, refunds) {
					want = append(want, r)
				}
			}
			got := walk(t, d, s, f, rapid.SampledFrom([]string{"20", "50", "100"}).Draw(t, "size"))
			if fmt.Sprint(keys(got)) != fmt.Sprint(keys(want)) {
				t.Fatalf("%s %v:\ngot  %v\nwant %v", name, v, keys(got), keys(want))
			}
			sums, err := trade.Sum(ctx, d.PG(), s, f)
			if err != nil || sums != modelSums(want) {
				t.Fatalf("%s %v: sums %+v, want %+v, %v", name, v, sums, modelSums(want), err)
			}
			again, err := trade.ParseFilter(f.Values(), today)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(f) && again.Values().Encode() != f.Values().Encode() {
				t.Fatalf("%v is written as %v", v, f.Values())
			}
		})
	}
}

func newest(a, b trade.Row) int {
	return -cmp.Or(a.SuccessTime.Compare(b.SuccessTime), strings.Compare(a.TransactionID, b.TransactionID))
}

func refundNumbers(t testing.TB, d *db.DB) map[string][]string {
	t.Helper()
	rows, err := d.PG().Query(t.Context(), "SELECT transaction_id, refund_id, out_refund_no FROM bill_refunds")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var id, a, b string
		if err := rows.Scan(&id, &a, &b); err != nil {
			t.Fatal(err)
		}
		all[id] = append(all[id], a, b)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func drawQuery(t *rapid.T, rows []trade.Row, refunds map[string][]string) url.Values {
	v := url.Values{}
	maybe := func(field string, draw func() string) {
		if rapid.IntRange(0, 2).Draw(t, field+"?") == 0 {
			v.Set(field, draw())
		}
	}
	maybe("from", func() string { return fmt.Sprintf("2026-11-%02d", rapid.IntRange(8, 13).Draw(t, "from")) })
	maybe("to", func() string { return fmt.Sprintf("2026-11-%02d", rapid.IntRange(13, 16).Draw(t, "to")) })
	maybe("trade_state", func() string {
		return rapid.SampledFrom([]string{"SUCCESS", "REFUND", "REVOKED", "STUB", "NONE"}).Draw(t, "state")
	})
	maybe("trade_type", func() string { return rapid.SampledFrom([]string{"JSAPI", "APP"}).Draw(t, "type") })
	maybe("min", func() string { return money.Fen(rapid.Int64Range(0, 3300).Draw(t, "min")).String() })
	maybe("max", func() string { return money.Fen(rapid.Int64Range(3300, 4000).Draw(t, "max")).Plain() })
	maybe("sub_mchid", func() string { return fmt.Sprint(rapid.SampledFrom([]int{tea, books, noodles}).Draw(t, "sub")) })
	maybe("no", func() string {
		r := rapid.SampledFrom(rows).Draw(t, "row")
		numbers := append([]string{r.TransactionID, r.OutTradeNo}, refunds[r.TransactionID]...)
		n := rapid.SampledFrom(numbers).Draw(t, "number")
		return n[rapid.IntRange(0, len(n)-6).Draw(t, "tail"):]
	})
	return v
}

// matches is the filter said once more, over rows.
func matches(r trade.Row, v url.Values, refunds map[string][]string) bool {
	day := clock.DayOf(r.SuccessTime).String()
	state := r.TradeState
	if r.Stub {
		state = "STUB"
	}
	ok := (v.Get("from") == "" || day >= v.Get("from")) && (v.Get("to") == "" || day <= v.Get("to")) &&
		(v.Get("trade_state") == "" || state == v.Get("trade_state")) &&
		(v.Get("trade_type") == "" || r.TradeType == v.Get("trade_type")) &&
		(v.Get("sub_mchid") == "" || fmt.Sprint(r.MerchantID) == v.Get("sub_mchid"))
	if least, err := money.Parse(v.Get("min")); err == nil && r.Total < least {
		ok = false
	}
	if most, err := money.Parse(v.Get("max")); err == nil && r.Total > most {
		ok = false
	}
	if no := v.Get("no"); ok && no != "" {
		ok = slices.ContainsFunc(append([]string{r.TransactionID, r.OutTradeNo}, refunds[r.TransactionID]...),
			func(n string) bool { return strings.HasSuffix(n, no) })
	}
	return ok
}

func modelSums(rows []trade.Row) (s trade.Totals) {
	for _, r := range rows {
		s.Count++
		s.Total += r.Total
		s.Settlement += r.SettlementTotal
		s.Coupon += r.Coupon
		s.Fee += r.Fee
		s.Refunded += r.Refunded
	}
	return s
}

func TestWhoMayNotReadIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	nobody := access.Member(access.Seat{Merchant: store})
	_, _, _, err := trade.List(t.Context(), d.PG(), nobody, trade.Filter{}, trade.Page{})
	if err == nil {
		t.Error("a member without the permission reads orders")
	}
	reader := access.Member(access.Seat{Merchant: store, Roles: []access.Role{access.ReadOnly}})
	_, err = trade.ImportFile(t.Context(), deps(d), reader, trade.File{}, nil)
	if want := (fault.Forbidden{Permission: "trade.import"}); !errors.Is(err, want) {
		t.Errorf("a reader's import: %v", err)
	}
}
