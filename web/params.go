package web

import (
	"mime"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"zhanggui/internal/fault"
)

// readParams reads query and form once, each from its own source. A parameter that stands twice
// where one is meant, and text that is not text, are refused; names nobody reads are left alone.
func readParams(next handler) handler {
	return func(s *site, v *visit) error {
		query, err := url.ParseQuery(v.Request().URL.RawQuery)
		if err != nil {
			return fault.New("web.bad_address")
		}
		v.asked = query
		if err := v.checkValues(fromQuery, query); err != nil {
			return err
		}
		if err := v.readForm(); err != nil {
			return err
		}
		if err := v.checkValues(fromForm, v.posted); err != nil {
			return err
		}
		return next(s, v)
	}
}

// readForm reads an urlencoded form. Uploads are read by their handler, part by part.
func (v *visit) readForm() error {
	v.posted = url.Values{}
	if len(v.params[fromForm]) == 0 || v.route.uploads() {
		return nil
	}
	r := v.Request()
	if r.ContentLength == 0 {
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || media != echo.MIMEApplicationForm {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	if err := r.ParseForm(); err != nil {
		if tooLarge(err) {
			return err
		}
		return fault.New("web.bad_form")
	}
	v.posted = r.PostForm
	return nil
}

func (v *visit) checkValues(from source, values url.Values) error {
	for name, all := range values {
		p, declared := v.params[from][name]
		if !declared {
			continue
		}
		if len(all) > 1 && !p.Many {
			return fault.New("web.repeated").On(name).With("Name", name)
		}
		for _, text := range all {
			if !clean(text) {
				return fault.New("web.bad_text").On(name).With("Name", name)
			}
		}
	}
	return nil
}
