package dossier_test

import (
	"context"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/dossier"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
)

// checking is a world in which a request's check payment has arrived, and the request.
func checking(t *testing.T) (*world, dossier.CardChange) {
	t.Helper()
	w := newWorld(t)
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Fatal(err)
	}
	_, v := w.read(store)
	w.ends(*v.Card, payout.BankSuccess, "")
	_, v = w.read(store)
	if v.Card.State != dossier.Arrived || v.Card.CheckedAt == nil {
		t.Fatalf("the request is %+v", v.Card)
	}
	return w, *v.Card
}

// taker is a bank that takes whatever it is handed.
type taker struct{ payout.Bank }

func (taker) Pay(context.Context, payout.Batch) error { return nil }

// ends hands a request's check payment in, and hears what the bank says of it.
func (w *world) ends(c dossier.CardChange, v payout.Verdict, reason string) {
	w.t.Helper()
	bank := payout.Deps{DB: w.db, Clock: w.clock, Vault: w.deps.Vault, Bank: taker{},
		Owners: map[payout.Purpose]payout.Owner{payout.ForCheck: w.deps.Moved}}
	if err := bank.HandIn(w.t.Context(), store, c.CheckNo); err != nil {
		w.t.Fatal(err)
	}
	w.in(func(ctx context.Context, tx db.Tx) error {
		return bank.Hear(ctx, tx, store, c.CheckNo, payout.Answer{Verdict: v, Amount: w.amount(), Reason: reason})
	})
}

func TestACheckPaymentIsThePlatformsExpense(t *testing.T) {
	t.Parallel()
	w, c := checking(t)
	sent := w.amount()
	w.ends(c, payout.BankSuccess, "")
	for _, want := range []struct{ suspense, bank money.Fen }{{-sent, sent}, {0, 0}} {
		stands, err := ledger.Balances(t.Context(), w.db.PG(), store)
		if err != nil || stands[ledger.Suspense] != want.suspense || stands[ledger.Bank] != want.bank {
			t.Errorf("the books stand at %v, %v; want %+v", stands, err, want)
		}
		w.ends(c, payout.BankReturned, "户名不符")
	}
	if _, v := w.read(store); v.Card == nil || v.Card.State != dossier.Missed || v.Card.Reason != "户名不符" {
		t.Errorf("the request is %+v", v.Card)
	}
}

func (w *world) amount() (sent money.Fen) {
	w.t.Helper()
	if err := w.db.PG().QueryRow(w.t.Context(), "SELECT check_amount FROM settlement_card_changes WHERE merchant_id = $1", store).Scan(&sent); err != nil {
		w.t.Fatal(err)
	}
	return sent
}

func (w *world) answer(s access.Scope, c dossier.CardChange, amount money.Fen) (answered dossier.CardChange, err error) {
	w.t.Helper()
	err = w.db.InTx(w.t.Context(), func(tx db.Tx) (err error) {
		answered, err = w.deps.AnswerCheck(w.t.Context(), tx, s, c.ID, amount, audit.From{Address: "192.0.2.7"})
		return err
	})
	return answered, err
}

func TestTheRightAmountPutsTheNewCardInUseAndRestsPayoutsADay(t *testing.T) {
	t.Parallel()
	w, c := checking(t)
	sent := w.amount()
	if sent < 1 || sent > 99 {
		t.Fatalf("sent %s", sent)
	}
	if got, err := w.answer(owner(store), c, sent%99+1); err != nil || got.State != dossier.Arrived || got.Left() != 2 {
		t.Fatalf("a wrong amount: %+v, %v", got, err)
	}
	if got, err := w.answer(owner(store), c, sent); err != nil || got.State != dossier.InUse {
		t.Fatalf("the right amount: %+v, %v", got, err)
	}
	m, v := w.read(store)
	if m.AccountTail != "4321" || m.SettlementBank != "中国建设银行" || v.Rest == nil || !v.Rest.Equal(w.clock.Now().Add(dossier.PayoutRest)) {
		t.Errorf("the merchant is %+v, payouts rest until %v", m, v.Rest)
	}
	card, err := merchant.SettlementCard(t.Context(), w.db.PG(), w.deps.Vault, store)
	if err != nil || card.Number != cardNext {
		t.Errorf("pays to %+v, %v", card, err)
	}
	if _, err := w.answer(owner(store), c, sent); !fault.Is(err, fault.ErrNotFound.Code) {
		t.Errorf("entered once more: %v", err)
	}
}

func TestAfterThreeWrongAmountsTheOldCardStays(t *testing.T) {
	t.Parallel()
	w, c := checking(t)
	wrong := w.amount()%99 + 1
	for left := 2; left >= 0; left-- {
		got, err := w.answer(owner(store), c, wrong)
		if err != nil || got.Left() != left {
			t.Fatalf("left %d: %+v, %v", left, got, err)
		}
	}
	m, v := w.read(store)
	if m.AccountTail != "0123" || v.Card.State != dossier.Missed || v.Card.Reason == "" || v.Rest != nil {
		t.Errorf("the merchant is %+v, the request %+v", m, v.Card)
	}
	var told, logged int
	err := w.db.PG().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM audit_rows WHERE merchant_id = $1 AND action = 'card.check' AND outcome = 'refused'),
		(SELECT count(*) FROM audit_rows WHERE merchant_id = $1 AND action = 'card.check' AND details::text LIKE '%amount%')`, store).Scan(&logged, &told)
	if err != nil || logged != 3 || told != 0 {
		t.Errorf("%d rows in the log, %d tell the amount (%v)", logged, told, err)
	}
}

func TestWhatTheBankDidNotPayEndsTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Fatal(err)
	}
	_, v := w.read(store)
	for range 2 {
		w.ends(*v.Card, payout.BankFailed, "户名不符")
	}
	if m, v := w.read(store); m.AccountTail != "0123" || v.Card.State != dossier.Missed || v.Card.Reason != "户名不符" {
		t.Errorf("the request is %+v", v.Card)
	}
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Errorf("a new request afterwards: %v", err)
	}
}

func TestOnlyTheSuperAdminEntersTheAmount(t *testing.T) {
	t.Parallel()
	w, c := checking(t)
	if _, err := w.answer(clerk(store), c, w.amount()); err == nil {
		t.Error("a clerk entered it")
	}
	if _, err := w.answer(owner(other), c, w.amount()); !fault.Is(err, fault.ErrNotFound.Code) {
		t.Errorf("of another merchant: %v", err)
	}
}

func TestAmountsOutsideTheCheckAreRefusedAndDoNotCount(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "0", "1.00", "-0.37", "0.375", "三角七分", strings.Repeat("9", 40)} {
		if _, err := dossier.ParseCheck(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
	if got, err := dossier.ParseCheck(" 0.37 "); err != nil || got != 37 {
		t.Errorf("0.37 is read as %s, %v", got, err)
	}
}
