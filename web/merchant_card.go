package web

import (
	"net/http"

	"zhanggui/internal/db"
	"zhanggui/internal/dossier"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// accountMax is the longest text in which an account number can be typed: with spaces between its digits.
const accountMax = 64

// cardForm opens the form, empty or with what was typed before.
func (s *site) cardForm(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	f := dossier.CardForm{Bank: typed.Get("bank"), Account: typed.Get("account"), Again: typed.Get("account_again")}
	return s.showCardForm(v, http.StatusOK, f, nil)
}

// changeCard asks the phone for another settlement card.
func (s *site) changeCard(v *visit) error {
	f := dossier.CardForm{Bank: v.form("bank"), Account: v.form("account"), Again: v.form("account_again")}
	p, err := f.Params()
	if err == nil {
		err = s.ask(v, dossier.CardAction, p, views.MerchantCardPath)
	}
	if refusedForm(err) {
		return s.showCardForm(v, http.StatusUnprocessableEntity, f, err)
	}
	return err
}

// refusedForm tells what the form is shown again for, from every other error.
func refusedForm(err error) bool {
	return len(fault.All(err)) > 0 && statusOf(err) == http.StatusUnprocessableEntity
}

func (s *site) showCardForm(v *visit, status int, f dossier.CardForm, refused error) error {
	m, err := merchant.Get(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	number := ui.Field{InputMode: "numeric", MaxLength: accountMax, Required: true, Mono: true}
	account, twice := number, number
	account.Name, account.Value, account.Label = "account", f.Account, v.word("merchant_form.account")
	account.Hint = v.word("merchant_form.account_hint")
	twice.Name, twice.Value, twice.Label = "account_again", f.Again, v.word("merchant_form.account_again")
	bank := ui.Field{Name: "bank", Value: f.Bank, Label: v.word("merchant_page.bank"), MaxLength: dossier.BankMax, Required: true,
		Hint: v.word("merchant_form.bank_hint")}
	form, err := v.merchantForm([]ui.Field{bank, account, twice}, refused)
	if err != nil {
		return err
	}
	form.Facts = []ui.Fact{{Word: v.word("merchant_form.in_use"),
		Text: v.wordf("dossier.card_of", words.Args{"Bank": m.SettlementBank, "Tail": m.AccountTail})}}
	return v.show(status, views.MerchantCardPage(v.settingsFrame("merchant_form.card", v.merchantCrumb()), form))
}

// answerCardCheck compares what arrived on the new card with what was sent to it. What is wrong is said
// beside the field; a wrong amount counts.
func (s *site) answerCardCheck(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	amount, err := dossier.ParseCheck(v.form("amount"))
	if refusedForm(err) {
		return s.showMerchantWith(v, http.StatusUnprocessableEntity, id, v.form("amount"), err)
	}
	var c dossier.CardChange
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) (err error) {
		c, err = s.Dossier.AnswerCheck(v.ctx(), tx, v.scope, id, amount, v.from())
		return err
	})
	if err != nil {
		return err
	}
	switch c.State {
	case dossier.InUse:
		v.flash(ui.Done, "card_in_use")
	case dossier.Missed:
		v.flash(ui.Failed, "card_missed")
	default:
		return s.showMerchantWith(v, http.StatusUnprocessableEntity, id, v.form("amount"), dossier.ErrCheckWrong.With("Left", c.Left()))
	}
	return v.seeOther(dossier.Path)
}
