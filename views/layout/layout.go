// Package layout holds the shells of pages: portal, sign-in, phone, the sandbox's phones, errors. It decides
// the frame around a page (menu, search, badge, switches, notices) from one Page value and refuses to know
// what the page is about. Links that a person may not follow are left out by whoever fills the menu; a shell
// shows what it is given.
package layout

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

func init() {
	ui.Say = func(ctx context.Context, id string, args map[string]any) string {
		if args == nil {
			return words.T(ctx, id)
		}
		return words.F(ctx, id, words.Args(args))
	}
}

// Page is everything a shell shows around a page.
type Page struct {
	Title string // of the window, without the product's name
	Path  string // path and query of this page, to come back to after a switch

	Menu   []Centre
	Crumbs []ui.Crumb

	User      *User // nil: nobody is signed in
	Merchant  Merchant
	Merchants []Merchant // all that the person may switch to, this one included
	SwitchTo  string     // takes mchid by POST; empty: there is no switching
	Unread    int
	Query     string // what was searched
	Now       string // when the page was made, for paper

	Theme   Theme
	Density string // ui.DensityDense, or roomy
	Flash   []Flash

	// Refresh is after how many seconds a browser without JavaScript loads the page again, or RefreshTo
	// in its place; 0 never.
	Refresh   int
	RefreshTo string
	// PhoneParts adds the phone's stylesheet to the portal's, for a page that shows both.
	PhoneParts bool
	// Sandbox shows the way to the simulated world.
	Sandbox bool
	// Ops marks the pages of the platform's own operators, which have addresses of their own.
	Ops bool
}

// Theme is a reader's choice of colours; Auto follows the system.
type Theme string

// The values of the theme cookie.
const (
	Auto  Theme = ""
	Light Theme = "light"
	Dark  Theme = "dark"
)

// User is who is signed in; Name is masked already.
type User struct{ Name, Login, Role string }

// Merchant is one that the person works for.
type Merchant struct{ ID, Name string }

// Flash is said once, after a redirect.
type Flash struct {
	Kind ui.State
	Text string
}

// Centre is a tab of the top bar. Its Groups are the left menu while it is Current.
type Centre struct {
	Key     string
	Word    string
	Href    string
	Current bool
	Groups  []Group
}

// Group is a heading of the left menu.
type Group struct {
	Word  string
	Items []Item
}

// Item is one page of the menu.
type Item struct {
	Word    string
	Href    string
	Current bool
}

// centre is the one the page lies in; without one there is no left menu.
func (p Page) centre() Centre {
	for _, c := range p.Menu {
		if c.Current && len(c.Groups) > 0 {
			return c
		}
	}
	return Centre{}
}

// The stylesheets: the portal's, the one of pages in the chat app, and what operators' pages add.
const (
	portalSheet = "app.css"
	phoneSheet  = "phone.css"
	opsSheet    = "ops.css"
)

func (p Page) sheets() []string {
	switch {
	case p.PhoneParts:
		return []string{phoneSheet, portalSheet}
	case p.Ops:
		return []string{portalSheet, opsSheet}
	}
	return []string{portalSheet}
}

func (p Page) themeName() string {
	switch p.Theme {
	case Light:
		return "zhanggui"
	case Dark:
		return "zhanggui-dark"
	default:
		return ""
	}
}

// refresh is what the browser without JavaScript is told.
func (p Page) refresh() string {
	if p.RefreshTo == "" {
		return strconv.Itoa(p.Refresh)
	}
	return strconv.Itoa(p.Refresh) + "; url=" + p.RefreshTo
}

func (p Page) home() string {
	if p.User == nil {
		return p.At("/login")
	}
	return p.At("/")
}

// At is where an address lies for this page's readers: members, or operators.
func (p Page) At(path string) string {
	if p.Ops {
		return "/ops" + path
	}
	return path
}

// profile is the page of the reader's own account.
func (p Page) profile() string {
	if p.Ops {
		return p.At("/profile")
	}
	return "/account/profile"
}

// searchAt is where a number or a name is looked for, and in which field.
func (p Page) searchAt() string {
	if p.Ops {
		return p.At("/merchants")
	}
	return "/search"
}

// Words is the id of a sentence as this page says it: operators are told of their own house where
// members are told of their merchant.
func (p Page) Words(ctx context.Context, id string) string {
	if own := "ops." + id; p.Ops && words.Has(ctx, own) {
		return own
	}
	return id
}

// back is where a switch returns to; only a path of our own.
func (p Page) back() string {
	if u, err := url.Parse(p.Path); err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "/\\") {
		return "/"
	}
	return p.Path
}

func (p Page) title(ctx context.Context) string {
	name := words.T(ctx, "shell.name")
	if p.Title == "" {
		return name
	}
	return p.Title + " · " + name
}

func say(ctx context.Context, id string) string { return words.T(ctx, id) }

// badgeMost is the largest count that a badge shows.
const badgeMost = 99

func badge(unread int) string {
	if unread > badgeMost {
		return fmt.Sprintf("%d+", badgeMost)
	}
	return fmt.Sprint(unread)
}
