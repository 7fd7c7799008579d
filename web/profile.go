package web

import (
	"net/http"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/staff"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// showProfile shows one's own account: who, which WeChat, where signed in.
func (s *site) showProfile(v *visit) error {
	rows, err := s.Gate.Sessions(v.ctx(), v.scope)
	if err != nil {
		return err
	}
	m := views.Profile{
		Person: []ui.Fact{
			{Word: v.word("profile.login"), Text: v.session.Login},
			{Word: v.word("profile.name"), Text: v.session.NameMasked},
			{Word: v.word("profile.roles"), Text: v.roleWords(v.session.Seat.Roles, v.session.Seat.Custom)},
			{Word: v.word("profile.merchant"), Text: v.wordf("profile.merchant_of", words.Args{
				"Name": v.session.Merchant.LegalName, "MchID": v.session.Merchant.Mchid})},
		},
		Binding: []ui.Fact{
			{Word: v.word("profile.wechat_state"), Value: ui.Tag(ui.Done, v.word("profile.wechat_bound"))},
			{Word: v.word("profile.verdict"), Text: v.word("profile.verdict_match")},
		},
	}
	for _, r := range rows {
		m.Sessions = append(m.Sessions, views.ProfileSession{Handle: r.Handle.String(), Browser: r.Browser, Address: r.Address,
			MadeAt: clockText(r.MadeAt), SeenAt: clockText(r.SeenAt), EndsAt: clockText(r.ExpiresAt),
			Here: r.Handle == v.session.Handle})
	}
	title := v.word("profile.title")
	crumbs := []ui.Crumb{{Word: v.word("menu.account")}, {Word: v.word("menu.account.settings")}, {Word: title}}
	if v.door().platform {
		m.Person, crumbs = m.Person[:3], crumbs[2:]
		m.Binding = append(m.Binding, ui.Fact{Word: v.word("profile.unbind"), Text: v.word("profile.unbind_how")})
	} else if err := v.rebinding(&m); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.ProfilePage(v.frame(title, crumbs...), m))
}

// rebinding is how members come to another WeChat: with the old one in hand, or by whom to ask.
func (v *visit) rebinding(m *views.Profile) (err error) {
	m.Rebind = v.word("profile.rebind_text")
	if slices.Contains(v.session.Seat.Roles, access.SuperAdmin) {
		m.Rebind = v.word("profile.rebind_text_super")
	}
	m.Once, err = v.once()
	return err
}

// askRebind asks the old WeChat to be unbound; this session then leads to the binding of another.
func (s *site) askRebind(v *visit) error {
	return s.ask(v, staff.Rebind, staff.Own{Session: v.session.Handle}, "/account/profile")
}

// endSession ends one of one's own sessions, on whatever machine it is.
func (s *site) endSession(v *visit) error {
	handle, err := v.pathID("id")
	if err != nil {
		return err
	}
	if err := s.Gate.EndSession(v.ctx(), v.scope, handle); err != nil {
		return err
	}
	if handle == v.session.Handle {
		return s.signOut(v)
	}
	v.flash(ui.Done, "session_ended")
	return v.seeOther(v.door().profile())
}

// endOtherSessions ends all of one's sessions but this.
func (s *site) endOtherSessions(v *visit) error {
	if _, err := s.Gate.EndOthers(v.ctx(), v.scope, v.session.Handle); err != nil {
		return err
	}
	v.flash(ui.Done, "others_ended")
	return v.seeOther(v.door().profile())
}

// switchMerchant goes on in another merchant that the same WeChat is bound in, under a fresh id.
func (s *site) switchMerchant(v *visit) error {
	mchid, err := v.formMchID("mchid")
	if err != nil {
		return err
	}
	if mchid == v.session.Merchant.Mchid {
		return v.seeOther("/")
	}
	_, secret, err := s.Gate.Switch(v.ctx(), v.secret(), mchid, v.browser())
	if err != nil {
		return err
	}
	if err := v.signIn(secret); err != nil {
		return err
	}
	v.flash(ui.Done, "switched")
	return v.seeOther("/")
}
