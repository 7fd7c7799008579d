package upgrade_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/rollout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/vault"
)

const (
	noodles int64 = 1900000109 // inside the rollout
	corner  int64 = 1900000110 // outside
	weekly  int64 = 1900000307 // T+7, on the allow list all the same
)

// friday is a day before a weekend without holidays.
var friday = time.Date(2026, 11, 20, 12, 0, 0, 0, clock.Beijing)

var owner = uuid.MustParse("01900000-0000-7000-8000-000000000001")

// world is three legacy merchants with their books, a bank that takes what it is handed, and a clock.
type world struct {
	upgrade.Deps
	t     testing.TB
	db    *db.DB
	clock *clock.Manual
	bank  bank
	trade trade.Deps
	made  int
	set   []upgrade.Choice // what was set about automatic withdrawals
}

// bank takes payments and says nothing of them.
type bank struct{ deaf bool }

func (b *bank) Pay(context.Context, payout.Batch) error {
	if b.deaf {
		return context.DeadlineExceeded
	}
	return nil
}

func (b *bank) Ask(context.Context, string) (payout.Answer, error) {
	return payout.Answer{Verdict: payout.Processing}, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	w := &world{t: t, db: d, clock: clock.At(friday)}
	gate := identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})
	w.Deps = upgrade.Deps{Clock: w.clock, Gate: gate, Settlement: settlement.Deps{DB: d, Clock: w.clock, Vault: v, Gate: gate},
		Automatic: func(_ context.Context, _ db.Tx, _ access.Scope, on bool, retained money.Fen) error {
			w.set = append(w.set, upgrade.Choice{Automatic: on, Retained: retained})
			return nil
		}}
	w.trade = trade.Deps{DB: d, Clock: w.clock, Due: settlement.Schedule}
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, cycle := range map[int64]merchant.Cycle{noodles: merchant.T1, corner: merchant.T1, weekly: merchant.T7} {
			opened := friday.AddDate(-1, 0, 0)
			if err := merchant.Create(ctx, tx, v, merchant.New{ID: id, Kind: merchant.Direct, LegalName: "商户有限公司", ShortName: "商户", Cycle: cycle,
				System: merchant.Legacy, FeeRate: 60, SettlementBank: "招商银行", SettlementAccount: "6222021234567890123", AppID: "wx1"}, opened); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, id, merchant.Legacy, opened); err != nil {
				return err
			}
		}
		return rollout.Seed(ctx, tx, "test", []int64{noodles, weekly}, rollout.Deps{Clock: w.clock})
	})
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
	must(w.t, w.db.InTx(w.t.Context(), func(tx db.Tx) error { return f(w.t.Context(), tx) }))
}

func seat(m int64, role access.Role) access.Scope {
	return access.Member(access.Seat{Merchant: m, Account: owner, Name: fmt.Sprintf("admin01@%d", m), Roles: []access.Role{role}})
}

func signed(c upgrade.Choice) json.RawMessage {
	p, err := json.Marshal(upgrade.Params{Automatic: c.Automatic, Retained: c.Retained, Version: upgrade.Current.Version, Hash: upgrade.Current.Hash()})
	if err != nil {
		panic(err)
	}
	return p
}

// confirmed is what the phone's yes does: describe again, and run.
func (w *world) confirmed(m int64, c upgrade.Choice) (r confirm.Result, err error) {
	ctx, act := w.t.Context(), w.Action()
	err = w.db.InTx(ctx, func(tx db.Tx) error {
		if _, err := act.Describe(ctx, tx.PG(), seat(m, access.SuperAdmin), signed(c)); err != nil {
			return err
		}
		r, err = act.Run(ctx, tx, seat(m, access.SuperAdmin), signed(c))
		return err
	})
	return r, err
}

// upgrades must work.
func (w *world) upgrades() upgrade.Done {
	w.t.Helper()
	_, err := w.confirmed(noodles, upgrade.Choice{Automatic: true})
	must(w.t, err)
	w.sound()
	d, err := upgrade.Read(w.t.Context(), w.db.PG(), seat(noodles, access.SuperAdmin))
	must(w.t, err)
	return d
}

// pays books an order paid now, as the channel tells of it, and says its number.
func (w *world) pays(amount money.Fen) string {
	w.t.Helper()
	w.made++
	no := fmt.Sprintf("42%026d", w.made)
	w.in(func(ctx context.Context, tx db.Tx) error {
		taken, err := trade.TakeMany(ctx, tx, w.clock.Now(), []trade.Paid{{MerchantID: noodles, TransactionID: no, OutTradeNo: "o" + no, Total: amount,
			SettlementTotal: amount, SuccessTime: w.clock.Now().Truncate(time.Second), TradeType: "JSAPI"}}, settlement.Schedule)
		if err == nil {
			err = taken[0].Refused
		}
		return err
	})
	return no
}

// billed imports a bill of rows.
func (w *world) billed(rows ...bill.Row) {
	w.t.Helper()
	var raw bytes.Buffer
	out := bill.NewWriter(&raw, bill.All)
	for _, r := range rows {
		out.Write(&r)
	}
	must(w.t, out.Close())
	i, err := trade.ImportFile(w.t.Context(), w.trade, seat(noodles, access.SuperAdmin), trade.File{Name: "b.csv", Size: int64(raw.Len()),
		Body: bytes.NewReader(raw.Bytes())}, nil)
	if err != nil {
		w.t.Fatalf("import: %v %v", err, i.Report.Faults)
	}
}

// refund is a bill's row about an order.
func (w *world) refund(no string, total, amount, fee money.Fen, state string) bill.Row {
	w.made++
	return bill.Row{Time: w.clock.Now().Truncate(time.Second), AppID: "wx1", MchID: noodles, TransactionID: no, OutTradeNo: "o" + no, OpenID: "o1", TradeType: "JSAPI",
		TradeState: bill.StateRefund, BankType: "OTHERS", RefundID: fmt.Sprintf("50%026d", w.made), OutRefundNo: fmt.Sprintf("r%d", w.made), Refund: amount,
		RefundType: "ORIGINAL", RefundState: state, Fee: bill.FeeOf(-fee), Rate: 60, RefundAsked: amount}
}

// revoked is a bill's row of an order that was revoked.
func (w *world) revoked(no string, total money.Fen) bill.Row {
	return bill.Row{Time: w.clock.Now().Truncate(time.Second), AppID: "wx1", MchID: noodles, TransactionID: no, OutTradeNo: "o" + no, OpenID: "o1", TradeType: "JSAPI",
		TradeState: bill.StateRevoked, BankType: "OTHERS", Settlement: total, Rate: 60, Total: total}
}

// topUp books money on AVAILABLE.
func (w *world) topUp(no string, amount money.Fen) topup.TopUp {
	w.t.Helper()
	d := topup.Deps{DB: w.db, Clock: w.clock, Gate: w.Gate}
	t, err := d.Arrive(w.t.Context(), topup.Arrival{TransferNo: no, MchID: fmt.Sprint(noodles), Account: "AVAILABLE", Amount: int64(amount),
		Reference: topup.Reference(noodles, ledger.Available), PayerName: "商户", Bank: "招商银行"})
	must(w.t, err)
	return t
}

// to moves the clock to a time of a day.
func (w *world) to(day clock.Day, at time.Duration) { w.clock.Set(day.Start().Add(at)) }

func (w *world) cut() {
	w.t.Helper()
	must(w.t, w.Settlement.Cut(w.t.Context(), noodles, clock.DayOf(w.clock.Now())))
}

func (w *world) handIn() {
	w.t.Helper()
	must(w.t, w.payouts().HandIn(w.t.Context(), noodles, "B"+fmt.Sprint(noodles)+w.clock.Now().In(clock.Beijing).Format("20060102")))
}

// hears is the bank's word about the payment of a line.
func (w *world) hears(day clock.Day, v payout.Verdict) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		return w.payouts().Hear(ctx, tx, noodles, w.line(day).BankNo, payout.Answer{Verdict: v, Amount: w.line(day).Net, Reason: "账户已销户"})
	})
	w.sound()
}

func (w *world) line(day clock.Day) settlement.Line {
	w.t.Helper()
	s, err := settlement.Read(w.t.Context(), w.db.PG(), noodles, day)
	must(w.t, err)
	return s.Line
}

// settles settles what is due by now.
func (w *world) settles() {
	w.t.Helper()
	must(w.t, w.Settlement.Settle(w.t.Context(), noodles, w.clock.Now(), func(int64) error { return nil }))
	w.sound()
}

// stands fails unless the accounts named stand as wanted; those not named are not looked at.
func (w *world) stands(want map[ledger.Account]money.Fen) {
	w.t.Helper()
	got, err := ledger.Balances(w.t.Context(), w.db.PG(), noodles)
	must(w.t, err)
	for a, balance := range want {
		if got[a] != balance {
			w.t.Errorf("%s stands at %s, want %s", a, got[a], balance)
		}
	}
}

// sound fails when anything stored is not as it must be.
func (w *world) sound() {
	w.t.Helper()
	for _, look := range []func(context.Context, db.Querier) (int64, []string, error){upgrade.Verify, settlement.Verify, trade.Verify} {
		_, problems, err := look(w.t.Context(), w.db.PG())
		must(w.t, err)
		for _, p := range problems {
			w.t.Error(p)
		}
	}
}

// payouts are payments through the bank that the world has.
func (w *world) payouts() payout.Deps {
	return payout.Deps{DB: w.db, Clock: w.clock, Vault: w.Settlement.Vault, Bank: &w.bank,
		Owners: map[payout.Purpose]payout.Owner{payout.ForSettlement: w.Settlement.Moved}}
}
