package web

import (
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// frame is what the shells show around a page: who, where, which merchant, what was just done.
// The title is in words already; crumbs end with the page itself.
func (v *visit) frame(title string, crumbs ...ui.Crumb) layout.Page {
	p := layout.Page{
		Title: title, Path: v.Request().URL.RequestURI(), Crumbs: crumbs,
		Theme: v.theme(), Density: v.density(), Flash: v.takeFlash(), Sandbox: v.site.Demo, Ops: v.door().platform,
	}
	v.seat(&p)
	return p
}

// seat fills in who is signed in; a page outside shows nobody.
func (v *visit) seat(p *layout.Page) {
	if v.session == nil {
		return
	}
	p.User = &layout.User{Name: v.session.NameMasked, Login: v.session.Login, Role: v.roleWords(v.session.Seat.Roles, v.session.Seat.Custom)}
	if !p.Ops {
		p.Merchant = merchantOf(v.session.Merchant)
		p.Now = clock.Text(v.site.Clock.Now())
	}
	if !v.signedIn() {
		return
	}
	p.Menu, p.Unread = menuFor(v), v.session.Unread
	if p.Ops {
		return
	}
	p.Merchants, p.SwitchTo = []layout.Merchant{p.Merchant}, "/account/switch"
	for _, m := range v.session.Others {
		p.Merchants = append(p.Merchants, merchantOf(m))
	}
}

func merchantOf(m identity.MerchantRef) layout.Merchant {
	return layout.Merchant{ID: strconv.FormatInt(m.Mchid, 10), Name: m.ShortName}
}

// word says a sentence of the catalogue.
func (v *visit) word(id string) string { return words.T(v.ctx(), v.door().words(v.ctx(), id)) }

// wordf says a sentence with its places filled.
func (v *visit) wordf(id string, args words.Args) string {
	return words.F(v.ctx(), v.door().words(v.ctx(), id), args)
}
