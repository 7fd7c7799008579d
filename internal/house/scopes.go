package house

import (
	"fmt"
	"go/ast"
	"slices"
)

// Callers lists who calls the named functions of a package, as "folder.Function".
func (t *Tree) Callers(pkg string, names ...string) map[string][]string {
	found := map[string][]string{}
	for _, s := range t.ours() {
		if s.Dir == pkg || under(s.Dir, "bench") {
			continue
		}
		imported := s.imported()
		for _, d := range s.AST.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok || !slices.Contains(names, sel.Sel.Name) {
					return true
				}
				x, ok := sel.X.(*ast.Ident)
				if !ok || imported[x.Name] != Module+"/"+pkg {
					return true
				}
				who := s.Dir + "." + declName(d)
				if !slices.Contains(found[sel.Sel.Name], who) {
					found[sel.Sel.Name] = append(found[sel.Sel.Name], who)
				}
				return true
			})
		}
	}
	return found
}

func declName(d ast.Decl) string {
	if f, ok := d.(*ast.FuncDecl); ok {
		return f.Name.Name
	}
	return "(top)"
}

// Scopes compares who makes scopes with who is known to: a scope is a right to a merchant's data, so each
// place that makes one is named, with nothing left over.
func (t *Tree) Scopes(known map[string][]string) []Breach {
	makers := make([]string, 0, len(known))
	for name := range known {
		makers = append(makers, name)
	}
	slices.Sort(makers)
	called := t.Callers("internal/access", makers...)
	var found []Breach
	for _, maker := range makers {
		for _, who := range called[maker] {
			if !slices.Contains(known[maker], who) {
				found = append(found, Breach{who, fmt.Sprintf("makes an access.%s scope and is not named as one who may", maker)})
			}
		}
		for _, who := range known[maker] {
			if !slices.Contains(called[maker], who) {
				found = append(found, Breach{who, fmt.Sprintf("is named as a maker of access.%s scopes and makes none", maker)})
			}
		}
	}
	return found
}
