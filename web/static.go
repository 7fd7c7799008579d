package web

import "zhanggui/static"

// files serves the built stylesheet, scripts and pictures.
func (s *site) files(v *visit) error {
	static.Handler().ServeHTTP(v.Response(), v.Request())
	return nil
}
