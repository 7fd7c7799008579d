package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/access"
	"zhanggui/internal/merchant"
	"zhanggui/internal/opening"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsOpening is what a merchant's accounts begin with.
func (s *site) opsOpening(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.openingBalances(v, http.StatusOK, typed, nil)
}

func (s *site) openingBalances(v *visit, status int, typed url.Values, wrong error) error {
	id, err := v.pathMchID()
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	merchant, err := merchant.Get(v.ctx(), s.DB.PG(), id)
	if err != nil {
		return err
	}
	m := views.OpsOpening{MchID: id, Name: merchant.ShortName, May: v.scope.May(access.OpsBooksOpen)}
	if m.Rows, err = opening.Lines(v.ctx(), s.DB.PG(), p, id); err != nil {
		return err
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	v.openingFields(&m, typed)
	m.Faults = v.faults(wrong, &m.Account, &m.Amount, &m.Document)
	title := v.word("opening.page")
	frame := v.frame(title, v.opsCrumbs(ui.Crumb{Word: v.word("ops.merchants.title"), Href: "/ops/merchants"},
		ui.Crumb{Word: m.Name, Href: views.OpsMerchantHref(id)}, ui.Crumb{Word: title})...)
	return v.show(status, views.OpsOpeningPage(frame, m))
}

// openingFields are the questions: of the accounts, only those that can still be given a balance.
func (v *visit) openingFields(m *views.OpsOpening, typed url.Values) {
	m.Account = ui.Field{Name: "account", Label: v.word("opening.account"), Required: true}
	for _, l := range m.Rows {
		if l.Free() {
			first := len(m.Account.Options) == 0 && typed.Get("account") == ""
			m.Account.Options = append(m.Account.Options, ui.Option{Value: string(l.Account), Word: topup.AccountWord(v.ctx(), string(l.Account)),
				Chosen: first || typed.Get("account") == string(l.Account)})
		}
	}
	m.Amount = ui.Field{Name: "amount", Label: v.word("opening.amount_yuan"), Value: typed.Get("amount"), InputMode: "decimal", MaxLength: 20, Required: true,
		Hint: v.wordf("opening.amount_hint", words.Args{"Max": opening.AmountMax.String()})}
	m.Document = ui.Field{Name: "document", Label: v.word("opening.document"), Value: typed.Get("document"), MaxLength: opening.DocumentMax, Required: true,
		Hint: v.word("opening.document_hint")}
}

// setOpening asks the operator's phone, and then a second operator, for an opening balance.
func (s *site) setOpening(v *visit) error {
	id, err := v.pathMchID()
	if err != nil {
		return err
	}
	if _, err := merchant.Get(v.ctx(), s.DB.PG(), id); err != nil {
		return err
	}
	p, err := opening.Parse(id, v.form)
	if err == nil {
		err = s.ask(v, opening.Action, p, views.OpsOpeningHref(id))
	}
	if v.correctable(err) {
		return s.openingBalances(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}
