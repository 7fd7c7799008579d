package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/clock"
	"zhanggui/internal/topup"
	"zhanggui/internal/withdrawal"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// withdrawalFields are the form's.
const withdrawalFields = "account_type amount remark bank_memo _once"

// newWithdrawal asks how much is to be withdrawn, with what was typed before.
func (s *site) newWithdrawal(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		typed = v.asked
	}
	return s.withdrawalForm(v, http.StatusOK, typed, nil)
}

func (s *site) withdrawalForm(v *visit, status int, typed url.Values, wrong error) error {
	p, err := withdrawal.Prepare(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now())
	if err != nil {
		return err
	}
	m := views.WithdrawalForm{Preview: p, Resume: resume(p),
		Account: ui.Field{Name: withdrawal.FieldAccount, Label: v.word("withdrawal.account"), Required: true},
		Amount: ui.Field{Name: withdrawal.FieldAmount, Label: v.word("withdrawal_form.amount"), Value: typed.Get(withdrawal.FieldAmount), InputMode: "decimal",
			MaxLength: 20, Required: true, Hint: v.wordf("withdrawal_form.amount_hint", words.Args{"Max": withdrawal.AmountMax.String()})},
		Remark: ui.Field{Name: withdrawal.FieldRemark, Label: v.word("withdrawal.note"), Value: typed.Get(withdrawal.FieldRemark), MaxLength: withdrawal.RemarkMax,
			Hint: v.word("withdrawal_form.remark_hint")},
		Memo: ui.Field{Name: withdrawal.FieldMemo, Label: v.word("withdrawal.memo"), Value: typed.Get(withdrawal.FieldMemo), MaxLength: withdrawal.MemoMax,
			Hint: v.word("withdrawal_form.memo_hint")}}
	chosen := typed.Get(withdrawal.FieldAccount)
	for i, a := range p.Sources {
		m.Account.Options = append(m.Account.Options, ui.Option{Value: string(a.Account), Chosen: string(a.Account) == chosen || chosen == "" && i == 0,
			Word: v.wordf("withdrawal_form.source", words.Args{"Account": topup.AccountWord(v.ctx(), string(a.Account)), "Balance": a.Balance.String()})})
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	m.Faults = v.faults(wrong, &m.Account, &m.Amount, &m.Remark, &m.Memo)
	list, here := v.withdrawalFrame(v.word("withdrawals.make"))
	return v.show(status, views.WithdrawalFormPage(v.fundsFrame(here.Word, list, here), m))
}

// resume is until when a new card rests.
func resume(p withdrawal.Preview) string {
	if p.Rest == nil {
		return ""
	}
	return clock.Text(*p.Rest)
}

// previewWithdrawal shows what the form will bring. Nothing is kept by it.
func (s *site) previewWithdrawal(v *visit) error {
	ask, err := withdrawal.Parse(v.form)
	var p withdrawal.Preview
	if err == nil {
		if p, err = withdrawal.Prepare(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now()); err == nil {
			err = p.Check(ask)
		}
	}
	if v.correctable(err) {
		return s.withdrawalForm(v, http.StatusUnprocessableEntity, v.posted, err)
	} else if err != nil {
		return err
	}
	m := views.WithdrawalPreview{Preview: p, Ask: ask, Resume: resume(p), Hidden: []ui.Pair{{Name: once, Value: v.form(once)},
		{Name: withdrawal.FieldAccount, Value: string(ask.Account)}, {Name: withdrawal.FieldAmount, Value: ask.Amount.Plain()},
		{Name: withdrawal.FieldRemark, Value: ask.Remark}, {Name: withdrawal.FieldMemo, Value: ask.Memo}}}
	list, here := v.withdrawalFrame(v.word("withdrawals.make"))
	return v.show(http.StatusOK, views.WithdrawalPreviewPage(v.fundsFrame(v.word("withdrawal_form.preview"), list, here), m))
}

// makeWithdrawal asks the phone for it.
func (s *site) makeWithdrawal(v *visit) error {
	ask, err := withdrawal.Parse(v.form)
	if err == nil {
		err = s.ask(v, withdrawal.MakeAction, ask, withdrawal.Path+"/new")
	}
	if v.correctable(err) {
		return s.withdrawalForm(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}
