package trade_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

func TestHostileNoticesAreRefusedOneByOne(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	// A stub whose refunds are larger than what a notice says of it.
	imported(t, d, gym, file(bill.All, refund("F1", "STUB", "SUCCESS", 900)))
	bad := func(change func(*trade.Paid)) trade.Paid {
		p := paid(noodles, 9000, 100)
		change(&p)
		return p
	}
	stub := paid(gym, 1, 899)
	stub.TransactionID, stub.OutTradeNo = "STUB", "O-STUB"
	asks := []trade.Paid{
		bad(func(p *trade.Paid) { p.Total = -1 }),
		bad(func(p *trade.Paid) { p.Total, p.SettlementTotal = 1<<62, 1<<62 }),
		bad(func(p *trade.Paid) { p.SettlementTotal = -1 << 63 }),
		bad(func(p *trade.Paid) { p.Coupon = 101 }),
		bad(func(p *trade.Paid) { p.Body = "茶\x00" }),
		bad(func(p *trade.Paid) { p.Attach = "\xff\xfe" }),
		bad(func(p *trade.Paid) { p.TransactionID = "42\x00" }),
		bad(func(p *trade.Paid) { p.OutTradeNo = strings.Repeat("9", 65) }),
		bad(func(p *trade.Paid) { p.Body = strings.Repeat("长", 1000) }),
		bad(func(p *trade.Paid) { p.SuccessTime = evening.Add(11 * time.Minute) }),
		bad(func(p *trade.Paid) { p.SuccessTime = time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		bad(func(p *trade.Paid) { p.SuccessTime = time.Time{} }),
		bad(func(p *trade.Paid) { p.SuccessTime = time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		bad(func(p *trade.Paid) { p.MerchantID = 0 }),
		bad(func(p *trade.Paid) { p.MerchantID = -1 }),
		stub,
	}
	good := paid(noodles, 1, 100)
	for i, got := range take(t, d, nil, append(asks, good)...) {
		if (got.Refused == nil) != (i == len(asks)) {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if got := take(t, d, nil, stub); !errors.Is(got[0].Refused, trade.ErrContradicts) {
		t.Errorf("an order smaller than its refunds: %+v", got)
	}
	balances, err := ledger.Balances(t.Context(), d.PG(), noodles)
	if err != nil || balances[ledger.Unsettled] != 100 || count(t, d, "trades WHERE merchant_id = $1", noodles) != 1 {
		t.Errorf("%v, %v", balances, err)
	}
	sound(t, d)
}

func TestFiveHundredNoticesWithRepeatsAreBookedOnceEach(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	var asks []trade.Paid
	for n := range 500 {
		p := paid(noodles, n%200, money.Fen(100+n%200))
		if n%100 == 99 {
			p.Total++ // another amount for a number that is known by then
			p.TransactionID, p.OutTradeNo = fmt.Sprintf("4200%024d", 7), "A000007"
		}
		asks = append(asks, p)
	}
	var refused int
	for _, got := range take(t, d, nil, asks...) {
		if errors.Is(got.Refused, trade.ErrContradicts) {
			refused++
		}
	}
	var want money.Fen
	for n := range 200 {
		if n%100 != 99 { // those were told otherwise, each time
			want += money.Fen(100 + n)
		}
	}
	balances, err := ledger.Balances(t.Context(), d.PG(), noodles)
	if err != nil || refused != 5 || balances[ledger.Unsettled] != want {
		t.Errorf("%d refused, %v instead of %s, %v", refused, balances, want, err)
	}
	sound(t, d)
}

func TestRefundsThatTakeMoreThanTheOrderBroughtAreRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	o := order("T1", 100)
	o.Settlement = 90
	i, err := importFile(t.Context(), d, gym, file(bill.All, o, refund("F1", "T1", "SUCCESS", 91)))
	if got := strings.Join(faultsOf(i), " "); err == nil || got != "trade.refund_above_settlement@3" {
		t.Errorf("%v, %s", err, got)
	}
	imported(t, d, gym, file(bill.All, refund("F1", "T1", "SUCCESS", 91)))
	i, err = importFile(t.Context(), d, gym, file(bill.All, o))
	if got := strings.Join(faultsOf(i), " "); err == nil || got != "trade.refund_above_settlement@2" {
		t.Errorf("the refund first: %v, %s", err, got)
	}
}
