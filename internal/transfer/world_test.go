package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/signal"
	"zhanggui/internal/transfer"
	"zhanggui/internal/vault"
)

const (
	upgraded int64 = 1900000208
	legacy   int64 = 1900000109
)

var morning = time.Date(2026, 11, 23, 9, 30, 0, 0, clock.Beijing)

// world is two merchants with money that have opened the product, a channel that keeps a book, and a clock.
type world struct {
	transfer.Deps
	t       testing.TB
	clock   *clock.Manual
	channel *channel
	scopes  map[int64]access.Scope
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	w := &world{t: t, clock: clock.At(morning), channel: newChannel(), scopes: map[int64]access.Scope{}}
	w.Deps = transfer.Deps{DB: d, Clock: w.clock, Vault: v, Channel: w.channel,
		Gate: identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})}
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, system := range map[int64]merchant.System{upgraded: merchant.Upgraded, legacy: merchant.Legacy} {
			n := merchant.New{ID: id, Kind: merchant.Direct, LegalName: "商户有限公司", ShortName: "商户", System: system, Cycle: merchant.T1, FeeRate: 60,
				SettlementBank: "招商银行", SettlementAccount: "6222021234567890123", AppID: "wx1"}
			if err := merchant.Create(ctx, tx, v, n, morning.AddDate(-1, 0, 0)); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, id, system, morning.AddDate(-1, 0, 0)); err != nil {
				return err
			}
			if _, err := tx.PG().Exec(ctx, `INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, version, agreement, hash, opened_at)
				VALUES ($1, 1, $2, 'open', 'system', $3, '1', 'x', encode(sha256('x'), 'hex'), $3)`, id, transfer.Code, morning); err != nil {
				return err
			}
		}
		return nil
	})
	for _, id := range []int64{upgraded, legacy} {
		w.scopes[id] = access.Job(id, access.Actor{Name: fmt.Sprintf("caiwu01@%d", id), Account: db.NewID()})
	}
	w.fund(upgraded, ledger.Basic, 50_000_00)
	w.fund(legacy, ledger.Available, 50_000_00)
	return w
}

func inTx(t testing.TB) *world { return newWorld(t, dbtest.Tx(t)) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) in(f func(context.Context, db.Tx) error) {
	w.t.Helper()
	must(w.t, w.DB.InTx(w.t.Context(), func(tx db.Tx) error { return f(w.t.Context(), tx) }))
}

// fund puts money on an account.
func (w *world) fund(m int64, a ledger.Account, amount money.Fen) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		key := db.NewID().String()
		_, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: m, Kind: "topup", Key: key, BusinessNo: key, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: a, Amount: amount, Row: ledger.RowTopUp}}})
		return err
	})
}

// openOperation opens the operations account.
func (w *world) openOperation(m int64) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		return ledger.OpenAccount(ctx, tx, m, ledger.Operation, w.clock.Now())
	})
}

// ask is an ordinary payment to a payee.
func (w *world) ask(m int64, payee string, amount money.Fen) transfer.Ask {
	return transfer.Ask{Scope: w.scopes[m], OpenID: payee, Check: transfer.NoCheck, Amount: amount, Description: "十月报销", Address: "203.0.113.7"}
}

// accept accepts asks together.
func (w *world) accept(asks ...transfer.Ask) (out []transfer.Outcome) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) (err error) {
		out, err = w.AcceptMany(ctx, tx, asks)
		return err
	})
	return out
}

// pays accepts one that must be accepted.
func (w *world) pays(a transfer.Ask) transfer.Payment {
	w.t.Helper()
	o := w.accept(a)[0]
	must(w.t, o.Refused)
	return o.Payment
}

// refused fails unless the ask is refused with the code.
func (w *world) refused(a transfer.Ask, want *fault.Refusal) *fault.Refusal {
	w.t.Helper()
	o := w.accept(a)[0]
	all := fault.All(o.Refused)
	if len(all) != 1 || all[0].Code != want.Code {
		w.t.Fatalf("%s to %s: refused with %v, want %v", a.Amount, a.OpenID, o.Refused, want)
	}
	return all[0]
}

// work does what is due of a merchant, as its job would.
func (w *world) work(m int64) {
	w.t.Helper()
	must(w.t, w.Work(w.t.Context(), job.Run{Merchant: m}))
}

// get reads a payment as it stands.
func (w *world) get(p transfer.Payment) transfer.Payment {
	w.t.Helper()
	now, _, err := transfer.Get(w.t.Context(), w.DB.PG(), w.scopes[p.Merchant], p.No())
	must(w.t, err)
	return now
}

func (w *world) is(p transfer.Payment, want transfer.State) transfer.Payment {
	w.t.Helper()
	now := w.get(p)
	if now.State != want {
		w.t.Fatalf("payment %s is %s (%s %s), want %s", p.No(), now.State, now.Code, now.Reason, want)
	}
	return now
}

// stands fails unless a merchant's accounts stand so.
func (w *world) stands(m int64, want map[ledger.Account]money.Fen) {
	w.t.Helper()
	got, err := ledger.Balances(w.t.Context(), w.DB.PG(), m)
	must(w.t, err)
	for a, balance := range want {
		if got[a] != balance {
			w.t.Errorf("%s of %d stands at %s, want %s", a, m, got[a], balance)
		}
	}
}

// sound fails when what is stored is not as it must be.
func (w *world) sound() {
	w.t.Helper()
	_, problems, err := transfer.Verify(w.t.Context(), w.DB.PG())
	must(w.t, err)
	for _, p := range problems {
		w.t.Error(p)
	}
}

// alarms counts what the channel said against what stands.
func (w *world) alarms() (n int) {
	w.t.Helper()
	must(w.t, w.DB.PG().QueryRow(w.t.Context(), "SELECT count(*) FROM channel_differences WHERE operation = 'transfer'").Scan(&n))
	return n
}

// channel is WeChat with a book of its own: a number is paid once.
type channel struct {
	mu      sync.Mutex
	book    map[string]transfer.Answer
	effects map[string]int
	sent    []transfer.Order
	asked   int
	// next decides what becomes of a payment that comes in; nil pays it.
	next func(o transfer.Order) (effect transfer.Answer, said transfer.Answer, err error)
	// find answers instead of the book where it says so.
	find func(number string) (transfer.Answer, error, bool)
	// gate, where it is set, is passed before anything is sent.
	gate chan struct{}
}

func newChannel() *channel {
	return &channel{book: map[string]transfer.Answer{}, effects: map[string]int{}}
}

func paid(o transfer.Order) transfer.Answer {
	return transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000" + o.Number, Amount: o.Amount}
}

func (c *channel) SendPayment(_ context.Context, o transfer.Order) (transfer.Answer, error) {
	if c.gate != nil {
		<-c.gate
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, o)
	if known, ok := c.book[o.Number]; ok {
		return known, nil
	}
	effect, said, err := paid(o), paid(o), error(nil)
	if c.next != nil {
		effect, said, err = c.next(o)
	}
	if effect.Verdict != "" {
		c.book[o.Number] = effect
	}
	if effect.Verdict == transfer.Paid {
		c.effects[o.Number]++
	}
	return said, err
}

func (c *channel) FindPayment(_ context.Context, number string) (transfer.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.find != nil {
		if a, err, said := c.find(number); said {
			return a, err
		}
	}
	if a, ok := c.book[number]; ok {
		return a, nil
	}
	return transfer.Answer{Verdict: transfer.NotFound}, nil
}

// times is how often a payment's money left.
func (c *channel) times(p transfer.Payment) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.effects[p.No()]
}
