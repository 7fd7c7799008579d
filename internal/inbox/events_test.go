package inbox_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zhanggui/internal/house"
	"zhanggui/internal/inbox"
	"zhanggui/internal/words"
)

var write = flag.Bool("write", false, "write docs/MESSAGES.md instead of comparing it")

func TestEveryEventHasItsWords(t *testing.T) {
	t.Parallel()
	has := func(id string) {
		if !words.Has(t.Context(), id) {
			t.Errorf("the catalogue has no %q", id)
		}
	}
	seen := map[string]bool{}
	for _, e := range inbox.Events {
		if seen[e.Kind] || !e.Category.Known() || len(e.Readers)+len(e.WeChat) == 0 || (e.Title == "") != (len(e.WeChat) == 0) {
			t.Errorf("%+v is not whole, or stands twice", e)
		}
		seen[e.Kind] = true
		has("event." + e.Kind)
		if len(e.Readers) > 0 {
			has("inbox." + e.Kind + ".title")
			has("inbox." + e.Kind + ".body")
		}
		if e.Title != "" {
			has(e.Title)
		}
		for _, r := range append(slices.Clone(e.Readers), e.WeChat...) {
			has("event.reader." + string(r))
		}
	}
}

// sent are the kinds that the code names: whole ones, and beginnings that a state completes.
type sent struct{ whole, begun map[string]string }

// carriers are the types and names by which a kind reaches the inbox or the chat.
var (
	carriers = []string{"inbox.Message", "Message", "inbox.Notice", "Notice", "notice", "identity.FundsNotice"}
	bearers  = []string{"kind", "template"}
)

func bears(name string) bool { return slices.Contains(bearers, strings.ToLower(name)) }

func TestEveryKindThatIsSentStandsInTheTable(t *testing.T) {
	t.Parallel()
	s := listen(t)
	if len(s.whole) < 10 {
		t.Fatalf("only %v were found", s.whole)
	}
	for kind, where := range s.whole {
		if _, ok := inbox.EventOf(kind); !ok {
			t.Errorf("%s: %q is not in inbox.Events", where, kind)
		}
	}
	for begin, where := range s.begun {
		if !slices.ContainsFunc(inbox.Events, func(e inbox.Event) bool { return strings.HasPrefix(e.Kind, begin) }) {
			t.Errorf("%s: nothing in inbox.Events begins with %q", where, begin)
		}
	}
	for _, e := range inbox.Events {
		begun := false
		for begin := range s.begun {
			begun = begun || strings.HasPrefix(e.Kind, begin)
		}
		if s.whole[e.Kind] == "" && !begun {
			t.Errorf("nobody sends %q", e.Kind)
		}
	}
}

func listen(t *testing.T) sent {
	t.Helper()
	tree, err := house.Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	s := sent{map[string]string{}, map[string]string{}}
	for _, src := range senders(tree) {
		passes := passing(tree, src.Dir)
		ast.Inspect(src.AST, func(n ast.Node) bool {
			for _, e := range kinds(n, passes) {
				s.hear(src.Path, e)
			}
			return true
		})
	}
	return s
}

// senders are the files of packages that tell people something.
func senders(tree *house.Tree) (found []*house.Source) {
	dirs := map[string]bool{}
	for _, src := range tree.Go {
		tells := strings.Contains(src.Text, "inbox.Tell(") || strings.Contains(src.Text, "inbox.WeChat(") || strings.Contains(src.Text, ".TellFunds(")
		dirs[src.Dir] = dirs[src.Dir] || tells && !src.Test
	}
	for _, src := range tree.Go {
		if dirs[src.Dir] && !src.Test && !src.Generated {
			found = append(found, src)
		}
	}
	return found
}

// passing are the functions of a folder that take a kind, and where.
func passing(tree *house.Tree, dir string) map[string]int {
	found := map[string]int{}
	for _, src := range tree.Go {
		for _, d := range src.AST.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || src.Dir != dir || src.Test {
				continue
			}
			place := 0
			for _, field := range fn.Type.Params.List {
				for _, name := range field.Names {
					if bears(name.Name) && types.ExprString(field.Type) == "string" {
						found[fn.Name.Name] = place
					}
					place++
				}
			}
		}
	}
	return found
}

// kinds are the expressions in a piece of code that become a kind.
func kinds(n ast.Node, passes map[string]int) (found []ast.Expr) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if n.Type == nil || !slices.Contains(carriers, types.ExprString(n.Type)) {
			return nil
		}
		for _, elt := range n.Elts {
			if pair, ok := elt.(*ast.KeyValueExpr); ok && bears(types.ExprString(pair.Key)) {
				found = append(found, pair.Value)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			name := types.ExprString(left)
			if bears(name[strings.LastIndex(name, ".")+1:]) && i < len(n.Rhs) {
				found = append(found, n.Rhs[i])
			}
		}
	case *ast.CallExpr:
		name := types.ExprString(n.Fun)
		if place, ok := passes[name[strings.LastIndex(name, ".")+1:]]; ok && place < len(n.Args) {
			found = append(found, n.Args[place])
		}
	}
	return found
}

func (s sent) hear(where string, e ast.Expr) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			s.whole[text] = where
		}
	case *ast.BinaryExpr:
		if lit, ok := e.X.(*ast.BasicLit); ok {
			text, _ := strconv.Unquote(lit.Value)
			s.begun[text] = where
		}
	}
}

const document = "../../docs/MESSAGES.md"

func TestTheDocumentIsFresh(t *testing.T) {
	t.Parallel()
	want := draw(t)
	if *write {
		if err := os.WriteFile(document, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := os.ReadFile(document); err != nil || string(have) != want {
		t.Errorf("docs/MESSAGES.md is out of date (%v): go test ./internal/inbox -run Document -write", err)
	}
}

// draw writes the table as people read it.
func draw(t *testing.T) string {
	t.Helper()
	ctx := t.Context()
	people := func(readers []inbox.Reader) string {
		said := make([]string, len(readers))
		for i, r := range readers {
			said[i] = words.T(ctx, "event.reader."+string(r))
		}
		return cmp.Or(strings.Join(said, "、"), "–")
	}
	var b strings.Builder
	b.WriteString(`# Who is told what

Every event that people are told of, from the table in internal/inbox/events.go. The test of that package
writes this page: ` + "`go test ./internal/inbox -run Document -write`" + `.

| event | what happened | category | in the inbox of | in WeChat to |
|---|---|---|---|---|
`)
	for _, e := range inbox.Events {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", e.Kind, words.T(ctx, "event."+e.Kind),
			words.T(ctx, "inbox.category."+string(e.Category)), people(e.Readers), people(e.WeChat))
	}
	return b.String()
}
