package trade_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
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

func TestRefundsThatGiveBackMoreFeeThanWasTakenAreRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	castOn(t, d, merchant.Upgraded)
	o := order("T1", 1000)
	o.Rate, o.Fee = 60, bill.FeeOf(6)
	imported(t, d, gym, file(bill.All, o))
	settleAll(t, d, gym, merchant.Upgraded, 1)
	before := balancesOf(t, d)
	back := func(id, of, state string, amount, fee int64) bill.Row {
		r := refund(id, of, state, amount)
		r.Fee = bill.FeeOf(money.Fen(-fee))
		return r
	}
	for name, rows := range map[string][]bill.Row{
		"in one":            {back("F1", "T1", "SUCCESS", 1, 6000)},
		"in two":            {back("F1", "T1", "SUCCESS", 500, 5), back("F2", "T1", "SUCCESS", 500, 4)},
		"a failed one":      {back("F1", "T1", "FAIL", 1, 6000)},
		"of an order to be": {back("F1", "T9", "SUCCESS", 1, 6000)},
	} {
		i, err := importFile(t.Context(), d, gym, file(bill.All, rows...))
		if got := strings.Join(faultsOf(i), " "); err == nil || got != "trade.refund_fee_above_charged@2" {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
	if now := balancesOf(t, d); now != before {
		t.Errorf("%s became %s", before, now)
	}
	imported(t, d, gym, file(bill.All, back("F1", "T1", "SUCCESS", 500, 3), back("F2", "T1", "SUCCESS", 500, 3)))
	if i, err := importFile(t.Context(), d, gym, file(bill.All, back("F3", "T1", "PROCESSING", 0, 6))); err == nil {
		t.Errorf("the fee came back already, and comes again: %+v", i.Report)
	}
	sound(t, d)
}

func TestARefundThatEndsOtherwiseThanTheBooksHaveItIsCounted(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, gym, file(bill.All, order("T1", 1000), refund("F1", "T1", "PROCESSING", 700)))
	if p := imported(t, d, gym, file(bill.All, refund("F1", "T1", "FAIL", 700))); p.OtherState != 1 || p.KnownRefunds != 1 {
		t.Errorf("%+v", p)
	}
	if p := imported(t, d, gym, file(bill.All, refund("F1", "T1", "PROCESSING", 700))); p.OtherState != 0 {
		t.Errorf("the same again: %+v", p)
	}
}
