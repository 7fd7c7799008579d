package web

import "zhanggui/views/ui"

// clearAll makes the browser forget what the session left in it. The session's cookie is taken away
// by itself: how pages look is not part of the session.
const clearAll = `"cache", "storage"`

// signOut ends the session on the server: a copy of the cookie opens nothing any more.
func (s *site) signOut(v *visit) error {
	if secret := v.secret(); secret != "" {
		if err := s.Gate.SignOut(v.ctx(), secret); err != nil {
			return err
		}
	}
	if err := v.forget(); err != nil {
		return err
	}
	v.Response().Header().Set("Clear-Site-Data", clearAll)
	v.flash(ui.Done, "signed_out")
	return v.seeOther(v.door().at("/login"))
}
