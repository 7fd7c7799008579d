// Package house reads the repository's own files and finds what breaks the rules every change must
// keep: who may import whom, how large things grow, which calls are banned, which words must exist.
// It decides nothing about the product and runs only in tests. It reads the files itself, in the
// test's own process, so that a cached test result can never hide a breach.
package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is the module's own import path.
const Module = "zhanggui"

// Breach is one place that breaks a rule.
type Breach struct {
	Where string // file, or file:line
	What  string
}

func (b Breach) String() string { return b.Where + ": " + b.What }

// Source is one Go file, parsed.
type Source struct {
	Path      string // from the root, slashes
	Dir       string
	Test      bool
	Generated bool
	Text      string
	AST       *ast.File
	fset      *token.FileSet
}

// Text is any other readable file.
type Text struct{ Path, Text string }

// Tree is the repository as it lies on the disk.
type Tree struct {
	Go    []*Source
	Other []Text
}

// unread are made by tools, never by hand: folders, and the file that leads a second worktree to its first.
var unread = []string{".git", ".cache", "node_modules", "bin", "var", "test-results", "static/dist"}

// binary are files without words.
var binary = []string{".png", ".jpg", ".jpeg", ".ico", ".gz", ".xz", ".woff2"}

// Read reads the tree from its root.
func Read(root fs.FS) (*Tree, error) {
	t := &Tree{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(unread, name):
			return fs.SkipDir
		case d.IsDir() || slices.Contains(unread, name) || !d.Type().IsRegular() || slices.Contains(binary, path.Ext(name)):
			return nil
		}
		return t.add(root, name)
	})
	if err != nil {
		return nil, fmt.Errorf("read the repository: %w", err)
	}
	return t, nil
}

func (t *Tree) add(root fs.FS, name string) error {
	raw, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	if path.Ext(name) != ".go" {
		t.Other = append(t.Other, Text{Path: name, Text: string(raw)})
		return nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, raw, parser.ParseComments)
	if err != nil {
		return err
	}
	t.Go = append(t.Go, &Source{
		Path: name, Dir: path.Dir(name), Test: strings.HasSuffix(name, "_test.go"),
		Generated: ast.IsGenerated(file), Text: string(raw), AST: file, fset: fset,
	})
	return nil
}

// at names a place inside the file.
func (s *Source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.Path, s.fset.Position(n.Pos()).Line)
}

// ours lists the Go files people wrote that run in the product.
func (t *Tree) ours() []*Source {
	var list []*Source
	for _, s := range t.Go {
		if !s.Test && !s.Generated {
			list = append(list, s)
		}
	}
	return list
}

// under tells whether a folder is the named one or lies in it.
func under(dir, folder string) bool {
	return dir == folder || strings.HasPrefix(dir, folder+"/")
}
