package web

import (
	"net/http"
	"net/url"

	"zhanggui/internal/identity"
	"zhanggui/internal/merchant"
	"zhanggui/internal/platform"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// openingParams are the fields of a merchant to be opened, and of its first super admin.
const openingParams = "mchid kind parent_mchid legal_name short_name settlement_cycle account_system fee_rate " +
	"settlement_bank settlement_account appid login name id_type id_number mobile _once"

// newMerchant asks for everything that a merchant is opened with.
func (s *site) newMerchant(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	if len(typed) == 0 {
		if typed, err = s.openingDefaults(v); err != nil {
			return err
		}
	}
	return s.openingPage(v, http.StatusOK, typed, nil)
}

// openingDefaults are what most merchants are opened with, under the next number.
func (s *site) openingDefaults(v *visit) (url.Values, error) {
	p, err := v.operator()
	if err != nil {
		return nil, err
	}
	id, err := s.Office.NextMchID(v.ctx(), p)
	return url.Values{"mchid": {mchid(id)}, "kind": {string(merchant.Direct)}, "settlement_cycle": {string(merchant.T1)},
		"account_system": {string(merchant.Upgraded)}, "fee_rate": {"0.60"}, "login": {"admin01"}, "id_type": {string(identity.IDCard)}}, err
}

// openMerchant asks the operator's phone whether the merchant is opened.
func (s *site) openMerchant(v *visit) error {
	err := s.ask(v, "merchant.open", platform.ParseOpening(v.form), "/ops/merchants/new")
	if v.correctable(err) {
		return s.openingPage(v, http.StatusUnprocessableEntity, v.posted, err)
	}
	return err
}

func (s *site) openingPage(v *visit, status int, typed url.Values, wrong error) error {
	once, err := v.once()
	if err != nil {
		return err
	}
	f := fields{v: v, typed: typed, family: "ops.merchant."}
	m := views.OpsForm{Head: ui.Head{Title: v.word("ops.merchants.new"), Lead: v.word("ops.open.lead")}, Action: "/ops/merchants", Once: once,
		Groups: []views.OpsFields{
			{ID: "merchant", Title: v.word("ops.open.merchant"), Fields: []views.OpsField{
				f.choice("kind", "radio", "merchant.kind.", codes(merchant.Kinds)), f.number("parent_mchid", 10),
				f.number("mchid", 10), f.text("legal_name", 64), f.text("short_name", 64), f.text("appid", 18)}},
			{ID: "settlement", Title: v.word("ops.open.settlement"), Fields: []views.OpsField{
				f.choice("account_system", "radio", "merchant.system.", []string{string(merchant.Upgraded), string(merchant.Legacy)}),
				f.choice("settlement_cycle", "radio", "merchant.cycle.", []string{string(merchant.T1), string(merchant.T7)}),
				f.text("fee_rate", 8), f.text("settlement_bank", 64), f.number("settlement_account", 40)}},
			{ID: "admin", Title: v.word("ops.open.admin"), Fields: f.person()},
		},
		Go: v.word("ops.ask_phone"), Back: ui.Act{Word: v.word("ops.open.back"), Href: "/ops/merchants"},
		Note: ui.Note{Text: v.word("ops.open.note")}}
	m.Faults = f.faults(wrong, m.Groups)
	title := v.word("ops.merchants.new")
	frame := v.frame(title, v.opsCrumbs(ui.Crumb{Word: v.word("ops.merchants.title"), Href: "/ops/merchants"}, ui.Crumb{Word: title})...)
	return v.show(status, views.OpsFormPage(frame, m))
}
