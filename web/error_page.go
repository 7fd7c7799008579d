package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"zhanggui/internal/access"
	"zhanggui/internal/words"
	"zhanggui/views/layout"
)

// tell answers trouble in the shape its caller reads: JSON to programs, plain words in place of a
// file, else a page.
func (s *site) tell(c echo.Context, t trouble) error {
	switch shapeOf(c) {
	case shapeJSON:
		return sendJSON(c, t.Status, struct {
			Code    string            `json:"code"`
			Message string            `json:"message"`
			Fields  map[string]string `json:"fields,omitempty"`
			Request string            `json:"request_id"`
		}{t.Code, t.Message, t.Fields, t.Request})
	case shapeText:
		return c.String(t.Status, t.Message+"\n")
	}
	v := visitOf(c)
	if v == nil {
		v = &visit{Context: c, site: s}
		_ = v.greet() // an address that leads nowhere still knows its reader, if that can be had
	}
	return v.showTrouble(t)
}

func (v *visit) showTrouble(t trouble) error {
	p := v.frame(v.word("web.trouble"))
	if v.onPhone() {
		title, number := v.word("web.trouble.phone"), ""
		if t.Status >= http.StatusInternalServerError {
			number = t.Request
		}
		return v.show(t.Status, layout.PhoneTrouble(p, title, t.Message, number))
	}
	switch {
	case t.Permission != "":
		grantor, ask := v.grantor(access.Permission(t.Permission))
		return v.show(t.Status, layout.Forbidden(p, v.word("permission."+t.Permission), grantor, ask))
	case t.Status == http.StatusNotFound:
		return v.show(t.Status, layout.NotFound(p))
	case t.Status == http.StatusInternalServerError:
		return v.show(t.Status, layout.Broken(p, t.Request))
	}
	title := v.word("web.refused." + titleOf(t.Status))
	return v.show(t.Status, layout.Refused(p, strconv.Itoa(t.Status), title, t.Message))
}

// grantor says who can grant a permission, and names the permission if the reader may ask for it. One that
// no role can hold has no grantor.
func (v *visit) grantor(p access.Permission) (grantor, ask string) {
	if p.SuperOnly() {
		return "", ""
	}
	if !v.signedIn() || v.door().platform {
		return v.wordf("web.grantor", words.Args{"Roles": v.holders(string(p)), "Name": ""}), ""
	}
	name, err := v.site.Gate.SuperAdminName(v.ctx(), v.scope)
	if err != nil {
		v.site.Log.WarnContext(v.ctx(), "the super admin's name was not read", "error", err.Error())
	}
	return v.wordf("web.grantor", words.Args{"Roles": v.holders(string(p)), "Name": name}), string(p)
}

// holders names the ready roles that hold a permission.
func (v *visit) holders(permission string) string {
	var names []string
	for _, r := range access.RolesWith(access.Permission(permission)) {
		names = append(names, words.T(v.ctx(), "role."+string(r)))
	}
	return strings.Join(names, v.word("web.list_comma"))
}

// titleOf tells the few ways apart in which a whole page is refused.
func titleOf(status int) string {
	switch status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return "later"
	case http.StatusRequestEntityTooLarge:
		return "large"
	}
	return "request"
}

type shape int

const (
	shapePage shape = iota
	shapeJSON
	shapeText
)

// onPhone tells whether the answer is read inside the chat app.
func (v *visit) onPhone() bool { return strings.HasPrefix(v.Request().URL.Path, "/m/") }

// shapeOf tells what the caller of a route can read. Where no route was met, the address tells.
func shapeOf(c echo.Context) shape {
	path := c.Request().URL.Path
	if v := visitOf(c); v != nil {
		path = v.route.Path
	}
	switch {
	case strings.HasSuffix(path, ".json"), strings.HasPrefix(path, "/sandbox/api/"), strings.HasPrefix(path, "/sandbox/wechat/"):
		return shapeJSON
	case strings.HasSuffix(path, ".csv"), strings.HasSuffix(path, "/events"), c.Request().Method == http.MethodOptions:
		return shapeText
	}
	return shapePage
}
