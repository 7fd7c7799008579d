package withdrawal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/difference"
	"zhanggui/internal/identity"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
	"zhanggui/internal/withdrawal"
)

const (
	store int64 = 1900000208 // upgraded
	shop  int64 = 1900000109 // legacy
)

// friday is a day before a weekend without holidays.
var friday = time.Date(2026, 11, 20, 12, 0, 0, 0, clock.Beijing)

// world is two merchants with their books, a bank, and a clock.
type world struct {
	withdrawal.Deps
	t       testing.TB
	payouts payout.Deps
	clock   steps
	bank    *bank
	made    int
}

// steps is a clock that a walk moves.
type steps struct{ *clock.Manual }

func (s steps) Set(_ context.Context, t time.Time) error { s.Manual.Set(t); return nil }

// bank keeps a book of its own: each number once. lost calls fail after they took effect; what it says of a
// number it was told, else that it works on it.
type bank struct {
	mu    sync.Mutex
	paid  map[string]payout.Order
	calls int
	lost  int
	says  map[string]payout.Answer

	refuses string // the code of what it says to every call
}

var errLost = errors.New("no answer")

func (b *bank) Pay(_ context.Context, batch payout.Batch) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.refuses != "" {
		return &payout.Refusal{Code: b.refuses, Cause: errLost}
	}
	for _, o := range batch.Orders {
		if before, known := b.paid[o.Number]; known && before != o {
			return errors.New("another payment under the same number")
		}
		b.paid[o.Number] = o
	}
	if b.lost > 0 {
		b.lost--
		return errLost
	}
	return nil
}

func (b *bank) Ask(_ context.Context, number string) (payout.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, known := b.paid[number]
	a, said := b.says[number]
	switch {
	case b.refuses != "":
		return payout.Answer{}, &payout.Refusal{Code: b.refuses, Cause: errLost}
	case !said && !known:
		return payout.Answer{}, payout.ErrUnknown
	case !said:
		a.Verdict = payout.Processing
	}
	if a.Amount == 0 {
		a.Amount = o.Amount
	}
	return a, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	w := &world{t: t, clock: steps{clock.At(friday)}, bank: &bank{paid: map[string]payout.Order{}, says: map[string]payout.Answer{}}}
	gate := identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})
	w.Deps = withdrawal.Deps{DB: d, Clock: w.clock, Gate: gate}
	w.payouts = payout.Deps{DB: d, Clock: w.clock, Vault: v, Bank: w.bank, Owners: map[payout.Purpose]payout.Owner{payout.ForWithdrawal: w.Moved}}
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, system := range map[int64]merchant.System{store: merchant.Upgraded, shop: merchant.Legacy} {
			n := merchant.New{ID: id, System: system, Cycle: merchant.T1, Kind: merchant.Direct, LegalName: "商户有限公司", ShortName: "商户", FeeRate: 60,
				SettlementBank: "招商银行", SettlementAccount: "6222021234567890123", AppID: "wx1"}
			if err := merchant.Create(ctx, tx, v, n, friday.AddDate(-1, 0, 0)); err != nil {
				return err
			}
			if _, err := tx.PG().Exec(ctx, openedSQL, id, withdrawal.Code, friday.AddDate(-1, 0, 0)); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, id, system, friday.AddDate(-1, 0, 0)); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// openedSQL opens the product as the product centre does.
const openedSQL = `INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asked_at, version, agreement, hash, opened_at)
	VALUES ($1, 1, $2, 'open', 'admin01', $3, '1', '1', encode(sha256('1'), 'hex'), $3)`

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

func finance(m int64) access.Scope {
	return access.Member(access.Seat{Merchant: m, Account: uuid.New(), Name: "caiwu01@" + fmt.Sprint(m), Roles: []access.Role{access.Finance}})
}

// comes books money that arrives on an account, or leaves it.
func (w *world) comes(m int64, a ledger.Account, amount money.Fen) {
	w.t.Helper()
	w.made++
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: m, Kind: "topup", Key: fmt.Sprint(w.made), BusinessNo: "1", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: a, Amount: amount, Row: ledger.RowTopUp}}})
		return err
	})
}

// take withdraws by hand.
func (w *world) take(m int64, a ledger.Account, amount money.Fen) (made withdrawal.Withdrawal, err error) {
	w.t.Helper()
	err = w.DB.InTx(w.t.Context(), func(tx db.Tx) error {
		made, err = w.Accept(w.t.Context(), tx, withdrawal.Ask{Scope: finance(m), Kind: withdrawal.Manual,
			Params: withdrawal.Params{Account: a, Amount: amount, Memo: "货款"}})
		return err
	})
	return made, err
}

func (w *world) set(on bool, retained money.Fen) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		return w.SetAutomatic(ctx, tx, finance(store), on, retained)
	})
}

// worker does the work that is due.
func (w *world) worker() *job.Worker {
	r := job.NewRegistry()
	w.Register(r)
	w.payouts.Register(r)
	return job.NewWorker(w.DB, w.clock, r, signal.NewHub())
}

func (w *world) drain() {
	w.t.Helper()
	_, err := w.worker().DrainDue(w.t.Context())
	must(w.t, err)
}

// walk leads the clock on, doing all that is due on the way.
func (w *world) walk(by time.Duration) {
	w.t.Helper()
	_, err := w.worker().Walk(w.t.Context(), w.clock, w.clock.Now().Add(by))
	must(w.t, err)
}

// hears is what the bank tells by itself.
func (w *world) hears(x withdrawal.Withdrawal, v payout.Verdict, reason string) {
	w.t.Helper()
	must(w.t, w.payouts.Notice(w.t.Context(), "PAYOUT."+string(v), fmt.Appendf(nil, `{"out_payout_no":%q,"mchid":"%d","status":%q,"amount":%d,"reason":%q}`,
		x.BankNo(), x.Merchant, v, x.Amount, reason)))
}

func (w *world) get(x withdrawal.Withdrawal) withdrawal.Shown {
	w.t.Helper()
	s, err := withdrawal.Get(w.t.Context(), w.DB.PG(), finance(x.Merchant), x.No())
	must(w.t, err)
	return s
}

func (w *world) list(m int64) []withdrawal.Withdrawal {
	w.t.Helper()
	all, _, err := withdrawal.List(w.t.Context(), w.DB.PG(), finance(m), withdrawal.Filter{}, 100)
	must(w.t, err)
	return all
}

func (w *world) differences() int {
	w.t.Helper()
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	must(w.t, err)
	all, _, err := difference.List(w.t.Context(), w.DB.PG(), p, difference.Filter{Operation: difference.Payout, Limit: 100})
	must(w.t, err)
	return len(all)
}

// stands fails unless the accounts named stand as wanted, and all that is stored is as it must be.
func (w *world) stands(m int64, want map[ledger.Account]money.Fen) {
	w.t.Helper()
	got, err := ledger.Balances(w.t.Context(), w.DB.PG(), m)
	must(w.t, err)
	for a, balance := range want {
		if got[a] != balance {
			w.t.Errorf("%s of %d stands at %s, want %s", a, m, got[a], balance)
		}
	}
	w.sound()
}

func (w *world) sound() {
	w.t.Helper()
	_, problems, err := withdrawal.Verify(w.t.Context(), w.DB.PG())
	must(w.t, err)
	for _, p := range problems {
		w.t.Error(p)
	}
}
