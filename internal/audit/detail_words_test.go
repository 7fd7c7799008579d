package audit_test

import (
	"go/ast"
	"go/types"
	"os"
	"testing"

	"zhanggui/internal/house"
	"zhanggui/internal/words"
)

// details calls f for each key that the repository writes into the details of an act: where they are made,
// and where one is added.
func details(tree *house.Tree, f func(where, key string)) {
	keys := func(src *house.Source, e ast.Expr) {
		if made, ok := e.(*ast.CompositeLit); ok && types.ExprString(made.Type) == "map[string]any" {
			for _, each := range made.Elts {
				f(src.Path, literal(each.(*ast.KeyValueExpr).Key))
			}
		}
	}
	named := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name == "details" || e.Name == "Details"
		case *ast.SelectorExpr:
			return e.Sel.Name == "Details"
		}
		return false
	}
	for _, src := range tree.Go {
		if src.Test || src.Generated {
			continue
		}
		ast.Inspect(src.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if named(n.Key) {
					keys(src, n.Value)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if at, ok := to.(*ast.IndexExpr); ok && named(at.X) {
						f(src.Path, literal(at.Index))
					}
					if len(n.Lhs) == len(n.Rhs) && named(to) {
						keys(src, n.Rhs[i])
					}
				}
			}
			return true
		})
	}
}

func TestEveryDetailOfAnActHasItsWord(t *testing.T) {
	t.Parallel()
	tree, err := house.Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	details(tree, func(where, key string) {
		seen[key] = true
		if key != "" && !words.Has(t.Context(), "audit.detail."+key) {
			t.Errorf("%s: no word for the detail %q (audit.detail.%s)", where, key, key)
		}
	})
	if len(seen) < 25 {
		t.Errorf("only %v were found", seen)
	}
}
