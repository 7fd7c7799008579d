package web

import (
	"zhanggui/views/ui"
)

// otherWeChat tells whether the browser turned into another person's phone after the page was shown:
// then the answer is not the one who was asked.
func (v *visit) otherWeChat() bool {
	shown := v.posted.Get(shownTo)
	return shown != "" && shown != v.openid
}

// reopen shows the page again, with words, to whose page it was. In the demo one browser is many
// phones, so it first becomes that phone again; elsewhere WeChat is asked who this is.
func (s *site) reopen(v *visit) error {
	v.flash(ui.Needs, "other_wechat")
	page := v.Request().URL.Path
	if s.Demo {
		if again := s.phoneAgain(v, page); again != "" {
			return v.seeOther(again)
		}
	}
	v.dropCookie(cookiePhone)
	return v.seeOther(page)
}
