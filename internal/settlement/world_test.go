package settlement_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const (
	upgraded int64 = 1900000208
	legacy   int64 = 1900000109
	weekly   int64 = 1900000307
)

// friday is a day before a weekend without holidays.
var friday = time.Date(2026, 11, 20, 12, 0, 0, 0, clock.Beijing)

const cardInUse = "6222021234567890123"

// world is three merchants with their books, a bank that does what it is told, and a clock.
type world struct {
	settlement.Deps
	t       testing.TB
	clock   *clock.Manual
	bank    *bank
	made    int
	payouts payout.Deps
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	w := &world{t: t, clock: clock.At(friday), bank: newBank()}
	gate := identity.New(identity.Parts{DB: d, Clock: w.clock, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})
	w.Deps = settlement.Deps{DB: d, Clock: w.clock, Vault: v, Gate: gate}
	w.payouts = payout.Deps{DB: d, Clock: w.clock, Vault: v, Bank: w.bank, Owners: map[payout.Purpose]payout.Owner{payout.ForSettlement: w.Moved}}
	w.in(func(ctx context.Context, tx db.Tx) error {
		for id, terms := range map[int64]merchant.New{upgraded: {System: merchant.Upgraded, Cycle: merchant.T1},
			legacy: {System: merchant.Legacy, Cycle: merchant.T1}, weekly: {System: merchant.Legacy, Cycle: merchant.T7}} {
			terms.ID, terms.Kind, terms.LegalName, terms.ShortName = id, merchant.Direct, "商户有限公司", "商户"
			terms.FeeRate, terms.SettlementBank, terms.SettlementAccount, terms.AppID = 60, "招商银行", cardInUse, "wx1"
			opened := friday.AddDate(-1, 0, 0)
			if err := merchant.Create(ctx, tx, v, terms, opened); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, id, terms.System, opened); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

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

// pay books an order paid now and tells its number.
func (w *world) pay(m int64, amount money.Fen) string { return w.payAt(m, amount, w.clock.Now()) }

// payAt books an order that was paid then.
func (w *world) payAt(m int64, amount money.Fen, paid time.Time) string {
	w.t.Helper()
	w.made++
	no := fmt.Sprintf("42%026d", w.made)
	who, err := merchant.Get(w.t.Context(), w.DB.PG(), m)
	must(w.t, err)
	due := merchant.DueAt(who.System, who.Cycle, paid, w.clock.Now())
	w.in(func(ctx context.Context, tx db.Tx) error {
		if _, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: m, Kind: "trade", Key: no, BusinessNo: no, VoucherNo: "o" + no,
			Applicant: "system", Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -amount},
				{Account: ledger.Unsettled, Amount: amount, Row: ledger.RowTrade}}}); err != nil {
			return err
		}
		_, err := tx.PG().Exec(ctx, `INSERT INTO trades (merchant_id, total, settlement_total, coupon, fee, success_time, recorded_at, rate, source,
				transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach, due_at)
			VALUES ($1, $2, $2, 0, 0, $3, $4, 60, 'channel', $5, 'o' || $5, 'JSAPI', 'SUCCESS', '', '', '', '', '', '', '', $6)`,
			m, int64(amount), paid, w.clock.Now(), no, due)
		return err
	})
	return no
}

// refund takes a merchant's share of an order back, as a bill's refund does.
func (w *world) refund(m int64, no string, amount money.Fen) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		if err := ledger.Hold(ctx, tx, m); err != nil {
			return err
		}
		var total, back, charged money.Fen
		var rate money.Rate
		var settled bool
		var system merchant.System
		err := tx.PG().QueryRow(ctx, `SELECT settlement_total, given_back + taken_back, charged, rate, settled_at IS NOT NULL, account_system
			FROM trades JOIN merchants USING (merchant_id) WHERE merchant_id = $1 AND transaction_id = $2 FOR UPDATE OF trades`, m, no).
			Scan(&total, &back, &charged, &rate, &settled, &system)
		if err != nil {
			return err
		}
		var fee money.Fen
		if settled {
			fee = charged - rate.Of(total-back-amount)
		}
		from := ledger.Unsettled
		if settled && system == merchant.Upgraded {
			from = ledger.Basic
		}
		w.made++
		id := fmt.Sprintf("50%026d", w.made)
		if _, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: m, Kind: "refund", Key: id, BusinessNo: id, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.FeeIncome, Amount: -fee, Row: ledger.RowFeeReturned}, {Account: from, Amount: fee, Row: ledger.RowRefundFee},
				{Account: from, Amount: -amount, Row: ledger.RowRefund, Force: true}, {Account: ledger.InRefund, Amount: amount}}}); err != nil {
			return err
		}
		_, err = tx.PG().Exec(ctx, `UPDATE trades SET given_back = given_back + CASE WHEN settled_at IS NULL THEN $3::bigint ELSE 0 END,
			taken_back = taken_back + CASE WHEN settled_at IS NULL THEN 0 ELSE $3::bigint END, charged = charged - $4::bigint,
			refunded = refunded + $3::bigint WHERE merchant_id = $1 AND transaction_id = $2`, m, no, int64(amount), int64(fee))
		return err
	})
}

// stands fails unless the accounts named stand as wanted.
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

// settle settles what is due of the upgraded merchant by now.
func (w *world) settle() {
	w.t.Helper()
	must(w.t, w.Settle(w.t.Context(), upgraded, w.clock.Now(), func(int64) error { return nil }))
}

// to moves the clock to a time of a day.
func (w *world) to(day clock.Day, at time.Duration) { w.clock.Set(day.Start().Add(at)) }

// cut cuts a merchant's lines on the day where the clock stands, and hands the batch in.
func (w *world) cut(m int64) {
	w.t.Helper()
	today := clock.DayOf(w.clock.Now())
	must(w.t, w.Cut(w.t.Context(), m, today))
	must(w.t, w.payouts.HandIn(w.t.Context(), m, "B"+fmt.Sprint(m)+today.Start().Format("20060102")))
}

func (w *world) line(m int64, day clock.Day) settlement.Line {
	w.t.Helper()
	v, err := settlement.Read(w.t.Context(), w.DB.PG(), m, day)
	must(w.t, err)
	return v.Line
}

// says gives what the bank would notify about a payment.
func (w *world) says(m int64, number string, v payout.Verdict, reason string) {
	w.t.Helper()
	var amount int64
	must(w.t, w.DB.PG().QueryRow(w.t.Context(), "SELECT amount FROM bank_payments WHERE merchant_id = $1 AND number = $2", m, number).Scan(&amount))
	must(w.t, w.payouts.Notice(w.t.Context(), "SETTLEMENT."+string(v),
		fmt.Appendf(nil, `{"out_payout_no":%q,"mchid":"%d","status":%q,"amount":%d,"reason":%q}`, number, m, v, amount, reason)))
}

// sound fails when what settlement stored is not as it must be.
func (w *world) sound() {
	w.t.Helper()
	_, problems, err := settlement.Verify(w.t.Context(), w.DB.PG())
	must(w.t, err)
	for _, p := range problems {
		w.t.Error(p)
	}
}

func inTx(t testing.TB) *world { return newWorld(t, dbtest.Tx(t)) }
