package web

import (
	"net/http"

	"zhanggui/internal/transfer"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// newPayment asks whom to pay; the address may name somebody, and a confirmation that came to nothing brings
// back what was typed.
func (s *site) newPayment(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	read := typed.Get
	if len(typed) == 0 {
		read = func(name string) string {
			if name == transfer.FieldOpenID {
				return v.query(name)
			}
			return ""
		}
	}
	return s.showPaymentForm(v, http.StatusOK, read, nil)
}

// changePayment opens the form again from its preview.
func (s *site) changePayment(v *visit) error {
	return s.showPaymentForm(v, http.StatusOK, v.form, nil)
}

func (s *site) showPaymentForm(v *visit, status int, read func(string) string, wrong error) error {
	var m views.TransferForm
	var err error
	if m.Standing, err = transfer.Stand(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now()); err != nil {
		return err
	}
	if !m.Open {
		return v.seeOther(transfer.Path)
	}
	if m.Payees, m.Demo, err = s.payees(v); err != nil {
		return err
	}
	field := func(name, word, hint string, most int) ui.Field {
		return ui.Field{Name: name, Label: v.word(word), Hint: v.word(hint), Value: read(name), MaxLength: most, Required: true}
	}
	m.OpenID = field(transfer.FieldOpenID, "transfer.column.openid", "transfer_form.openid_hint", transfer.OpenIDMax)
	m.OpenID.Mono = true
	m.Name = field(transfer.FieldName, "transfer.column.re_user_name", "transfer_form.name_hint", transfer.NameMax)
	m.Name.Required = false
	m.Amount = field(transfer.FieldAmount, "transfer.column.amount", "transfer_form.amount_hint", 20)
	m.Amount.InputMode = "decimal"
	m.Desc = field(transfer.FieldDesc, "transfer.column.desc", "transfer_form.desc_hint", transfer.DescMax)
	m.Check = ui.Field{Name: transfer.FieldCheck, Label: v.word("transfer.check"), Required: true, Hint: v.word("transfer_form.check_hint")}
	for i, c := range []transfer.CheckName{transfer.ForceCheck, transfer.NoCheck} {
		chosen := read(transfer.FieldCheck) == string(c) || read(transfer.FieldCheck) == "" && i == 0
		m.Check.Options = append(m.Check.Options, ui.Option{Value: string(c), Word: v.word("transfer.check." + string(c)), Chosen: chosen})
	}
	if m.Short, wrong = v.short(wrong, views.ShortNote); m.Short != nil {
		m.Amount.Error = m.Short.Strong
	}
	m.Faults = v.faults(wrong, &m.OpenID, &m.Check, &m.Name, &m.Amount, &m.Desc)
	return v.show(status, views.TransferFormPage(v.marketingFrame(v.word("transfers.new"), v.transfersCrumb()), m))
}

// payees are whom the form proposes: those who were paid before, or the demo's people.
func (s *site) payees(v *visit) (all []transfer.Payee, demo bool, err error) {
	if s.Demo {
		all, err = s.demoPayees(v)
		return all, true, err
	}
	all, err = transfer.Payees(v.ctx(), s.DB.PG(), v.scope)
	return all, false, err
}

// previewPayment shows what a payment would do. Nothing is kept by it.
func (s *site) previewPayment(v *visit) error {
	p, err := transfer.Parse(v.form)
	if v.correctable(err) {
		return s.showPaymentForm(v, http.StatusUnprocessableEntity, v.form, err)
	} else if err != nil {
		return err
	}
	m := views.TransferPreview{Params: p}
	if m.Standing, err = transfer.Stand(v.ctx(), s.DB.PG(), v.scope, s.Clock.Now()); err != nil {
		return err
	}
	if !m.Open {
		return v.seeOther(transfer.Path)
	}
	err = s.Transfers.Leaves(v.ctx(), s.DB.PG(), v.scope, p)
	if v.correctable(err) {
		return s.showPaymentForm(v, http.StatusUnprocessableEntity, v.form, err)
	} else if err != nil {
		return err
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	for _, name := range []string{transfer.FieldOpenID, transfer.FieldCheck, transfer.FieldName, transfer.FieldAmount, transfer.FieldDesc} {
		m.Hidden = append(m.Hidden, ui.Pair{Name: name, Value: v.form(name)})
	}
	return v.show(http.StatusOK, views.TransferPreviewPage(v.marketingFrame(v.word("transfer_form.preview"), v.transfersCrumb()), m))
}

// makePayment asks the maker's phone.
func (s *site) makePayment(v *visit) error {
	p, err := transfer.Parse(v.form)
	if err == nil {
		p.Address = v.RealIP()
		err = s.ask(v, transfer.MakeAction, p, transfer.Path+"/new")
	}
	if v.correctable(err) {
		return s.showPaymentForm(v, http.StatusUnprocessableEntity, v.form, err)
	}
	return err
}
