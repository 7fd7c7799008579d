package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// written finds the table of a statement that changes rows.
var written = regexp.MustCompile(`\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|COPY)\s+([a-z_]{3,}(?:\.[a-z_]+)?)\b`)

// notTables follow UPDATE in clauses that name no table.
var notTables = []string{"set", "skip", "nowait"}

// Writers lists which packages write each table, by the SQL in their texts, by COPY and by GORM rows.
func (t *Tree) Writers() map[string][]string {
	writers := map[string][]string{}
	add := func(table, dir string) {
		if !slices.Contains(writers[table], dir) && !slices.Contains(notTables, table) {
			writers[table] = append(writers[table], dir)
			sort.Strings(writers[table])
		}
	}
	for _, s := range t.ours() {
		if !under(s.Dir, "internal") || aside[aisle(s.Dir)] != nil {
			continue
		}
		for _, table := range s.writes() {
			add(table, aisle(s.Dir))
		}
	}
	for _, r := range t.Rows() {
		add(r.Table, aisle(r.dir))
	}
	return writers
}

func (s *Source) writes() []string {
	var tables []string
	ast.Inspect(s.AST, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			for _, m := range written.FindAllStringSubmatch(lit.Value, -1) {
				tables = append(tables, strings.ToLower(m[1]))
			}
		}
		return true
	})
	return tables
}

// TwoWriters finds tables that more than one package writes: a table belongs to one package, others call its verbs.
func (t *Tree) TwoWriters() []Breach {
	writers := t.Writers()
	tables := make([]string, 0, len(writers))
	for table := range writers {
		tables = append(tables, table)
	}
	sort.Strings(tables)
	var found []Breach
	for _, table := range tables {
		if len(writers[table]) > 1 {
			found = append(found, Breach{table, fmt.Sprintf("is written by %s: a table has one writer",
				strings.Join(writers[table], " and "))})
		}
	}
	return found
}
