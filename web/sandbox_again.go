package web

// phoneAgain is the address that turns this browser back into the phone that a form was shown to.
func (s *site) phoneAgain(v *visit, page string) string {
	phones, err := s.World.WeChat.Phones(v.ctx())
	if err != nil {
		return ""
	}
	for _, p := range phones {
		if p.OpenID == v.posted.Get(shownTo) {
			return inApp(p, page)
		}
	}
	return ""
}
