package settlement_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/difference"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
)

const day = clock.Day("2026-11-20")

// atBank is a world in which one line of a legacy merchant was cut, and the batch's number.
func atBank(t *testing.T) (w *world, batch string) {
	t.Helper()
	w = inTx(t)
	w.pay(legacy, 10_000)
	w.to("2026-11-23", settlement.CutAt)
	must(t, w.Cut(t.Context(), legacy, "2026-11-23"))
	return w, "B190000010920261123"
}

func TestWhatNobodyAnsweredIsHandedInAgainAndPaidOnce(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	w.bank.silent = 2
	for range 2 {
		if err := w.payouts.HandIn(t.Context(), legacy, batch); !errors.Is(err, errLost) {
			t.Fatalf("handed in: %v", err)
		}
	}
	if l := w.line(legacy, day); l.State != settlement.Cut {
		t.Errorf("nobody knows whether the bank has it, yet the line is %s", l.State)
	}
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	if n := len(w.bank.book()); n != 1 || w.bank.calls != 3 {
		t.Errorf("the bank paid %d times in %d calls", n, w.bank.calls)
	}
	if l := w.line(legacy, day); l.State != settlement.Sent {
		t.Errorf("the line is %s", l.State)
	}
	w.sound()
}

func TestTheCardStaysTheOneThatWasHandedInFirst(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	w.bank.silent = 1
	_ = w.payouts.HandIn(t.Context(), legacy, batch)
	w.in(func(ctx context.Context, tx db.Tx) error {
		return merchant.ChangeCard(ctx, tx, w.Vault, legacy, "建设银行", "6217001234567894321", w.clock.Now().Add(24*time.Hour))
	})
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	if o := w.bank.book()["S19000001092026112001"]; o.Account != cardInUse || o.Bank != "招商银行" {
		t.Errorf("the bank pays to %s %s", o.Bank, o.Account)
	}
}

func TestPayoutsRestADayAfterTheCardWasChanged(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	w.in(func(ctx context.Context, tx db.Tx) error {
		return merchant.ChangeCard(ctx, tx, w.Vault, legacy, "建设银行", "6217001234567894321", w.clock.Now().Add(24*time.Hour))
	})
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	if w.bank.calls != 0 {
		t.Fatal("money was sent to a card that is not a day old")
	}
	w.clock.Advance(24 * time.Hour)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	if o := w.bank.book()["S19000001092026112001"]; o.Account != "6217001234567894321" {
		t.Errorf("the bank pays to %s", o.Account)
	}
	w.sound()
}

func TestAReturnedPaymentIsPaidAgainUnderAnotherNumber(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	w.says(legacy, "S19000001092026112001", payout.BankSuccess, "")
	w.says(legacy, "S19000001092026112001", payout.BankReturned, "户名不符")
	w.says(legacy, "S19000001092026112001", payout.BankReturned, "户名不符")
	if l := w.line(legacy, day); l.State != settlement.Returned {
		t.Fatalf("the line is %s", l.State)
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 9_940, ledger.Bank: 0})
	for range 2 { // the same form twice
		w.in(func(ctx context.Context, tx db.Tx) error {
			return w.PayAgain(ctx, tx, finance(), day, "S19000001092026112001", audit.From{Address: "192.0.2.7"})
		})
	}
	err := w.DB.InTx(t.Context(), func(tx db.Tx) error {
		return w.PayAgain(t.Context(), tx, finance(), day, "S19000001092026112002", audit.From{Address: "192.0.2.7"})
	})
	if !fault.Is(err, settlement.ErrNothingBack.Code) {
		t.Errorf("paid again twice: %v", err)
	}
	must(t, w.payouts.HandIn(t.Context(), legacy, "S19000001092026112002"))
	w.says(legacy, "S19000001092026112002", payout.BankSuccess, "")
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Bank: 9_940})
	if l := w.line(legacy, day); l.State != settlement.Paid || l.BankNo != "S19000001092026112002" {
		t.Errorf("the line is %+v", l)
	}
	w.sound()
}

func TestAnotherCardPaysAgainWhatHadComeBack(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	w.says(legacy, "S19000001092026112001", payout.BankFailed, "账户已销户")
	rested := w.clock.Now().Add(72 * time.Hour)
	w.in(func(ctx context.Context, tx db.Tx) error {
		if err := merchant.ChangeCard(ctx, tx, w.Vault, legacy, "建设银行", "6217001234567894321", rested); err != nil {
			return err
		}
		return w.CardChanged(ctx, tx, legacy)
	})
	if l := w.line(legacy, day); l.State != settlement.Cut || l.BankNo != "S19000001092026112002" || l.PayDay != clock.DayOf(rested) {
		t.Errorf("the line is %+v, the card rests until %v", l, rested)
	}
	w.sound()
}

func TestWhatContradictsRaisesAnAlarmAndChangesNothing(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	no := "S19000001092026112001"
	w.says(legacy, no, payout.BankFailed, "限额")
	w.says(legacy, no, payout.BankSuccess, "")
	w.says(legacy, no, payout.BankSuccess, "")
	w.says(legacy, no, payout.BankReturned, "")
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 9_940, ledger.Bank: 0})
	if l := w.line(legacy, day); l.State != settlement.Failed {
		t.Errorf("the line is %s", l.State)
	}
	alarms, _, err := difference.List(t.Context(), w.DB.PG(), operator(t), difference.Filter{Limit: 20})
	must(t, err)
	open, _, err := settlement.Watch(t.Context(), w.DB.PG(), operator(t), settlement.WatchFilter{Limit: 20})
	must(t, err)
	if len(alarms) != 2 || alarms[0].Times+alarms[1].Times != 3 || len(open) != 1 || open[0].Reason != "限额" {
		t.Errorf("operators see %+v and %+v", alarms, open)
	}
	w.sound()
}

func TestAReturnAfterTheUpgradeGoesToBasic(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	w.says(legacy, "S19000001092026112001", payout.BankSuccess, "")
	w.upgrade(legacy)
	w.says(legacy, "S19000001092026112001", payout.BankReturned, "户名不符")
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Bank: 0, ledger.Basic: 9_940})
	if l := w.line(legacy, day); l.State != settlement.Credited {
		t.Errorf("the line is %s", l.State)
	}
	w.sound()
}

func TestLinesThatWereNotHandedInAreTakenBackForTheUpgrade(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := w.pay(legacy, 10_000)
	w.to("2026-11-23", settlement.CutAt)
	must(t, w.Cut(t.Context(), legacy, "2026-11-23"))
	w.pay(legacy, 5_000)
	w.refund(legacy, no, 1_000) // after the cut: 6 fen of the fee came back
	w.in(func(ctx context.Context, tx db.Tx) error { return w.CancelUnsent(ctx, tx, legacy) })
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.FeeIncome: 0, ledger.Unsettled: 14_000})
	if l := w.line(legacy, day); l.State != settlement.Cancelled {
		t.Errorf("the line is %s", l.State)
	}
	w.sound()
	w.upgrade(legacy)
	must(t, w.Settle(t.Context(), legacy, w.clock.Now(), func(int64) error { return nil }))
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 5_000, ledger.Basic: 8_946, ledger.FeeIncome: 54})
	w.sound()
}

func TestTheBankIsAskedAfterWhatItTookUntilItSays(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	w.drain()
	if l := w.line(legacy, day); l.State != settlement.Sent {
		t.Fatalf("the line is %s", l.State)
	}
	w.bank.stands["S19000001092026112001"] = payout.Answer{Verdict: payout.BankSuccess}
	w.clock.Advance(10 * time.Minute)
	w.drain()
	if l := w.line(legacy, day); l.State != settlement.Paid {
		t.Errorf("the line is %s", l.State)
	}
	w.sound()
}

func TestWhatTheBankForgotIsHandedInUnderTheSameNumber(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	delete(w.bank.paid, "S19000001092026112001")
	w.clock.Advance(10 * time.Minute)
	w.drain()
	if _, there := w.bank.book()["S19000001092026112001"]; !there {
		t.Error("the bank does not have it")
	}
	if l := w.line(legacy, day); l.State != settlement.Sent {
		t.Errorf("the line is %s", l.State)
	}
	w.sound()
}

func TestWhatTheBankForgotIsHandedInAlsoWhenThatBreaksOff(t *testing.T) {
	t.Parallel()
	w, batch := atBank(t)
	must(t, w.payouts.HandIn(t.Context(), legacy, batch))
	delete(w.bank.paid, "S19000001092026112001")
	w.bank.deaf = 1
	w.clock.Advance(10 * time.Minute)
	w.drain()
	w.clock.Advance(time.Minute)
	w.drain()
	if _, there := w.bank.book()["S19000001092026112001"]; !there {
		t.Fatal("the bank does not have it")
	}
	w.bank.stands["S19000001092026112001"] = payout.Answer{Verdict: payout.BankSuccess}
	w.clock.Advance(10 * time.Minute)
	w.drain()
	if l := w.line(legacy, day); l.State != settlement.Paid {
		t.Errorf("nobody asked after it again: the line is %s", l.State)
	}
	w.sound()
}

func finance() access.Scope {
	return access.Member(access.Seat{Merchant: legacy, Account: uuid.New(), Name: "caiwu01@1900000109", Roles: []access.Role{access.Finance}})
}

func operator(t *testing.T) access.Platform {
	t.Helper()
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	must(t, err)
	return p
}

// drain runs the work that is due.
func (w *world) drain() {
	w.t.Helper()
	r := job.NewRegistry()
	w.Register(r)
	w.payouts.Register(r)
	_, err := job.NewWorker(w.DB, w.clock, r, signal.NewHub()).DrainDue(w.t.Context())
	must(w.t, err)
}

// upgrade makes a legacy merchant an upgraded one.
func (w *world) upgrade(m int64) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.PG().Exec(ctx, "UPDATE merchants SET account_system = 'upgraded' WHERE merchant_id = $1", m); err != nil {
			return err
		}
		return ledger.OpenAccount(ctx, tx, m, ledger.Basic, w.clock.Now())
	})
}

// daily runs the day's work and all that follows from it.
func (w *world) daily(on clock.Day) {
	w.t.Helper()
	w.in(func(ctx context.Context, tx db.Tx) error {
		return job.Enqueue(ctx, tx, job.Job{Kind: settlement.DayKind, Key: on.String(), Payload: struct{}{}, Due: w.clock.Now()})
	})
	w.drain()
}
