package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// step is a middleware of one route: it wraps the next handler.
type step func(handler) handler

// steps run in this order before every handler of the site map.
var steps = []step{limitBody, readParams, waitUntilReady, withSession, withPhone, withPlace, permit}

// mount puts the site map into Echo. A GET that a person may repeat also answers HEAD; phone pages
// do not, because opening one says that the code was scanned.
func (s *site) mount(e *echo.Echo, all []route) {
	for _, r := range all {
		h := s.lead(r)
		path := pathParam.ReplaceAllString(r.Path, ":$1")
		e.Add(r.Method, path, h)
		if r.Method == get && r.Kind != phone && r.Kind != sand && !strings.HasSuffix(r.Path, "/events") {
			e.Add(http.MethodHead, path, h)
		}
	}
}

// lead makes the visit and leads it through the steps to the handler.
func (s *site) lead(r route) echo.HandlerFunc {
	h := r.Handler
	for i := len(steps) - 1; i >= 0; i-- {
		h = steps[i](h)
	}
	params := map[source]map[string]param{fromPath: {}, fromQuery: {}, fromForm: {}, fromFile: {}}
	for _, p := range r.params() {
		params[p.From][p.Name] = p
	}
	return func(c echo.Context) error {
		v := &visit{Context: c, site: s, route: r, params: params}
		c.Set(visitKey, v)
		return h(s, v)
	}
}
