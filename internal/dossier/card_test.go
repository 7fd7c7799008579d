package dossier_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"zhanggui/internal/dossier"
	"zhanggui/internal/fault"
)

var next = dossier.CardParams{Bank: "中国建设银行", Account: cardNext}

func TestARequestForAnotherCardShowsTailsAndLeavesTheCardInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	said, err := w.describe(dossier.CardAction, owner(store), next)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, l := range said.Lines {
		text += l.Label + l.Value + "\n"
	}
	if !strings.Contains(text, "中国建设银行") || !strings.Contains(text, "尾号 4321") || !strings.Contains(text, "招商银行 尾号 0123") ||
		strings.Contains(text, cardNext) || said.Warn == "" {
		t.Errorf("the phone shows %s", text)
	}
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Fatal(err)
	}
	m, v := w.read(store)
	if m.AccountTail != "0123" || v.Card == nil || v.Card.State != dossier.Checking || v.Card.Tail != "4321" || v.Card.OldTail != "0123" {
		t.Errorf("the merchant is %+v, the request %+v", m, v.Card)
	}
	var open int
	err = w.db.PG().QueryRow(t.Context(), `SELECT count(*) FROM settlement_card_changes c WHERE c::text LIKE '%' || $1 || '%'`, cardNext).Scan(&open)
	if err != nil || open > 0 {
		t.Errorf("the number lies open (%v)", err)
	}
}

func TestOneRequestAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Fatal(err)
	}
	again := dossier.CardParams{Bank: "中国银行", Account: "6213001234567891111"}
	_, err := w.describe(dossier.CardAction, owner(store), again)
	wants(t, err, "dossier.card_open", "")
	_, err = w.run(dossier.CardAction, owner(store), again)
	wants(t, err, "dossier.card_open", "")
	if _, err := w.run(dossier.CardAction, owner(other), again); err != nil {
		t.Errorf("another merchant's request: %v", err)
	}
}

func TestARequestIsTakenBackOnceAndAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Fatal(err)
	}
	_, v := w.read(store)
	if err := w.cancel(clerk(store), v.Card.ID); err == nil {
		t.Error("a clerk took it back")
	}
	for _, id := range []uuid.UUID{v.Card.ID, uuid.New()} {
		if err := w.cancel(owner(other), id); !fault.Is(err, fault.ErrNotFound.Code) {
			t.Errorf("of another merchant: %v", err)
		}
	}
	for range 2 {
		if err := w.cancel(owner(store), v.Card.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, v = w.read(store); v.Card.State != dossier.Cancelled || v.Card.EndedAt == nil || v.Card.EndedBy == "" {
		t.Errorf("the request is %+v", v.Card)
	}
	var rows int
	err := w.db.PG().QueryRow(t.Context(), `SELECT count(*) FROM audit_rows WHERE merchant_id = $1 AND action = 'card.cancel'
		AND object = $2 AND address = '192.0.2.7'`, store, "**** 4321").Scan(&rows)
	if err != nil || rows != 1 {
		t.Errorf("%d audit rows (%v)", rows, err)
	}
	if _, err := w.run(dossier.CardAction, owner(store), next); err != nil {
		t.Errorf("a new request afterwards: %v", err)
	}
}

func TestACardThatCannotBeIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f           dossier.CardForm
		code, field string
	}{
		{dossier.CardForm{Bank: "", Account: cardNext, Again: cardNext}, "dossier.card_bank", "bank"},
		{dossier.CardForm{Bank: strings.Repeat("行", 65), Account: cardNext, Again: cardNext}, "dossier.card_bank", "bank"},
		{dossier.CardForm{Bank: "中国银行", Account: "1234567", Again: "1234567"}, "merchant.settlement_account", "account"},
		{dossier.CardForm{Bank: "中国银行", Account: strings.Repeat("1", 33), Again: ""}, "merchant.settlement_account", "account"},
		{dossier.CardForm{Bank: "中国银行", Account: "６２１７００１２３４", Again: ""}, "merchant.settlement_account", "account"},
		{dossier.CardForm{Bank: "中国银行", Account: cardNext, Again: cardInUse}, "dossier.card_differs", "account_again"},
	} {
		_, err := c.f.Params()
		wants(t, err, c.code, c.field)
	}
	p, err := dossier.CardForm{Bank: " 中国银行 ", Account: "6217 0012 3456 7894 321", Again: cardNext}.Params()
	if err != nil || p.Account != cardNext || p.Bank != "中国银行" {
		t.Errorf("read as %+v, %v", p, err)
	}
	w := newWorld(t)
	_, err = w.describe(dossier.CardAction, owner(store), dossier.CardParams{Bank: "招商银行", Account: cardInUse})
	wants(t, err, "dossier.card_same", "account")
	_, err = w.describe(dossier.CardAction, owner(store), dossier.CardParams{Bank: "招", Account: "x"})
	wants(t, err, "dossier.card_bank", "bank")
	wants(t, err, "merchant.settlement_account", "account")
}
