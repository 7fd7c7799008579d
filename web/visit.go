package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
)

const visitKey = "visit"

// visit is one request on its way through the site: who came, by which route, with what.
type visit struct {
	echo.Context
	site     *site
	route    route
	params   map[source]map[string]param
	asked    url.Values // read once by readParams
	posted   url.Values
	session  *identity.Session // nil: nobody is signed in
	scope    access.Scope      // zero: no right to anything
	openid   string            // whose WeChat asks; phone pages only
	entry    bool              // the upgrade is offered to the merchant; known where a page asks for it
	upgraded bool              // and has happened
	within   string            // the page that this one belongs to in the menu, where its address does not tell
}

// visitOf finds the visit of a request; nil when no route was met.
func visitOf(c echo.Context) *visit {
	v, _ := c.Get(visitKey).(*visit)
	return v
}

// place is where the menu marks this page.
func (v *visit) place() string {
	if v.within != "" {
		return v.within
	}
	return v.route.Path
}

func (v *visit) ctx() context.Context { return v.Request().Context() }

// query gives a parameter of the address. Reading one the site map does not name is a mistake of ours.
func (v *visit) query(name string) string {
	v.declared(fromQuery, name)
	return v.asked.Get(name)
}

// form gives a field of the posted form, without the spaces around it.
func (v *visit) form(name string) string {
	v.declared(fromForm, name)
	return strings.TrimSpace(v.posted.Get(name))
}

// formMany gives all values of a field that may stand several times.
func (v *visit) formMany(name string) []string {
	v.declared(fromForm, name)
	return v.posted[name]
}

// pathLimit bounds a part of the path; no number or id of ours is longer.
const pathLimit = 128

// path gives a part of the path. What cannot be a name of anything is not found.
func (v *visit) path(name string) (string, error) {
	v.declared(fromPath, name)
	text, err := v.Param(name), error(nil)
	if v.Request().URL.RawPath != "" {
		text, err = url.PathUnescape(text)
	}
	if err != nil || text == "" || len(text) > pathLimit || !clean(text) {
		return "", fault.ErrNotFound
	}
	return text, nil
}

// pathID gives a part of the path that is an inside id.
func (v *visit) pathID(name string) (uuid.UUID, error) {
	text, err := v.path(name)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fault.ErrNotFound
	}
	return id, nil
}

func (v *visit) declared(from source, name string) {
	if _, ok := v.params[from][name]; !ok {
		panic(fmt.Sprintf("web: %s reads the %s parameter %q, which the site map does not name", v.route.name(), from, name))
	}
}

// clean tells whether a text can be kept and shown: whole UTF-8 without NUL.
func clean(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
