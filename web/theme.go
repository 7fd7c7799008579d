package web

import (
	"zhanggui/internal/fault"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// theme is the reader's choice of colours; without one the system decides.
func (v *visit) theme() layout.Theme {
	switch t := layout.Theme(v.cookie(cookieTheme)); t {
	case layout.Light, layout.Dark:
		return t
	}
	return layout.Auto
}

func (v *visit) density() string {
	if v.cookie(cookieDensity) == ui.DensityDense {
		return ui.DensityDense
	}
	return ""
}

// choices are the values that each cookie of looks may hold.
var choices = map[string]map[string]cookie{
	"theme":   {"light": cookieTheme, "dark": cookieTheme, "auto": cookieTheme},
	"density": {"roomy": cookieDensity, "dense": cookieDensity},
}

// chooseTheme keeps how pages look in this browser: theme, density or both.
func (s *site) chooseTheme(v *visit) error {
	for name, values := range choices {
		value := v.form(name)
		if value == "" {
			continue
		}
		k, known := values[value]
		if !known {
			return fault.New("web.unknown_choice").On(name)
		}
		v.setCookie(k, value)
	}
	return v.seeOther(safeNext(v.form("back"), "/"))
}
