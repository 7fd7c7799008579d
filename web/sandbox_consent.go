package web

import (
	"net/http"

	"zhanggui/internal/fault"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// showWeChatConsent is WeChat's own page on which the holder of the phone allows the comparison.
func (s *site) showWeChatConsent(v *visit) error {
	shown, err := s.World.WeChat.Consent(v.Request())
	if err != nil {
		return s.weChatRefuses(v, err)
	}
	ask := views.Ask{
		Action: v.Request().URL.RequestURI(),
		Title:  v.word("sandbox.consent_title"), Lines: []string{v.word("sandbox.consent_line")},
		Facts: []ui.Fact{
			{Word: v.word("sandbox.consent_app"), Text: v.word("sandbox.official")},
			{Word: v.word("sandbox.consent_holder"), Text: shown.Holder.Nickname},
			{Word: v.word("sandbox.consent_scope"), Text: v.word("sandbox.consent_scope_text")},
		},
		Warning: v.word("sandbox.consent_note"),
		Confirm: v.word("sandbox.consent_allow"), Refuse: v.word("sandbox.consent_deny"),
	}
	if !shown.Holder.Verified {
		ask.Notice = &ui.Note{Kind: ui.Needs, Text: v.word("sandbox.consent_unverified")}
	}
	return v.show(http.StatusOK, views.PhoneAsk(v.frame(ask.Title), ask))
}

// decideWeChatConsent sends the holder back with a code, or without one.
func (s *site) decideWeChatConsent(v *visit) error {
	back, err := s.World.WeChat.Decide(v.Request(), v.form("decision") == "confirm")
	if err != nil {
		return s.weChatRefuses(v, err)
	}
	return v.seeOther(back)
}

// weChatRefuses says on the phone what WeChat would say.
func (s *site) weChatRefuses(v *visit, err error) error {
	refusal, ok := fault.As(err)
	if !ok {
		return err
	}
	return v.show(http.StatusBadRequest, layout.PhoneTrouble(v.frame(v.word("web.trouble")),
		v.word("web.trouble.phone"), sentence(v.ctx(), refusal), ""))
}
