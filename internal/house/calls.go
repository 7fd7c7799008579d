package house

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// banned are functions of packages that have a better way here, and why.
var banned = map[string]string{
	"github.com/a-h/templ.Raw":                            "raw markup can carry a script",
	"github.com/a-h/templ.SafeURL":                        "an address that is not checked can carry a script",
	"github.com/a-h/templ.SafeCSS":                        "styles live in the stylesheet",
	"github.com/a-h/templ.SafeCSSProperty":                "styles live in the stylesheet",
	"github.com/a-h/templ.JSExpression":                   "scripts live in static",
	"github.com/a-h/templ.JSUnsafeFuncCall":               "scripts live in static",
	"github.com/a-h/templ.JSFuncCall":                     "scripts live in static",
	"gorm.io/gorm.Model":                                  "rows name their own columns",
	"gorm.io/gorm.DeletedAt":                              "nothing is deleted softly",
	"github.com/jackc/pgx/v5.QueryExecModeSimpleProtocol": "text must never be pasted into SQL",
	"net/http.Get":                                        "outside calls carry a context and a time-out",
	"net/http.Post":                                       "outside calls carry a context and a time-out",
	"net/http.PostForm":                                   "outside calls carry a context and a time-out",
	"net/http.DefaultClient":                              "outside calls have a client of their own, with a time-out",
	"net/http.DefaultTransport":                           "outside calls have a transport of their own",
}

// bannedMethods are GORM's traps, by name: no other method of ours is called so.
var bannedMethods = []string{"AutoMigrate", "Preload", "FirstOrCreate", "FirstOrInit", "Unscoped", "Save"}

// hooks are methods GORM would call behind the reader's back.
var hooks = []string{"BeforeSave", "BeforeCreate", "BeforeUpdate", "BeforeDelete",
	"AfterSave", "AfterCreate", "AfterUpdate", "AfterDelete", "AfterFind"}

// secretive packages draw from the system's randomness only.
var secretive = []string{"internal/identity", "internal/access", "internal/wire", "internal/vault", "internal/wechat", "web"}

// Calls finds uses of what is banned.
func (t *Tree) Calls() []Breach {
	var found []Breach
	for _, s := range t.ours() {
		names := s.imported()
		found = append(found, s.bannedUses(names)...)
		found = append(found, s.bannedDecls()...)
		if slices.ContainsFunc(secretive, func(d string) bool { return under(s.Dir, d) }) {
			for _, pkg := range names {
				if pkg == "math/rand" || pkg == "math/rand/v2" {
					found = append(found, Breach{s.Path, "secrets are drawn from crypto/rand, never " + pkg})
				}
			}
		}
	}
	return found
}

// Clock finds who asks the operating system for the time. Only internal/clock does.
func (t *Tree) Clock() []Breach {
	var found []Breach
	for _, s := range t.ours() {
		if under(s.Dir, "internal/clock") || under(s.Dir, "bench") {
			continue
		}
		names := s.imported()
		s.uses(func(n ast.Node, pkg, name string) {
			if names[pkg] == "time" && slices.Contains([]string{"Now", "Since", "Until"}, name) {
				found = append(found, Breach{s.at(n), "time comes from a clock, not from time." + name})
			}
		})
	}
	return found
}

// imported maps the names a file uses to the packages behind them.
func (s *Source) imported() map[string]string {
	names := map[string]string{}
	for _, spec := range s.AST.Imports {
		pkg, _ := strconv.Unquote(spec.Path.Value)
		names[importName(spec, pkg)] = pkg
	}
	return names
}

func importName(spec *ast.ImportSpec, pkg string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	parts := strings.Split(pkg, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	return last
}

// uses calls f for each a.b in the file with a plain name in front.
func (s *Source) uses(f func(n ast.Node, pkg, name string)) {
	ast.Inspect(s.AST, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				f(sel, x.Name, sel.Sel.Name)
			}
		}
		return true
	})
}

func (s *Source) bannedUses(names map[string]string) []Breach {
	var found []Breach
	s.uses(func(n ast.Node, pkg, name string) {
		if why, ok := banned[names[pkg]+"."+name]; ok {
			found = append(found, Breach{s.at(n), pkg + "." + name + ": " + why})
		}
	})
	if !s.knowsGorm() {
		return found
	}
	ast.Inspect(s.AST, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(bannedMethods, sel.Sel.Name) {
			found = append(found, Breach{s.at(n), "GORM's " + sel.Sel.Name + " does more than it says"})
		}
		return true
	})
	return found
}

func (s *Source) knowsGorm() bool {
	return strings.Contains(s.Text, `"gorm.io/gorm"`)
}

func (s *Source) bannedDecls() []Breach {
	var found []Breach
	for _, d := range s.AST.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Recv != nil && slices.Contains(hooks, f.Name.Name) {
			found = append(found, Breach{s.at(f), f.Name.Name + " is a GORM hook: effects are written out in the verb"})
		}
	}
	return found
}
