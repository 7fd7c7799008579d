package upgrade_test

import (
	"context"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade/bill"
	"zhanggui/internal/upgrade"
)

var day = clock.DayOf(friday)

const monday = clock.Day("2026-11-23")

func TestAnUpgradeMovesTheAvailableBalanceAndClosesIt(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.topUp("T1", 5000)
	w.pays(1000)
	d := w.upgrades()
	if d.Amount != 5000 || d.Unsettled != 1000 || d.UnsettledCount != 1 || d.TransferID == nil || d.Signer != "admin01@1900000109" {
		t.Errorf("%+v", d)
	}
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 5000, ledger.Unsettled: 1000, ledger.Available: 0})
	m, err := merchant.Get(t.Context(), w.db.PG(), noodles)
	must(t, err)
	if m.System != merchant.Upgraded || len(w.set) != 1 || !w.set[0].Automatic {
		t.Errorf("%+v, set %v", m, w.set)
	}
	w.clock.Advance(5 * time.Minute)
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 5994, ledger.Unsettled: 0, ledger.FeeIncome: 6})
}

func TestWhatIsPaidBeforeIsSettledInTheNextRun(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pays(1000)
	w.clock.Advance(10 * time.Minute)
	w.pays(2000)
	w.upgrades()
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 994, ledger.Unsettled: 2000})
	w.clock.Advance(5 * time.Minute)
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 994 + 1988, ledger.Unsettled: 0})
}

func TestABatchAtTheBankRunsOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		verdict payout.Verdict
		state   settlement.State
		basic   money.Fen
	}{{payout.BankSuccess, settlement.Paid, 0}, {payout.BankFailed, settlement.Credited, 994}, {payout.BankReturned, settlement.Credited, 994}} {
		t.Run(string(c.verdict), func(t *testing.T) {
			t.Parallel()
			w := inTx(t)
			w.pays(1000)
			w.to(monday, 9*time.Hour)
			w.cut()
			w.handIn()
			if d := w.upgrades(); d.AtBank != 994 || d.AtBankCount != 1 {
				t.Errorf("%+v", d)
			}
			w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 994, ledger.Basic: 0})
			w.hears(day, c.verdict)
			w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Basic: c.basic})
			if s := w.line(day).State; s != c.state {
				t.Errorf("the line is %s", s)
			}
		})
	}
}

func TestAReturnAfterThePaymentWasThereGoesToBasic(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pays(1000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.handIn()
	w.hears(day, payout.BankSuccess)
	w.upgrades()
	w.hears(day, payout.BankReturned)
	w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Basic: 994})
}

func TestALineThatHadComeBackGoesToBasicAtOnce(t *testing.T) {
	t.Parallel()
	for _, v := range []payout.Verdict{payout.BankReturned, payout.BankFailed} {
		w := inTx(t)
		w.pays(1000)
		w.to(monday, 9*time.Hour)
		w.cut()
		w.handIn()
		w.hears(day, v)
		w.upgrades()
		w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Basic: 994})
		if s := w.line(day).State; s != settlement.Credited {
			t.Errorf("after %s the line is %s", v, s)
		}
	}
}

func TestABatchThatWasNotSentIsCancelledIntoSingleSettlements(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pays(1000)
	w.pays(500)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.upgrades()
	w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Unsettled: 1500, ledger.FeeIncome: 0})
	if s := w.line(day).State; s != settlement.Cancelled {
		t.Errorf("the line is %s", s)
	}
	w.handIn() // the job that was put down for it finds nothing
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 994 + 497, ledger.Unsettled: 0, ledger.FeeIncome: 9})
	if l := w.line(monday); l.System != merchant.Upgraded || l.Count != 2 || l.Net != 1491 {
		t.Errorf("the day counts %+v", l)
	}
}

func TestABatchTheBankMayHaveIsNotCancelled(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pays(1000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.bank.deaf = true
	_ = w.payouts().HandIn(t.Context(), noodles, "B190000010920261123")
	w.bank.deaf = false
	w.upgrades()
	w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 994, ledger.Unsettled: 0})
	w.handIn()
	w.hears(day, payout.BankSuccess)
	w.stands(map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Basic: 0})
}

func TestWhatThePoolLacksIsOwedAndRepaidFirst(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := w.pays(10000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.handIn()
	w.hears(day, payout.BankSuccess)
	w.pays(300)                                                 // of today
	w.billed(w.refund(no, 10000, 2000, 12, bill.RefundSuccess)) // out of the pool: 312 there, 1688 owed
	w.to(monday.Next(), 9*time.Hour)                            // carries a line on: its fee was not charged yet
	w.cut()
	w.pays(700)
	w.topUp("T1", 100)
	w.upgrades()
	open := money.Fen(700)
	w.stands(map[ledger.Account]money.Fen{ledger.Unsettled: open, ledger.Basic: 0})
	balances, err := ledger.Balances(t.Context(), w.db.PG(), noodles)
	must(t, err)
	owed := -balances[ledger.Due]
	if owed <= 0 {
		t.Fatalf("owed %s", owed)
	}
	w.clock.Advance(5 * time.Minute)
	w.settles()
	w.stands(map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.Basic: max(700-4-owed, 0), ledger.Due: -max(owed-696, 0)})
}

func TestWhatThePoolHoldsBeyondItsOrdersGoesToBasic(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := w.pays(10000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.handIn()
	w.pays(5000)
	w.billed(w.refund(no, 10000, 2000, 12, bill.RefundFail)) // out and back at once
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := ledger.Post(ctx, tx, w.clock.Now(), ledger.Transfer{Merchant: noodles, Kind: "correction", Key: "1", BusinessNo: "1", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Suspense, Amount: -77}, {Account: ledger.Unsettled, Amount: 77, Row: ledger.RowCorrection}}})
		return err
	})
	if d := w.upgrades(); d.Pool != 77 {
		t.Errorf("the pool brought %s", d.Pool)
	}
	w.stands(map[ledger.Account]money.Fen{ledger.Unsettled: 5000, ledger.Basic: 77})
}

func TestARefundOnItsWayComesBackToBasic(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := "42" + "99999999999999999999999999"
	w.pays(10000)
	w.billed(w.refund(no, 3000, 1000, 0, bill.RefundChange)) // of an order that nobody has told yet: it waits
	w.upgrades()
	w.stands(map[ledger.Account]money.Fen{ledger.InRefund: 1000, ledger.Unsettled: 10000, ledger.Due: -1000}) // the pool lacked it
	w.billed(w.revoked(no, 3000))                                                                             // the payer got all of it: what waits comes back
	w.sound()
	w.stands(map[ledger.Account]money.Fen{ledger.InRefund: 0, ledger.Unsettled: 10000, ledger.Basic: 0, ledger.Due: 0})
}

func TestARefundAfterwardsIsTakenFromTheOrderOrFromBasic(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	old := w.pays(10000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.handIn()
	w.hears(day, payout.BankSuccess)
	w.topUp("T1", 5000)
	fresh := w.pays(1000)
	w.upgrades()
	w.billed(w.refund(old, 10000, 1000, 6, bill.RefundSuccess), w.refund(fresh, 1000, 400, 0, bill.RefundSuccess))
	w.sound()
	w.stands(map[ledger.Account]money.Fen{ledger.Unsettled: 600, ledger.Basic: 5000 - 1000 + 6})
}

func TestAnAnnouncedTopUpArrivesOnBasic(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	d := topup.Deps{DB: w.db, Clock: w.clock, Gate: w.Gate}
	w.topUp("T0", 100)
	var told topup.TopUp
	w.in(func(ctx context.Context, tx db.Tx) (err error) {
		told, err = d.Announce(ctx, tx, seat(noodles, access.SuperAdmin), topup.Announcement{Account: ledger.Available, Amount: 2500, Once: db.NewID()})
		return err
	})
	w.upgrades()
	if came := w.topUp("T1", 2500); came.N != told.N || came.Account != ledger.Basic || came.State != topup.Arrived {
		t.Errorf("%+v fulfils %+v", came, told)
	}
	if again := w.topUp("T0", 100); again.Account != ledger.Available || again.TransferNo != "T0" {
		t.Errorf("what came before is told again as %+v", again)
	}
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 2600})
	w.sound()
}

func TestTheGuideCountsWhatIsInFlight(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.topUp("T1", 5000)
	w.pays(1000)
	w.to(monday, 9*time.Hour)
	w.cut()
	w.pays(200)
	f, err := upgrade.InFlight(t.Context(), w.db.PG(), seat(noodles, access.SuperAdmin), w.clock.Now())
	must(t, err)
	if f.Available != 5000 || f.Unsettled != (upgrade.Counted{Sum: 200, Count: 1}) || f.Unsent != (upgrade.Counted{Sum: 994, Count: 1}) || f.AtBank.Count != 0 || f.Short != 0 {
		t.Errorf("%+v", f)
	}
	w.handIn()
	if f, err = upgrade.InFlight(t.Context(), w.db.PG(), seat(noodles, access.SuperAdmin), w.clock.Now()); err != nil || f.AtBank != (upgrade.Counted{Sum: 994, Count: 1}) || f.Unsent.Count != 0 {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := upgrade.InFlight(t.Context(), w.db.PG(), seat(noodles, access.Finance), w.clock.Now()); err == nil {
		t.Error("finance reads what only the super admin may do")
	}
}
