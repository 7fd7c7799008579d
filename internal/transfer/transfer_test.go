package transfer_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
)

func TestAPaymentLeavesThePayingAccountWaitsAndArrives(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	for m, from := range map[int64]ledger.Account{upgraded: ledger.Basic, legacy: ledger.Available} {
		p := w.pays(w.ask(m, "oPayee1", 88_00))
		w.stands(m, map[ledger.Account]money.Fen{from: 49_912_00, ledger.InTransfer: 88_00})
		w.is(p, transfer.Waiting)
		w.sound()
		w.work(m)
		done := w.is(p, transfer.Success)
		if done.PaymentNo != "1000"+p.No() || w.channel.times(p) != 1 {
			t.Errorf("the channel's number is %q, %d effects", done.PaymentNo, w.channel.times(p))
		}
		w.stands(m, map[ledger.Account]money.Fen{from: 49_912_00, ledger.InTransfer: 0, ledger.Channel: 88_00})
	}
	w.sound()
}

func TestAFailedPaymentReturnsToTheAccountThatPaid(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
		a := transfer.Answer{Verdict: transfer.Refused, Code: "NAME_MISMATCH", Reason: "真实姓名不一致"}
		return transfer.Answer{}, a, nil
	}
	a := w.ask(upgraded, "oPayee1", 88_00)
	a.Check, a.Name = transfer.ForceCheck, "张敏"
	p := w.pays(a)
	w.openOperation(upgraded)
	w.work(upgraded)
	if done := w.is(p, transfer.Failed); done.ReturnedTo != ledger.Basic || done.Masked != "张*" || w.channel.sent[0].Name != "张敏" {
		t.Errorf("returned to %s, %s, sent to %s", done.ReturnedTo, done.Masked, w.channel.sent[0].Name)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00, ledger.Operation: 0, ledger.InTransfer: 0})
	w.sound()
}

func TestMoneyOfAnAccountThatWasGivenUpReturnsToTheBasicAccount(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}, nil
	}
	p := w.pays(w.ask(legacy, "oPayee1", 88_00))
	w.in(func(ctx context.Context, tx db.Tx) error { // the upgrade, as far as the books know it
		now := w.clock.Now()
		if err := ledger.OpenAccount(ctx, tx, legacy, ledger.Basic, now); err != nil {
			return err
		}
		if _, err := ledger.Post(ctx, tx, now, ledger.Transfer{Merchant: legacy, Kind: "upgrade", Key: "1", BusinessNo: "1", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Available, Amount: -49_912_00, Row: ledger.RowUpgrade}, {Account: ledger.Basic, Amount: 49_912_00, Row: ledger.RowUpgrade}}}); err != nil {
			return err
		}
		return ledger.CloseAccount(ctx, tx, legacy, ledger.Available, now)
	})
	w.work(legacy)
	if done := w.is(p, transfer.Failed); done.ReturnedTo != ledger.Basic {
		t.Errorf("returned to %s", done.ReturnedTo)
	}
	w.stands(legacy, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00})
	w.sound()
}

func TestAnOpenOperationsAccountAlonePays(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.openOperation(upgraded)
	r := w.refused(w.ask(upgraded, "oPayee1", 88_00), ledger.ErrInsufficient)
	if r.Args["Account"] != "OPERATION" || r.Args["Balance"] != "0.00" || r.Args["Missing"] != "88.00" {
		t.Errorf("the refusal says %v", r.Args)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00, ledger.Operation: 0})
	w.fund(upgraded, ledger.Operation, 100_00)
	if p := w.pays(w.ask(upgraded, "oPayee1", 88_00)); p.PaidFrom != ledger.Operation {
		t.Errorf("%s pays", p.PaidFrom)
	}
	w.sound()
}

func TestNothingIsPaidBeforeTheProductIsOpen(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.in(func(ctx context.Context, tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, "UPDATE product_openings SET state = 'closed', closed_by = 'system', closed_at = opened_at")
		return err
	})
	w.refused(w.ask(upgraded, "oPayee1", 88_00), transfer.ErrProduct)
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00})
}

func TestTheSameNumberIsTheOnePayment(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	a := w.ask(upgraded, "oPayee1", 88_00)
	a.Number, a.Check, a.Name = "B20261123001", transfer.ForceCheck, "张敏"
	first := w.pays(a)
	w.work(upgraded)
	again := w.accept(a, a)
	for _, o := range again {
		if o.Refused != nil || !o.Known || o.Payment.No() != first.No() || o.Payment.State != transfer.Success {
			t.Errorf("again: %+v", o)
		}
	}
	for what, change := range map[string]func(*transfer.Ask){
		"amount": func(a *transfer.Ask) { a.Amount++ }, "payee": func(a *transfer.Ask) { a.OpenID = "oPayee2" },
		"name": func(a *transfer.Ask) { a.Name = "张明" }, "check": func(a *transfer.Ask) { a.Check = transfer.NoCheck },
		"description": func(a *transfer.Ask) { a.Description = "别的" },
	} {
		other := a
		change(&other)
		if o := w.accept(other)[0]; !errors.Is(o.Refused, transfer.ErrOther) {
			t.Errorf("another %s: %+v", what, o)
		}
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 49_912_00})
	imitated := w.ask(upgraded, "oPayee3", 88_00)
	imitated.Number = first.No()[:20] + "00000099"
	w.refused(imitated, transfer.ErrNumber)
	w.sound()
}

func TestARefusedAskNeverFailsItsNeighbours(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	bad, dear := w.ask(upgraded, "oPayee2", 29), w.ask(legacy, "oPayee3", 5_000_00)
	dear.Scope = w.scopes[upgraded]
	asks := []transfer.Ask{w.ask(upgraded, "oPayee1", 30), bad, w.ask(legacy, "oPayee1", 100), w.ask(upgraded, "oPayee1", 100), dear}
	out := w.accept(asks...)
	for i, want := range []string{"", transfer.ErrAmount.Code, "", transfer.ErrTooSoon.Code, ""} {
		code := ""
		for _, r := range fault.All(out[i].Refused) {
			code = r.Code
		}
		if code != want {
			t.Errorf("ask %d: %v, want %q", i, out[i].Refused, want)
		}
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00 - 5_000_30})
	w.sound()
}

func TestLimitsHoldAtTheirEdges(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.fund(upgraded, ledger.Basic, 200_000_00)
	w.refused(w.ask(upgraded, "oPayee1", 29), transfer.ErrAmount)
	w.refused(w.ask(upgraded, "oPayee1", 5_000_01), transfer.ErrAmount)
	w.pays(w.ask(upgraded, "oPayee1", 4_999_70))
	w.refused(w.ask(upgraded, "oPayee1", 30), transfer.ErrTooSoon)
	w.clock.Advance(transfer.Apart - time.Second)
	w.refused(w.ask(upgraded, "oPayee1", 30), transfer.ErrTooSoon)
	w.clock.Advance(time.Second)
	w.refused(w.ask(upgraded, "oPayee1", 31), transfer.ErrPayeeDay)
	w.pays(w.ask(upgraded, "oPayee1", 30))
	for i := range transfer.PayeeTimes {
		w.pays(w.ask(upgraded, "oOften", 30))
		w.clock.Advance(transfer.Apart)
		if i == transfer.PayeeTimes-1 {
			w.refused(w.ask(upgraded, "oOften", 30), transfer.ErrPayeeTimes)
		}
	}
	left := transfer.DayMax - 5_000_00 - 3_00
	for i := 0; left > 5_000_00; i++ {
		w.pays(w.ask(upgraded, "oMany"+string(rune('a'+i)), 5_000_00))
		left -= 5_000_00
	}
	w.refused(w.ask(upgraded, "oLast", left+1), transfer.ErrDay)
	w.pays(w.ask(upgraded, "oLast", left))
	w.refused(w.ask(upgraded, "oLater", 30), transfer.ErrDay)
	w.pays(w.ask(legacy, "oLater", 30)) // another merchant's day is its own
	w.clock.Set(time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Beijing))
	w.pays(w.ask(upgraded, "oOften", 5_000_00))
	w.sound()
}

func TestOfAFileTheSamePayeeIsQueuedAndSentApart(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	var asks []transfer.Ask
	for range 3 {
		a := w.ask(upgraded, "oPayee1", 1_00)
		a.Queued = true
		asks = append(asks, a)
	}
	for i, o := range w.accept(asks...) {
		if want := morning.Add(time.Duration(i) * transfer.Apart); o.Refused != nil || !o.Payment.DueAt.Equal(want) {
			t.Errorf("row %d: due %v, %v", i, o.Payment.DueAt, o.Refused)
		}
	}
	w.clock.Advance(time.Hour) // all are due at once, and still leave one by one
	for sent := 1; sent <= 3; sent++ {
		w.work(upgraded)
		if len(w.channel.sent) != sent {
			t.Fatalf("%d are sent, want %d", len(w.channel.sent), sent)
		}
		w.clock.Advance(transfer.Apart)
	}
	w.sound()
}

func TestAFailedPaymentLeavesTheLimitsAsTheyWere(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}, nil
	}
	for range 3 {
		w.pays(w.ask(upgraded, "oPayee1", 5_000_00))
		w.work(upgraded)
		w.clock.Advance(transfer.Apart)
	}
	w.sound()
}

func TestWhatTheLimitsLeaveNoRoomForIsNotAskedOnThePhone(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.fund(upgraded, ledger.Basic, 200_000_00)
	describe := func(payee string, amount money.Fen) error {
		t.Helper()
		params, err := json.Marshal(transfer.Params{OpenID: payee, Check: transfer.NoCheck, Amount: amount, Description: "x", Address: "203.0.113.7"})
		must(t, err)
		for _, a := range w.Actions() {
			if a.Code == transfer.MakeAction {
				_, err = a.Describe(t.Context(), w.DB.PG(), w.scopes[upgraded], params)
			}
		}
		return err
	}
	w.pays(w.ask(upgraded, "oPayee1", 4_000_00))
	must(t, describe("oPayee1", 1_000_00)) // a moment after the last
	if err := describe("oPayee1", 1_000_01); !fault.Is(err, transfer.ErrPayeeDay.Code) {
		t.Errorf("above the payee's day: %v", err)
	}
	for range transfer.PayeeTimes {
		w.pays(w.ask(upgraded, "oOften", 30))
		w.clock.Advance(transfer.Apart)
	}
	if err := describe("oOften", 30); !fault.Is(err, transfer.ErrPayeeTimes.Code) {
		t.Errorf("once too often: %v", err)
	}
	for i := range 19 {
		w.pays(w.ask(upgraded, "oMany"+string(rune('a'+i)), 5_000_00))
	}
	if err := describe("oLast", 1_000_00); !fault.Is(err, transfer.ErrDay.Code) {
		t.Errorf("above the day: %v", err)
	}
	w.clock.Set(midnight)
	must(t, describe("oPayee1", 5_000_00))
}
