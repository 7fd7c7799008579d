package web

import (
	"slices"
	"strings"

	"zhanggui/internal/operations"
	"zhanggui/internal/product"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/words"
	"zhanggui/views/layout"
)

// menu is the portal's menu, in the words and the order that the platform's own instructions use.
// A page stands here when its route exists; who may not open it does not see it.
var menu = []centre{
	{"home", "/", []group{{"home", []string{"/", upgrade.Path}}}},
	{"trade", "/trades", []group{{"trades", []string{"/trades", "/trades/imports"}}}},
	{"marketing", "/marketing/transfers", []group{{"tools", []string{"/marketing/transfers"}}}},
	{"account", "/account/profile", []group{
		{"funds", []string{"/funds", "/funds/flow", "/funds/settlements", "/funds/summary", "/funds/top-ups", "/funds/withdrawals", "/funds/transfers", "/funds/alerts"}},
		{"settings", []string{"/account/merchant", "/account/members", "/account/roles", "/account/approvals", "/account/audit", "/account/profile"}}}},
	{"product", "/products", []group{{"mine", []string{"/products"}}}},
}

type centre struct {
	key    string
	href   string
	groups []group
}

type group struct {
	key   string
	paths []string
}

// menuFor is the menu as the visitor may use it, with the way to this page marked.
func menuFor(v *visit) []layout.Centre {
	if v.door().platform {
		return operatorMenu(v)
	}
	var all []layout.Centre
	for _, c := range menu {
		shown := layout.Centre{Key: c.key, Word: v.word("menu." + c.key), Href: c.href, Current: c.holds(v.place())}
		for _, g := range c.groups {
			items := g.itemsFor(v)
			if g.paths[0] == product.Path {
				products := v.productItems()
				if slices.ContainsFunc(products, func(i layout.Item) bool { return i.Current }) {
					items[0].Current = false // the catalogue is not where one of its products is looked at
				}
				items = append(items, products...)
			}
			if len(items) > 0 && (c.href != "/" || len(items) > 1) { // the first page alone needs no menu beside it
				shown.Groups = append(shown.Groups, layout.Group{Word: v.word("menu." + c.key + "." + g.key), Items: items})
			}
		}
		if len(shown.Groups) > 0 {
			shown.Href = shown.Groups[0].Items[0].Href
		} else if !v.mayOpen(c.href) {
			continue
		}
		all = append(all, shown)
	}
	return all
}

func (g group) itemsFor(v *visit) []layout.Item {
	var items []layout.Item
	for _, path := range g.paths {
		if v.mayOpen(path) && v.concerns(path) {
			items = append(items, layout.Item{Word: words.T(v.ctx(), menuWord(path)),
				Href: path, Current: path == nearest(v.place())})
		}
	}
	return items
}

// menuWord is the catalogue's id of a page in the menu.
func menuWord(path string) string {
	if path == "/" {
		return "menu.home"
	}
	return "menu" + dotted(path)
}

// upgradedOnly are pages of which the legacy account system has nothing.
var upgradedOnly = []string{operations.Path}

// concerns tells whether a page can have anything for the visitor's merchant.
func (v *visit) concerns(path string) bool {
	return v.hasBasic() || !slices.Contains(upgradedOnly, path)
}

// mayOpen tells whether the page exists and the visitor's rights open it.
func (v *visit) mayOpen(path string) bool {
	r, exists := pageAt[path]
	return exists && (!r.Policy.hidden || v.entry) && (r.Policy == member || r.Policy == operator || v.scope.May(r.Policy.permission))
}

// pageAt is the site map's pages by path.
var pageAt = map[string]route{}

func init() {
	for _, r := range routes {
		if r.Method == get && (r.Kind == page || r.Kind == ops && r.Policy.insider()) {
			pageAt[r.Path] = r
		}
	}
}

// holds tells whether a route lies in the centre: where its own pages begin, or one of its groups'.
func (c centre) holds(path string) bool {
	begins := []string{c.href}
	for _, g := range c.groups {
		begins = append(begins, g.paths...)
	}
	return slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(path+"/", "/"+strings.Split(b, "/")[1]+"/") })
}

// nearest is the menu's page that a route belongs to: the longest that begins its path.
func nearest(path string) string {
	var all []group
	for _, c := range menu {
		all = append(all, c.groups...)
	}
	return nearestOf(all, path)
}

func nearestOf(groups []group, path string) string {
	best := ""
	for _, g := range groups {
		for _, p := range g.paths {
			fits := strings.HasPrefix(path+"/", p+"/") || path == p // a first page, "/ops/", has nothing below it
			if len(p) > len(best) && fits {
				best = p
			}
		}
	}
	return best
}

// dotted is a path as ids of the catalogue have it.
func dotted(path string) string { return strings.ReplaceAll(strings.TrimSuffix(path, "/"), "/", ".") }
