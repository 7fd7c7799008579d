package web

import (
	"net/http"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/platform"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsMerchant is one merchant.
func (s *site) opsMerchant(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.merchantDetail(v, http.StatusOK, typed.Get("reason"), nil)
}

// merchantDetail shows the page, after a refused act with what was typed and what was wrong.
func (s *site) merchantDetail(v *visit, status int, reason string, wrong error) error {
	id, err := v.pathMchID()
	if err != nil {
		return err
	}
	p, err := v.operator()
	if err != nil {
		return err
	}
	m := views.OpsMerchant{May: v.scope.May(access.OpsMerchantsSuspend), Books: v.scope.May(access.OpsBooksRead)}
	if m.MerchantDetail, err = s.Office.Merchant(v.ctx(), p, id); err != nil {
		return err
	}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	m.Reason = ui.Field{Name: "reason", Label: v.word("ops.merchant.reason"), Value: reason, Required: true, MaxLength: merchant.ReasonMax,
		Hint: v.wordf("ops.merchant.reason_hint", words.Args{"Max": merchant.ReasonMax})}
	m.Faults = v.faults(wrong, &m.Reason)
	frame := v.frame(m.ShortName, v.opsCrumbs(ui.Crumb{Word: v.word("ops.merchants.title"), Href: "/ops/merchants"}, ui.Crumb{Word: m.ShortName})...)
	return v.show(status, views.OpsMerchantPage(frame, m))
}

// pathMchID is the merchant that the address names.
func (v *visit) pathMchID() (int64, error) {
	text, err := v.path("mchid")
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || mchid(id) != text {
		return 0, fault.ErrNotFound
	}
	return id, nil
}

// suspendMerchant asks the operator's phone whether a merchant is suspended.
func (s *site) suspendMerchant(v *visit) error { return s.changeMerchant(v, "merchant.suspend") }

// resumeMerchant asks whether its people are let in again.
func (s *site) resumeMerchant(v *visit) error { return s.changeMerchant(v, "merchant.resume") }

func (s *site) changeMerchant(v *visit, action string) error {
	id, err := v.pathMchID()
	if err != nil {
		return err
	}
	reason := v.form("reason")
	err = s.ask(v, action, platform.Suspension{MchID: id, Reason: reason}, views.OpsMerchantHref(id))
	if v.correctable(err) {
		return s.merchantDetail(v, http.StatusUnprocessableEntity, reason, err)
	}
	return err
}

// correctable tells a refused form, which is shown again with its text, from everything else.
func (v *visit) correctable(err error) bool {
	return len(fault.All(err)) > 0 && statusOf(err) == http.StatusUnprocessableEntity
}
