package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// Said is one place in the code that names words of the catalogue.
type Said struct {
	Where  string
	ID     string
	Prefix bool // ID is only the beginning: the rest is a code known when it runs
}

// sayers are the functions of a package that hand one of their parameters to the catalogue,
// by the parameter's place.
type sayers map[string]int

// Words lists the catalogue ids the code names, in Go and in templates (by what they generate).
func (t *Tree) Words() []Said {
	known := t.sayers()
	var said []Said
	for _, s := range t.Go {
		if s.Test || s.Dir == "internal/words" {
			continue
		}
		names := s.imported()
		ast.Inspect(s.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if at, ok := known.place(s.Dir, names, call); ok && at < len(call.Args) {
				said = append(said, s.said(call.Args[at], "")...)
			}
			if s.calls(names, call, "internal/fault", "New") && len(call.Args) == 1 {
				said = append(said, s.said(call.Args[0], "fault.")...)
			}
			return true
		})
	}
	return said
}

// said reads an id out of an expression: a text, or a text with something behind it.
func (s *Source) said(e ast.Expr, before string) []Said {
	if text, ok := literal(e); ok {
		return []Said{{s.at(e), before + text, false}}
	}
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		for left, ok := sum.X.(*ast.BinaryExpr); ok && left.Op == token.ADD; left, ok = sum.X.(*ast.BinaryExpr) {
			sum = left
		}
		if text, ok := literal(sum.X); ok {
			return []Said{{s.at(e), before + text, true}}
		}
	}
	return nil
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// calls tells whether a call goes to one of our packages' functions.
func (s *Source) calls(names map[string]string, call *ast.CallExpr, pkg, name string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && names[x.Name] == Module+"/"+pkg && sel.Sel.Name == name
}

// place tells which argument of a call is an id.
func (k sayers) place(dir string, names map[string]string, call *ast.CallExpr) (int, bool) {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		at, ok := k[dir+"."+fun.Name]
		return at, ok
	case *ast.SelectorExpr:
		x, ok := fun.X.(*ast.Ident)
		if !ok {
			return 0, false
		}
		at, ok := k[strings.TrimPrefix(names[x.Name], Module+"/")+"."+fun.Sel.Name]
		return at, ok
	}
	return 0, false
}

// sayers finds functions that pass a parameter on to the catalogue, and functions that pass one on to those.
func (t *Tree) sayers() sayers {
	known := sayers{"internal/words.T": 1, "internal/words.F": 1, "views/ui.Say": 1}
	for grown := true; grown; {
		grown = false
		for _, s := range t.ours() {
			names := s.imported()
			for _, d := range s.AST.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv != nil || f.Body == nil {
					continue
				}
				name := s.Dir + "." + f.Name.Name
				if _, ok := known[name]; ok {
					continue
				}
				if at := known.passed(s, names, f); at >= 0 {
					known[name], grown = at, true
				}
			}
		}
	}
	return known
}

func (k sayers) passed(s *Source, names map[string]string, f *ast.FuncDecl) int {
	found := -1
	params := parameters(f)
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		at, ok := k.place(s.Dir, names, call)
		if !ok || at >= len(call.Args) {
			return true
		}
		if id, ok := call.Args[at].(*ast.Ident); ok && found < 0 {
			found = slices.Index(params, id.Name)
		}
		return true
	})
	return found
}

func parameters(f *ast.FuncDecl) []string {
	var names []string
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
		if len(field.Names) == 0 {
			names = append(names, "_")
		}
	}
	return names
}

// Missing compares what is said with the catalogue's ids.
func Missing(said []Said, ids []string) []Breach {
	var found []Breach
	for _, w := range said {
		there := slices.ContainsFunc(ids, func(id string) bool {
			return id == w.ID || w.Prefix && strings.HasPrefix(id, w.ID)
		})
		if !there {
			found = append(found, Breach{w.Where, fmt.Sprintf("the catalogue has no %q", w.ID)})
		}
	}
	return found
}
