package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/trade"
	"zhanggui/internal/vault"
	"zhanggui/internal/wire"
	"zhanggui/web/openapi"
)

// market is the simulated channel, our own listener with its real certificate, and our books behind it.
type market struct {
	t    *testing.T
	app  *app
	pays *sandbox.WeChat
}

func openMarket(t *testing.T) market {
	t.Helper()
	d := dbtest.Clone(t)
	now := clock.At(time.Date(2026, 11, 22, 3, 20, 5, 0, time.UTC))
	var cfg net.ListenConfig
	l, err := cfg.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	keys := drawnKeys(t, t.TempDir(), l.Addr().String())
	s := settings{APIListen: l.Addr().String()}
	a := &app{db: d, clock: now, filled: make(chan struct{})}
	a.open()
	if a.channel, err = keys.channel("0123456789abcdefghijklmnopqrstuv"); err != nil {
		t.Fatal(err)
	}
	channel, err := keys.simulatedChannel(s, a.channel.v3Key)
	if err != nil {
		t.Fatal(err)
	}
	h, err := a.api()
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	opened, err := listen(ctx, s.APIListen, a.channel.apiTLS())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = serveUntil(ctx, nil, front{newServer(h), opened}) }()
	t.Cleanup(func() { stop(); <-done })
	m := market{t: t, app: a, pays: sandbox.New(d, sandbox.Persons, sandbox.Config{AppID: sandbox.DemoAppID,
		MchID: sandbox.DemoMchID, Business: now, Channel: channel})}
	m.open()
	return m
}

func (m market) open() {
	m.t.Helper()
	v, err := vault.Open([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		m.t.Fatal(err)
	}
	if err := m.app.db.InTx(m.t.Context(), func(tx db.Tx) error {
		for _, c := range sandbox.Merchants {
			err := merchant.Create(m.t.Context(), tx, v, c.New, m.app.clock.Now())
			if err == nil {
				err = ledger.OpenBooks(m.t.Context(), tx, c.ID, c.System, m.app.clock.Now())
			}
			if err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		m.t.Fatal(err)
	}
}

func (m market) pay(merchant int64, count int) []sandbox.Paid {
	m.t.Helper()
	made, err := m.pays.Pay(m.t.Context(), sandbox.Payment{Person: "p-lisiwen", Merchant: merchant, Amount: 1250, Count: count})
	if err != nil {
		m.t.Fatal(err)
	}
	return made
}

// booked counts a merchant's orders and what they come to.
func (m market) booked(merchant int64) (n, sum int64) {
	m.t.Helper()
	if err := m.app.db.PG().QueryRow(m.t.Context(), "SELECT count(*), coalesce(sum(settlement_total), 0) FROM trades WHERE merchant_id = $1", merchant).Scan(&n, &sum); err != nil {
		m.t.Fatal(err)
	}
	return n, sum
}

func TestTwoHundredPaymentsOfOneMerchantComeIntoTheBooksOverTLS(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	for _, p := range m.pay(1900000208, 200) {
		if p.Refused != "" {
			t.Error(p.Refused)
		}
	}
	if n, sum := m.booked(1900000208); n != 200 || sum != 250_000 {
		t.Errorf("%d orders of %d", n, sum)
	}
	sub := m.pay(1230000101, 1)[0]
	var provider int64
	if err := m.app.db.PG().QueryRow(t.Context(), "SELECT sp_mchid FROM trades WHERE merchant_id = 1230000101 AND transaction_id = $1", sub.TransactionID).Scan(&provider); err != nil || provider != 1230000001 || sub.Refused != "" {
		t.Errorf("%+v, %d, %v", sub, provider, err)
	}
}

// Who has paid has paid: suspended are the merchant's people, and what leads money out.
func TestAPaymentToASuspendedMerchantIsBooked(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	if _, err := m.app.db.PG().Exec(t.Context(), "UPDATE merchants SET state = 'suspended' WHERE merchant_id = 1900000109"); err != nil {
		t.Fatal(err)
	}
	if p := m.pay(1900000109, 1)[0]; p.Refused != "" {
		t.Errorf("refused: %q", p.Refused)
	}
	if n, sum := m.booked(1900000109); n != 1 || sum != 1250 {
		t.Errorf("%d orders of %d", n, sum)
	}
}

func transaction(change func(*wire.Transaction)) openapi.Notice {
	t := wire.Transaction{MchID: "1900000208", OutTradeNo: "A1", TransactionID: "4200000000202611220000000001", TradeType: "JSAPI", TradeState: "SUCCESS",
		BankType: "OTHERS", SuccessTime: "2026-11-22T11:20:05+08:00", Payer: wire.Payer{OpenID: "o1"},
		Amount: wire.TransactionAmount{Total: 1000, PayerTotal: 1000, Currency: "CNY", PayerCurrency: "CNY"}}
	change(&t)
	text, err := json.Marshal(t)
	if err != nil {
		panic(err)
	}
	return openapi.Notice{ID: "EV-1", EventType: "TRANSACTION.SUCCESS", Resource: text}
}

func TestAnOrderIsBookedOnceHoweverOftenItIsTold(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	take := m.app.notices()["trade"]
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := take(t.Context(), transaction(func(*wire.Transaction) {})); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, sum := m.booked(1900000208); n != 1 || sum != 1000 {
		t.Errorf("%d orders of %d", n, sum)
	}
	for name, change := range map[string]func(*wire.Transaction){
		"another amount":       func(t *wire.Transaction) { t.Amount.Total, t.Amount.PayerTotal = 2000, 2000 },
		"another order number": func(t *wire.Transaction) { t.OutTradeNo = "A2" },
		"another order's":      func(t *wire.Transaction) { t.TransactionID = "4200000000202611220000000002" },
	} {
		if err := take(t.Context(), transaction(change)); !errors.Is(err, trade.ErrContradicts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, sum := m.booked(1900000208); n != 1 || sum != 1000 {
		t.Errorf("after contradictions %d orders of %d", n, sum)
	}
}

func TestCouponsPaidBeforehandAreSettledAndOthersAreNot(t *testing.T) {
	t.Parallel()
	p, err := readPaid(transaction(func(t *wire.Transaction) {
		t.Amount.PayerTotal = 700
		t.Promotions = []wire.Promotion{{CouponID: "1", Type: "CASH", Amount: 100}, {CouponID: "2", Type: "NOCASH", Amount: 200}}
	}))
	if err != nil || p.Total != 1000 || p.SettlementTotal != 800 || p.Coupon != 300 || p.MerchantID != 1900000208 || p.OpenID != "o1" {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = readPaid(transaction(func(t *wire.Transaction) {
		t.MchID, t.SPMchID, t.SubMchID, t.SPAppID, t.Payer = "", "1230000001", "1230000101", "wx2", wire.Payer{SPOpenID: "o2"}
	}))
	if err != nil || p.MerchantID != 1230000101 || p.SPMchID != 1230000001 || p.OpenID != "o2" || p.AppID != "wx2" || p.SettlementTotal != money.Fen(1000) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestNotificationsThatAreNoPaidOrderAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*wire.Transaction){
		"not paid":               func(t *wire.Transaction) { t.TradeState = "NOTPAY" },
		"dollars":                func(t *wire.Transaction) { t.Amount.Currency = "USD" },
		"no time":                func(t *wire.Transaction) { t.SuccessTime = "2026-11-22 11:20:05" },
		"sums that do not add":   func(t *wire.Transaction) { t.Amount.PayerTotal = 900 },
		"a negative coupon":      func(t *wire.Transaction) { t.Promotions = []wire.Promotion{{Amount: -1}} },
		"a huge coupon":          func(t *wire.Transaction) { t.Promotions = []wire.Promotion{{Amount: 1 << 62}, {Amount: 1 << 62}} },
		"a negative amount":      func(t *wire.Transaction) { t.Amount.Total, t.Amount.PayerTotal = -1, -1 },
		"nobody's":               func(t *wire.Transaction) { t.MchID = "" },
		"two owners":             func(t *wire.Transaction) { t.SPMchID, t.SubMchID = "1230000001", "1230000101" },
		"a provider's alone":     func(t *wire.Transaction) { t.MchID, t.SPMchID = "", "1230000001" },
		"a merchant like no one": func(t *wire.Transaction) { t.MchID = "store" },
	} {
		if p, err := readPaid(transaction(change)); !errors.Is(err, trade.ErrPaid) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	n := transaction(func(*wire.Transaction) {})
	n.EventType = "REFUND.SUCCESS"
	if _, err := readPaid(n); !errors.Is(err, trade.ErrPaid) {
		t.Errorf("a refund: %v", err)
	}
}
