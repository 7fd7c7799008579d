package settlement_test

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/settlement"
)

func TestWhatWasCarriedIsTakenOnceAlsoBesideAnOlderLine(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	old := w.pay(legacy, 10_000) // Friday 20th
	w.to("2026-11-23", settlement.CutAt)
	w.cut(legacy)
	w.pay(legacy, 10_000)
	w.to("2026-11-24", 8*time.Hour)
	w.pay(legacy, 90_000)
	w.refund(legacy, old, 10_000)
	w.to("2026-11-24", settlement.CutAt)
	w.cut(legacy)
	if l := w.line(legacy, "2026-11-23"); l.State != settlement.Carried {
		t.Fatalf("the 23rd is %s with %s", l.State, l.Net)
	}
	w.payAt(legacy, 50_000, time.Date(2026, 11, 10, 12, 0, 0, 0, clock.Beijing)) // told late: a line older than the carried one
	w.to("2026-11-25", settlement.CutAt)
	w.cut(legacy)
	w.sound()
	w.pay(legacy, 20_000)
	w.to("2026-11-26", settlement.CutAt)
	w.cut(legacy)
	if l := w.line(legacy, "2026-11-23"); l.IntoDay != "2026-11-24" {
		t.Errorf("the 23rd went into %q", l.IntoDay)
	}
	// Of the 20th nothing is left; the 23rd's 0.60, the 24th's 5.40, the 10th's 3.00, the 25th's 1.20.
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.FeeIncome: 60 + 540 + 300 + 120})
	w.sound()
}
