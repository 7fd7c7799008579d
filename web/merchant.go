package web

import (
	"net/http"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dossier"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// showMerchant shows what the merchant is, and what waits to be changed about it.
func (s *site) showMerchant(v *visit) error {
	return s.showMerchantWith(v, http.StatusOK, uuid.Nil, "", nil)
}

// showMerchantWith shows the page, after a refused amount of a card's check with what was wrong.
func (s *site) showMerchantWith(v *visit, status int, check uuid.UUID, typed string, refused error) error {
	m := views.Merchant{EditProfile: v.scope.May(access.MerchantProfile), EditCard: v.scope.May(access.MerchantCard)}
	var err error
	if m.Merchant, err = merchant.Get(v.ctx(), s.DB.PG(), v.scope.Merchant()); err != nil {
		return err
	}
	if m.View, err = dossier.Read(v.ctx(), s.DB.PG(), v.scope, v.session.Handle, s.Clock.Now()); err != nil {
		return err
	}
	if refused != nil && (m.Card == nil || m.Card.ID != check) {
		return fault.ErrNotFound
	}
	m.Check = ui.Field{Name: "amount", Label: v.word("merchant_page.check_amount"), Hint: v.word("merchant_page.check_hint"), InputMode: "decimal",
		MaxLength: checkLength, Required: true, Value: typed}
	m.Faults = v.faults(refused, &m.Check)
	return v.show(status, views.MerchantPage(v.settingsFrame("merchant_page.title"), m))
}

// checkLength is the longest amount of a check payment: 0.99 with room for what people add.
const checkLength = 8

// settingsFrame is the frame of a page of the account settings; those below a menu's page name it.
func (v *visit) settingsFrame(title string, above ...ui.Crumb) layout.Page {
	word := v.word(title)
	crumbs := append([]ui.Crumb{{Word: v.word("menu.account")}, {Word: v.word("menu.account.settings")}}, above...)
	return v.frame(word, append(crumbs, ui.Crumb{Word: word})...)
}

func (v *visit) merchantCrumb() ui.Crumb {
	return ui.Crumb{Word: v.word("merchant_page.title"), Href: dossier.Path}
}

// profileForm opens the form, empty or with what was typed before.
func (s *site) profileForm(v *visit) error {
	typed, err := v.again()
	if err != nil {
		return err
	}
	return s.showProfileForm(v, http.StatusOK, typed.Get("short_name"), typed.Get("contact_phone"), nil)
}

// changeProfile asks the phone for another short name or contact phone.
func (s *site) changeProfile(v *visit) error {
	p := dossier.ProfileParams{ShortName: v.form("short_name"), ContactPhone: v.form("contact_phone")}
	err := s.ask(v, dossier.ProfileAction, p, views.MerchantProfilePath)
	if refusedForm(err) {
		return s.showProfileForm(v, http.StatusUnprocessableEntity, p.ShortName, p.ContactPhone, err)
	}
	return err
}

func (s *site) showProfileForm(v *visit, status int, name, phone string, refused error) error {
	m, err := merchant.Get(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	if name == "" && refused == nil {
		name = m.ShortName
	}
	fields := []ui.Field{
		{Name: "short_name", Label: v.word("merchant_page.short_name"), Value: name, MaxLength: merchant.NameMax,
			Hint: v.wordf("merchant_form.short_name_hint", words.Args{"Max": merchant.NameMax})},
		{Name: "contact_phone", Label: v.word("merchant_page.contact_phone"), Value: phone, InputMode: "tel",
			MaxLength: merchant.PhoneMax, Hint: v.word("merchant_form.phone_hint")},
	}
	form, err := v.merchantForm(fields, refused)
	if err != nil {
		return err
	}
	form.Facts = []ui.Fact{{Word: v.word("merchant_page.short_name"), Text: m.ShortName},
		{Word: v.word("merchant_page.contact_phone"), Text: v.phoneText(m)}}
	return v.show(status, views.MerchantProfilePage(v.settingsFrame("merchant_form.profile", v.merchantCrumb()), form))
}

// merchantForm is a form with a fresh key, and what is wrong with it.
func (v *visit) merchantForm(fields []ui.Field, refused error) (m views.MerchantForm, err error) {
	at := make([]*ui.Field, len(fields))
	for i := range fields {
		at[i] = &fields[i]
	}
	m.Faults = v.faults(refused, at...)
	m.Fields = fields
	m.Once, err = v.once()
	return m, err
}

// cancelCardChange takes the request for another settlement card back.
func (s *site) cancelCardChange(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	err = s.DB.InTx(v.ctx(), func(tx db.Tx) error {
		return dossier.CancelCard(v.ctx(), tx, v.scope, id, v.from(), s.Clock.Now())
	})
	if err != nil {
		return err
	}
	v.flash(ui.Done, "card_cancelled")
	return v.seeOther(dossier.Path)
}

// phoneText is the contact phone as pages show it.
func (v *visit) phoneText(m merchant.Merchant) string {
	if m.PhoneMasked == "" {
		return v.word("dossier.none")
	}
	return m.PhoneMasked
}
