package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Layers of the house, lowest first. A package imports only what stands in a lower row; leaves and
// features may also import their own kind. What is not named under internal/ is a feature.
var layers = [][]string{
	{"migrations"},
	{"internal/batch", "internal/clock", "internal/db", "internal/fault", "internal/money", "internal/signal", "internal/vault",
		"internal/wire", "internal/words"},
	{"internal/audit", "internal/job"},
	{"internal/merchant"},
	{"internal/access"},
	{"internal/inbox"},
	{"internal/identity"},
	{"internal/confirm"},
	{"features"},
	{"internal/wechat", "internal/sandbox"},
	{"internal/seed"},
	{"web", "web/openapi", "views", "static"},
	{"cmd"},
}

const (
	leafLayer    = 1
	featureLayer = 8
)

// aside stand outside the layers: the database server below them, and what only tests use.
var aside = map[string][]string{
	"internal/postgres": {"cmd", "internal/dbtest", "bench"},
	"internal/dbtest":   {"internal/dbtest", "bench"},
	"internal/house":    {},
}

// wireUsers may import the wire formats, besides tests.
var wireUsers = []string{"internal/wechat", "internal/sandbox", "web/openapi", "cmd"}

// stores are the modules that only a store may import.
var stores = []string{"gorm.io/", "github.com/jackc/", "database/sql"}

// storeLeaves are the packages that are nothing but database.
var storeLeaves = []string{"internal/db", "internal/signal", "internal/postgres", "internal/dbtest"}

// pages are the modules of the rim that draws pages.
var pages = []string{"github.com/labstack/echo", "github.com/a-h/templ"}

// Imports finds imports against the layers of the house.
func (t *Tree) Imports() []Breach {
	var found []Breach
	for _, s := range t.Go {
		if s.Test {
			continue
		}
		for _, spec := range s.AST.Imports {
			if what := refusal(s, spec); what != "" {
				found = append(found, Breach{s.at(spec), what})
			}
		}
	}
	return found
}

func refusal(s *Source, spec *ast.ImportSpec) string {
	name, _ := strconv.Unquote(spec.Path.Value)
	if own, ok := strings.CutPrefix(name, Module+"/"); ok {
		return refusedOwn(s, own)
	}
	return refusedForeign(s, name)
}

// refusedForeign keeps the database in stores and pages on the rim.
func refusedForeign(s *Source, name string) string {
	in := func(prefixes []string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	switch {
	case in(pages) && under(s.Dir, "internal"):
		return "internal packages know no pages, yet this imports " + name
	case strings.HasPrefix(name, pages[0]) && under(s.Dir, "views"):
		return "views know no web server, yet this imports " + name
	case !in(stores):
		return ""
	case under(s.Dir, "web"), under(s.Dir, "views"):
		return "pages reach the database through domain verbs, yet this imports " + name
	case under(s.Dir, "internal") && !slices.Contains(storeLeaves, aisle(s.Dir)) && !strings.HasSuffix(s.Path, "_store.go"):
		return "only *_store.go files know the database, yet this imports " + name
	}
	return ""
}

// refusedOwn keeps the layers apart.
func refusedOwn(s *Source, target string) string {
	from, to := aisle(s.Dir), aisle(target)
	users, isAside := aside[to]
	switch {
	case from == to || from == "cmd":
		return ""
	case isAside:
		if !slices.Contains(users, from) {
			return fmt.Sprintf("%s is not for %s", to, from)
		}
		return ""
	case aside[from] != nil || from == "bench":
		return ""
	case from == "views/ui":
		return "components know nothing of ours, yet this imports " + target
	case under(from, "views") && !seenByViews(target):
		return "views see values and components only, yet this imports " + target
	case to == "internal/wire" && !slices.Contains(wireUsers, from):
		return "wire formats stay on the rim, yet this imports " + target
	case to == "internal/sandbox" && !mayKnowSandbox(s.Path):
		return "only the sandbox's own pages know it, yet this imports " + target
	}
	return misplaced(from, to)
}

// mayKnowSandbox is true for the pages of the simulated WeChat and for the seed, which casts its people.
func mayKnowSandbox(file string) bool {
	return strings.HasPrefix(file, "web/sandbox") || strings.HasPrefix(file, "views/sandbox") ||
		strings.HasPrefix(file, "internal/seed/")
}

// blind are packages views must not reach: what they do is not drawing.
var blind = []string{"web", "internal/db", "internal/job", "internal/signal", "internal/vault", "internal/wechat"}

func seenByViews(target string) bool {
	return !slices.ContainsFunc(blind, func(b string) bool { return under(target, b) })
}

// misplaced compares the layers of two packages.
func misplaced(from, to string) string {
	a, b := layer(from), layer(to)
	sameKind := a == b && (a == leafLayer || a == featureLayer || under(from, "web") || under(from, "views"))
	if a < 0 || b < 0 {
		return fmt.Sprintf("%s has no place in the house: name it in the layers", from)
	}
	if b < a || sameKind {
		return ""
	}
	return fmt.Sprintf("%s may not import %s: it stands in the same or a higher layer", from, to)
}

// aisle is the package a folder belongs to: internal/trade/bill is part of internal/trade.
func aisle(dir string) string {
	parts := strings.Split(dir, "/")
	switch {
	case parts[0] == "cmd", parts[0] == "bench", parts[0] == "migrations", parts[0] == "static":
		return parts[0]
	case len(parts) > 2:
		return path.Join(parts[:2]...)
	}
	return dir
}

func layer(aisle string) int {
	for i, row := range layers {
		if slices.Contains(row, aisle) || under(aisle, "views") && slices.Contains(row, "views") {
			return i
		}
	}
	if under(aisle, "internal") {
		return featureLayer
	}
	return -1
}
