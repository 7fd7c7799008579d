package audit_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zhanggui/internal/audit"
	"zhanggui/internal/house"
	"zhanggui/internal/words"
)

var (
	actionForm = regexp.MustCompile(`^[a-z][a-z_]*\.[a-z_.]+$`)
	endForm    = regexp.MustCompile(`^[a-z_]+$`)
)

// said is what the code of the repository says about actions.
type said struct {
	tree   *house.Tree
	codes  map[string]string // whole codes, and where they stand
	ends   map[string]string // the part behind the dot, of codes put together from two parts
	passes map[string]passing
}

// passing is a parameter that becomes an action, or the end of one.
type passing struct {
	place int
	end   bool
}

// functions calls f for each function of the repository that is no test.
func (s *said) functions(f func(*house.Source, *ast.FuncDecl)) {
	for _, src := range s.tree.Go {
		for _, d := range src.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !src.Test && !src.Generated {
				f(src, fn)
			}
		}
	}
}

// follow finds, to the end, which parameters of which functions become actions.
func (s *said) follow() {
	for grown := true; grown; {
		grown = false
		s.functions(func(src *house.Source, fn *ast.FuncDecl) {
			name := src.Dir + "." + fn.Name.Name
			s.actions(src, fn, func(e ast.Expr, end bool) {
				id, ok := e.(*ast.Ident)
				if _, known := s.passes[name]; ok && !known {
					if place := slices.Index(parameters(fn), id.Name); place >= 0 {
						s.passes[name], grown = passing{place, end}, true
					}
				}
			})
		})
	}
}

// actions calls f for each expression in a function that becomes an action.
func (s *said) actions(src *house.Source, fn *ast.FuncDecl, f func(e ast.Expr, end bool)) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "action") {
				if sum, ok := n.Value.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
					f(sum.Y, true)
				} else {
					f(n.Value, false)
				}
			}
		case *ast.CompositeLit:
			if code := registered(n); code != nil {
				f(code, false)
			}
		case *ast.AssignStmt:
			if left, ok := n.Lhs[0].(*ast.Ident); ok && left.Name == "action" {
				f(n.Rhs[0], false)
			}
		case *ast.CallExpr:
			if p, ok := s.passes[src.Dir+"."+called(n)]; ok && p.place < len(n.Args) {
				f(n.Args[p.place], p.end)
			}
		}
		return true
	})
}

func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

func parameters(fn *ast.FuncDecl) (names []string) {
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

// constants are the texts that have a name, by folder and name.
func (s *said) constants() map[string]string {
	all := map[string]string{}
	for _, src := range s.tree.Go {
		ast.Inspect(src.AST, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						all[src.Dir+"."+name.Name] = literal(spec.Values[i])
					}
				}
			}
			return true
		})
	}
	return all
}

func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value)
		return text
	}
	return ""
}

// registered is the code of an act that a phone confirms, where it is registered.
func registered(made *ast.CompositeLit) ast.Expr {
	if made.Type == nil {
		return nil
	}
	if typ := types.ExprString(made.Type); typ != "Action" && typ != "confirm.Action" {
		return nil
	}
	for _, field := range made.Elts {
		if pair, ok := field.(*ast.KeyValueExpr); ok && types.ExprString(pair.Key) == "Code" {
			return pair.Value
		}
	}
	return nil
}

func listen(t *testing.T) *said {
	t.Helper()
	tree, err := house.Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	s := &said{tree: tree, codes: map[string]string{}, ends: map[string]string{}, passes: map[string]passing{}}
	s.follow()
	named := s.constants()
	text := func(src *house.Source, e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return named[src.Dir+"."+e.Name]
		case *ast.SelectorExpr:
			return named["internal/"+types.ExprString(e)]
		}
		return literal(e)
	}
	s.functions(func(src *house.Source, fn *ast.FuncDecl) {
		s.actions(src, fn, func(e ast.Expr, end bool) {
			switch text := text(src, e); {
			case end && endForm.MatchString(text):
				s.ends[text] = src.Path
			case actionForm.MatchString(text):
				s.codes[text] = src.Path
			}
		})
	})
	return s
}

func TestEveryActionOfTheProductHasItsWords(t *testing.T) {
	t.Parallel()
	s := listen(t)
	if len(s.codes) < 12 || len(s.ends) < 4 {
		t.Fatalf("only %v and %v were found", s.codes, s.ends)
	}
	for code, where := range s.codes {
		area, _, _ := strings.Cut(code, ".")
		if !words.Has(t.Context(), "audit.action."+code) {
			t.Errorf("%s: no words for the action %q (audit.action.%s)", where, code, code)
		}
		if !slices.Contains(audit.Areas, area) {
			t.Errorf("%s: the action %q is of no area", where, code)
		}
	}
	for end, where := range s.ends {
		if !slices.ContainsFunc(audit.Areas, func(area string) bool {
			return words.Has(t.Context(), "audit.action."+area+"."+end)
		}) {
			t.Errorf("%s: no words for any action that ends with %q", where, end)
		}
	}
}

func TestEveryAreaOutcomeAndRefusalHasItsWords(t *testing.T) {
	t.Parallel()
	for _, area := range audit.Areas {
		if !words.Has(t.Context(), "audit.area."+area) {
			t.Errorf("no words for the area %s", area)
		}
	}
	for _, o := range []audit.Outcome{audit.Done, audit.Refused} {
		if !words.Has(t.Context(), "audit.outcome."+string(o)) {
			t.Errorf("no words for the outcome %s", o)
		}
	}
	if !words.Has(t.Context(), "permission."+audit.ReadPermission) {
		t.Error("no words for the permission")
	}
}
