package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// The largest file and function anyone should have to read.
const (
	FileLinesMax     = 400
	FunctionLinesMax = 60
)

// counted are the kinds of files with a largest size; tools' output, locale files and test data have none.
var counted = []string{".templ", ".css", ".js", ".mjs", ".sql", ".sh"}

// Sizes finds files and functions that grew too long.
func (t *Tree) Sizes() []Breach {
	var found []Breach
	for _, f := range t.Other {
		if slices.Contains(counted, path.Ext(f.Path)) {
			found = append(found, tooLong(f.Path, f.Text)...)
		}
	}
	for _, s := range t.Go {
		if s.Generated {
			continue
		}
		found = append(found, tooLong(s.Path, s.Text)...)
		found = append(found, s.longFunctions()...)
	}
	return found
}

func tooLong(file, text string) []Breach {
	if n := strings.Count(text, "\n"); n > FileLinesMax {
		return []Breach{{file, fmt.Sprintf("%d lines, the largest file has %d", n, FileLinesMax)}}
	}
	return nil
}

func (s *Source) longFunctions() []Breach {
	var found []Breach
	for _, d := range s.AST.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
		if n > FunctionLinesMax {
			found = append(found, Breach{s.at(f), fmt.Sprintf("%s has %d lines, the longest function has %d",
				f.Name.Name, n, FunctionLinesMax)})
		}
	}
	return found
}

// Undocumented finds packages without a sentence on what they decide and refuse.
func (t *Tree) Undocumented() []Breach {
	documented, seen := map[string]bool{}, []string{}
	for _, s := range t.ours() {
		if !slices.Contains(seen, s.Dir) {
			seen = append(seen, s.Dir)
		}
		documented[s.Dir] = documented[s.Dir] || s.AST.Doc != nil
	}
	var found []Breach
	for _, dir := range seen {
		if !documented[dir] {
			found = append(found, Breach{dir, "the package has no doc comment"})
		}
	}
	return found
}
