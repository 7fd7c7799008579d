package transfer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
)

var errBroke = errors.New("the line broke")

// lost pays, and lets nobody hear of it.
func lost(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
	return paid(o), transfer.Answer{}, errBroke
}

// never takes nothing in, and lets nobody hear of that either.
func never(transfer.Order) (transfer.Answer, transfer.Answer, error) {
	return transfer.Answer{}, transfer.Answer{}, errBroke
}

func TestAnAnswerThatDidNotComeIsAskedForAndNeverPaidTwice(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = lost
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.work(upgraded)
	w.is(p, transfer.Processing)
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 49_912_00, ledger.InTransfer: 88_00})
	w.clock.Advance(5 * time.Second)
	w.work(upgraded)
	w.is(p, transfer.Success)
	if w.channel.times(p) != 1 || len(w.channel.sent) != 1 {
		t.Errorf("%d effects, sent %d times", w.channel.times(p), len(w.channel.sent))
	}
	w.sound()
}

func TestAChannelThatKnowsNothingForAMinuteAndThenSaysSuccessIsSafe(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = lost
	w.channel.find = func(number string) (transfer.Answer, error, bool) {
		if w.clock.Now().Before(morning.Add(time.Minute)) {
			return transfer.Answer{Verdict: transfer.Unknown, Code: "SYSTEMERROR"}, nil, true
		}
		return transfer.Answer{}, nil, false
	}
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	for w.clock.Now().Before(morning.Add(time.Minute)) {
		w.work(upgraded)
		w.is(p, transfer.Processing)
		w.clock.Advance(5 * time.Second)
	}
	w.clock.Advance(2 * time.Minute)
	w.work(upgraded)
	w.is(p, transfer.Success)
	if w.channel.times(p) != 1 || len(w.channel.sent) != 1 {
		t.Errorf("%d effects, sent %d times", w.channel.times(p), len(w.channel.sent))
	}
	w.sound()
}

func TestWhatTheChannelNeverHeardOfIsSentAgainUnderTheSameNumber(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = never
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.work(upgraded)
	w.channel.next = nil
	w.clock.Advance(5 * time.Second)
	w.work(upgraded)
	w.is(p, transfer.Success)
	if len(w.channel.sent) != 2 || w.channel.sent[0] != w.channel.sent[1] || w.channel.times(p) != 1 {
		t.Errorf("sent %v, %d effects", w.channel.sent, w.channel.times(p))
	}
	w.sound()
}

func TestARefusalOfASecondRequestIsNotBelievedWhileTheFirstMayStillArrive(t *testing.T) {
	t.Parallel()
	for _, arrives := range []bool{true, false} {
		w := inTx(t)
		w.channel.next = never
		p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
		w.work(upgraded)
		w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
			return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "SENDNUM_LIMIT"}, nil
		}
		w.clock.Advance(5 * time.Second)
		w.work(upgraded)
		w.is(p, transfer.Processing)
		want, left := transfer.Failed, money.Fen(50_000_00)
		if arrives {
			w.channel.book[p.No()] = paid(w.channel.sent[0])
			want, left = transfer.Success, 49_912_00
		}
		w.clock.Advance(transfer.LostAfter)
		w.work(upgraded)
		w.clock.Advance(time.Hour)
		w.work(upgraded)
		w.is(p, want)
		w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: left, ledger.InTransfer: 0})
		w.sound()
	}
}

func TestMoneyReturnsOnlyWhenTheChannelStillHasNotHeardOfItAfterTheWindow(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = never
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	for at := morning; at.Before(morning.Add(transfer.LostAfter)); at = at.Add(20 * time.Minute) {
		w.clock.Set(at)
		w.work(upgraded)
		w.is(p, transfer.Processing)
	}
	for range 4 {
		w.clock.Advance(time.Hour)
		w.work(upgraded)
	}
	if done := w.is(p, transfer.Failed); done.Code != transfer.CodeLost {
		t.Errorf("failed with %s", done.Code)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00, ledger.InTransfer: 0})
	w.sound()
}

func TestAnotherAmountThanAskedForIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		a := paid(o)
		a.Amount++
		return a, a, nil
	}
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.work(upgraded)
	w.is(p, transfer.Processing)
	if n := w.alarms(); n != 1 {
		t.Errorf("%d alarms of another amount", n)
	}
	w.sound()
}

func TestOnlyTheAnswerToAPaymentHandedInMayLeaveItsAmountOut(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return paid(o), transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000" + o.Number}, nil
	}
	w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.channel.find = func(string) (transfer.Answer, error, bool) {
		return transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000"}, nil, true
	}
	w.work(upgraded)
	if n := w.alarms(); n != 0 {
		t.Errorf("%d alarms of a payment handed in", n)
	}
	w.channel.next = lost
	p := w.pays(w.ask(upgraded, "oPayee2", 88_00))
	w.work(upgraded)
	w.clock.Advance(5 * time.Second)
	w.work(upgraded)
	w.is(p, transfer.Processing)
	if n := w.alarms(); n != 1 {
		t.Errorf("%d alarms of a payment found without its amount", n)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Channel: 88_00, ledger.InTransfer: 88_00})
	w.sound()
}

func TestWhatOnlyPeopleCanMendIsToldToOperatorsAndPaidOnceMended(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	refusing := ""
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		if refusing != "" {
			return transfer.Answer{}, transfer.Answer{Verdict: transfer.Unknown, Code: refusing}, nil
		}
		return paid(o), paid(o), nil
	}
	var p transfer.Payment
	for i, code := range []string{"SYSTEMERROR", "NOTENOUGH", "NOTENOUGH", "SIGN_ERROR", transfer.CodeCall} {
		refusing = code
		if i == 0 {
			p = w.pays(w.ask(upgraded, "oPayee1", 88_00))
		}
		w.work(upgraded)
		w.is(p, transfer.Processing)
		if n, want := w.alarms(), []int{0, 1, 1, 2, 3}[i]; n != want {
			t.Errorf("%d alarms after %s, want %d", n, code, want)
		}
		w.clock.Advance(time.Hour)
	}
	refusing = ""
	w.work(upgraded)
	w.is(p, transfer.Success)
	if w.channel.times(p) != 1 {
		t.Errorf("%d effects", w.channel.times(p))
	}
	w.sound()
}

func TestANoticeThatContradictsRaisesAnAlarmAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	says := func(status, amount string) error {
		return w.Notice(t.Context(), "TRANSFER."+status, []byte(`{"partner_trade_no":"`+p.No()+`","status":"`+status+`","payment_amount":`+amount+`,"reason":"x"}`))
	}
	if says("SUCCESS", "8800") == nil {
		t.Error("a payment that was never sent is said to be paid, and that is believed")
	}
	w.work(upgraded)
	must(t, says("SUCCESS", "8800"))
	if n := w.alarms(); n != 0 {
		t.Errorf("the same again raises %d alarms", n)
	}
	must(t, says("FAILED", "8800"))
	must(t, says("SUCCESS", "8801"))
	if n := w.alarms(); n != 2 {
		t.Errorf("%d alarms", n)
	}
	w.is(p, transfer.Success)
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 49_912_00, ledger.InTransfer: 0})
	for _, odd := range []string{`{}`, `{"partner_trade_no":"` + p.No()[:27] + `9","status":"SUCCESS","payment_amount":8800}`, `[`} {
		if w.Notice(t.Context(), "TRANSFER.SUCCESS", []byte(odd)) == nil {
			t.Errorf("%s is taken", odd)
		}
	}
	w.sound()
}

func TestANoticeMayComeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		return transfer.Answer{Verdict: transfer.Going}, transfer.Answer{Verdict: transfer.Going}, nil
	}
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.work(upgraded)
	w.is(p, transfer.Processing)
	must(t, w.Notice(t.Context(), "TRANSFER.FAILED", []byte(`{"partner_trade_no":"`+p.No()+`","status":"FAILED","payment_amount":8800,"err_code":"NAME_MISMATCH","reason":"x"}`)))
	w.is(p, transfer.Failed)
	w.clock.Advance(time.Hour)
	w.work(upgraded)
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00})
	w.sound()
}

func TestAFailureWithoutACodeIsToldInTheChannelsWords(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{"收款账户暂时无法收款": "收款账户暂时无法收款", "": "微信支付付款失败，没有说明原因"} {
		w := inTx(t)
		w.channel.next = func(transfer.Order) (transfer.Answer, transfer.Answer, error) {
			return transfer.Answer{Verdict: transfer.Going}, transfer.Answer{Verdict: transfer.Going}, nil
		}
		p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
		w.work(upgraded)
		must(t, w.Notice(t.Context(), "TRANSFER.FAILED", []byte(`{"partner_trade_no":"`+p.No()+`","status":"FAILED","payment_amount":8800,"reason":"`+reason+`"}`)))
		if p = w.is(p, transfer.Failed); p.Code != transfer.CodeFailed || transfer.Why(t.Context(), p.Code, p.Reason) != want {
			t.Errorf("failed with %s %s", p.Code, p.Reason)
		}
		var note, told string
		must(t, w.DB.PG().QueryRow(t.Context(), "SELECT note FROM transfers WHERE kind = 'payment.returned'").Scan(&note))
		must(t, w.DB.PG().QueryRow(t.Context(), "SELECT args ->> 'Reason' FROM inbox_messages WHERE kind = 'payment_failed'").Scan(&told))
		if note != want || told != want {
			t.Errorf("the books say %q, the inbox %q, want %q", note, told, want)
		}
	}
}

func TestAWorkerThatIsCutOffLeavesOneEffect(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	p := w.pays(w.ask(upgraded, "oPayee1", 88_00))
	ctx, stop := context.WithCancel(t.Context())
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		stop() // killed after the channel paid and before anything is written
		return paid(o), paid(o), nil
	}
	if err := w.Work(ctx, job.Run{Merchant: upgraded}); err == nil {
		t.Error("a worker that is cut off says that all is done")
	}
	w.is(p, transfer.Processing)
	w.work(upgraded) // somebody else might still have it in hand
	if len(w.channel.sent) != 1 || w.channel.asked != 0 {
		t.Errorf("sent %d times, asked %d times", len(w.channel.sent), w.channel.asked)
	}
	w.clock.Advance(5 * time.Minute)
	w.work(upgraded)
	w.is(p, transfer.Success)
	if w.channel.times(p) != 1 || len(w.channel.sent) != 1 {
		t.Errorf("%d effects, sent %d times", w.channel.times(p), len(w.channel.sent))
	}
	w.sound()
}
