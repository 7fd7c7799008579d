package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
)

// rawSQL are GORM's methods whose first argument is SQL as it stands.
var rawSQL = []string{"Order", "Group", "Having", "Joins", "Raw", "Table", "Distinct", "Pluck", "Select", "Where", "Not", "Or", "Omit"}

// SQL finds statements put together from what is not a constant, and the database's own clock and dice:
// inside a transaction now() stands still, and on several machines it is several clocks.
func (t *Tree) SQL() []Breach {
	constants := t.constants()
	var found []Breach
	for _, s := range t.ours() {
		if !under(s.Dir, "internal") || aside[aisle(s.Dir)] != nil || slices.Contains(storeLeaves, s.Dir) {
			continue
		}
		gorm := s.knowsGorm()
		ast.Inspect(s.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, ok := literal(n); ok && ownClock.MatchString(text) {
					found = append(found, Breach{s.at(n), "time and chance come from outside: " + ownClock.FindString(text)})
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if gorm && ok && slices.Contains(rawSQL, sel.Sel.Name) && len(n.Args) > 0 && !constants.fixed(s.Dir, n.Args[0]) {
					found = append(found, Breach{s.at(n), "GORM's " + sel.Sel.Name + " takes SQL as it stands: give it a constant"})
				}
			}
			return true
		})
	}
	return found
}

var ownClock = regexp.MustCompile(`(?i)\b(now|random|clock_timestamp|statement_timestamp|gen_random_uuid)\(\)|\bcurrent_(timestamp|date|time)\b`)

// constants are the module's constants, by "folder.Name".
type constants map[string]bool

func (t *Tree) constants() constants {
	all := constants{}
	for _, s := range t.ours() {
		for _, d := range s.AST.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					all[s.Dir+"."+name.Name] = true
				}
			}
		}
	}
	return all
}

// fixed tells whether an expression is a constant, or a condition that is no text at all.
func (c constants) fixed(dir string, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return c[dir+"."+e.Name]
	case *ast.BinaryExpr:
		return c.fixed(dir, e.X) && c.fixed(dir, e.Y)
	case *ast.UnaryExpr, *ast.CompositeLit:
		return true
	}
	return false
}

// drawn are the folders that may count in fractions: pictures, and how many orders a demo shop has.
var drawn = []string{"internal/sandbox/qr_looks.go", "internal/seed/orders.go"}

// Floats finds fractions where money could be: it is counted in whole fen.
func (t *Tree) Floats() []Breach {
	var found []Breach
	for _, s := range t.ours() {
		if !under(s.Dir, "internal") || slices.Contains(drawn, s.Path) {
			continue
		}
		ast.Inspect(s.AST, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32") {
				found = append(found, Breach{s.at(id), "the domain counts in whole numbers, not in " + id.Name})
			}
			return true
		})
	}
	return found
}
