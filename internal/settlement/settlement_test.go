package settlement_test

import (
	"context"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
)

func TestAnUpgradedMerchantsOrderGoesToBasicInTwoLines(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := w.pay(upgraded, 10_000)
	w.refund(upgraded, no, 1_000)
	w.clock.Advance(4 * time.Minute)
	w.settle()
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Unsettled: 9_000, ledger.Basic: 0})
	w.clock.Advance(time.Minute)
	w.settle()
	w.settle()
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.Basic: 8_946, ledger.FeeIncome: 54})
	l := w.line(upgraded, "2026-11-20")
	if l.Count != 1 || l.Gross != 10_000 || l.Refunds != 1_000 || l.Fee != 54 || l.Net != 8_946 || l.State != settlement.Settled {
		t.Errorf("the day says %+v", l)
	}
	w.sound()
}

func TestAnOrderOfWhichNothingIsLeftIsSettledWithoutLines(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	no := w.pay(upgraded, 500)
	w.refund(upgraded, no, 500)
	w.clock.Advance(5 * time.Minute)
	w.settle()
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.Basic: 0, ledger.FeeIncome: 0})
	if l := w.line(upgraded, "2026-11-20"); l.Count != 1 || l.Net != 0 {
		t.Errorf("the day says %+v", l)
	}
	w.sound()
}

func TestFridayToSundayArePaidOnMondayInALineEach(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pay(legacy, 10_000)
	w.clock.Advance(24 * time.Hour)
	w.pay(legacy, 20_000)
	w.clock.Advance(24 * time.Hour)
	w.pay(legacy, 30_000)
	w.to("2026-11-23", settlement.CutAt)
	w.pay(legacy, 40_000)
	w.cut(legacy)
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 40_000, ledger.InSettle: 59_640, ledger.FeeIncome: 360})
	if n := len(w.bank.book()); n != 3 {
		t.Errorf("the bank has %d payments, want 3", n)
	}
	for day, net := range map[string]money.Fen{"2026-11-20": 9_940, "2026-11-21": 19_880, "2026-11-22": 29_820} {
		l := w.line(legacy, clock.Day(day))
		if l.State != settlement.Sent || l.Net != net || l.PayDay != "2026-11-23" || l.Count != 1 {
			t.Errorf("line %s is %+v", day, l)
		}
		w.says(legacy, l.BankNo, payout.BankSuccess, "")
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.InSettle: 0, ledger.Bank: 59_640})
	w.sound()
}

func TestRefundsOfSettledOrdersAreChargedToTheEarliestLine(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	old := w.pay(legacy, 10_000)
	w.to("2026-11-23", settlement.CutAt)
	w.cut(legacy)
	w.pay(legacy, 50_000)
	w.refund(legacy, old, 2_000) // of a settled order: out of the pool, 12 fen of its fee back
	w.to("2026-11-24", settlement.CutAt)
	w.cut(legacy)
	l := w.line(legacy, "2026-11-23")
	if l.Taken != 1_988 || l.Net != 50_000-1_988-300 || l.Deducted() != 1_988 {
		t.Errorf("the line is %+v", l)
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.FeeIncome: 60 - 12 + 300})
	w.sound()
}

func TestALineWithNothingLeftIsCarriedIntoTheNext(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	old := w.pay(legacy, 10_000)
	w.to("2026-11-23", settlement.CutAt)
	w.cut(legacy)
	w.pay(legacy, 1_000)
	w.pay(legacy, 500)
	w.to("2026-11-24", 8*time.Hour)
	w.pay(legacy, 90_000) // not due: it keeps the pool full
	w.refund(legacy, old, 9_000)
	w.to("2026-11-24", settlement.CutAt)
	w.cut(legacy)
	first := w.line(legacy, "2026-11-23")
	if first.State != settlement.Carried || first.Net >= 0 {
		t.Fatalf("the line is %+v", first)
	}
	w.sound()
	w.to("2026-11-25", settlement.CutAt)
	w.cut(legacy)
	next := w.line(legacy, "2026-11-24")
	if next.State != settlement.Sent || next.Net != 90_000-540+first.Net || next.CarriedFee != 9 {
		t.Errorf("the next line is %+v", next)
	}
	if first = w.line(legacy, "2026-11-23"); first.IntoDay != "2026-11-24" {
		t.Errorf("the carried line went into %q", first.IntoDay)
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.InSettle: 9_940 + next.Net})
	w.sound()
}

func TestABillThatComesLateGoesIntoTheNewestLineOfTheNextCut(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pay(legacy, 10_000)
	w.to("2026-11-22", 12*time.Hour)
	w.pay(legacy, 20_000)
	w.to("2026-11-23", settlement.CutAt)
	w.cut(legacy)
	w.payAt(legacy, 7_000, friday)
	must(t, w.Cut(t.Context(), legacy, "2026-11-23")) // again on the same day: its lines are closed
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 7_000})
	w.to("2026-11-24", settlement.CutAt)
	w.cut(legacy)
	if l := w.line(legacy, "2026-11-23"); l.Count != 1 || l.Gross != 7_000 || l.State != settlement.Sent {
		t.Errorf("the line is %+v", l)
	}
	w.sound()
}

func TestOrdersThatMustWaitDoNotHoldUpTheRest(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pay(legacy, 10_000)
	w.to("2026-11-22", 12*time.Hour)
	w.pay(legacy, 20_000)
	w.to("2026-11-23", settlement.CutAt)
	w.cut(legacy)
	for range 5 { // their line and the newest are closed
		w.payAt(legacy, 1_000, friday)
	}
	for range 5 { // theirs was never opened
		w.payAt(legacy, 3_000, friday.Add(24*time.Hour))
	}
	must(t, w.CutBy(t.Context(), legacy, "2026-11-23", 2))
	if l := w.line(legacy, "2026-11-21"); l.Count != 5 || l.State != settlement.Cut || l.Gross != 15_000 {
		t.Errorf("the line is %+v", l)
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 5_000})
	w.to("2026-11-24", settlement.CutAt)
	w.cut(legacy)
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Unsettled: 0})
	w.sound()
}

func TestSevenDaysAreSevenDays(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.pay(weekly, 10_000)
	w.to("2026-11-26", settlement.CutAt)
	w.cut(weekly)
	w.stands(weekly, map[ledger.Account]money.Fen{ledger.Unsettled: 10_000})
	w.to("2026-11-27", settlement.CutAt)
	w.cut(weekly)
	w.stands(weekly, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.InSettle: 9_940})
	w.sound()
}

func TestAnOrderThatComesAfterItsSecondWasSettledIsSettled(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	paid := w.clock.Now()
	due := []time.Time{paid.Add(5 * time.Minute)}
	w.payAt(upgraded, 1_000, paid)
	w.in(func(ctx context.Context, tx db.Tx) error { return settlement.Schedule(ctx, tx, upgraded, due) })
	w.clock.Advance(5 * time.Minute)
	w.drain()
	w.payAt(upgraded, 2_000, paid)
	w.in(func(ctx context.Context, tx db.Tx) error { return settlement.Schedule(ctx, tx, upgraded, due) })
	w.drain()
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Unsettled: 0, ledger.Basic: 2_982, ledger.FeeIncome: 18})
	w.sound()
}
