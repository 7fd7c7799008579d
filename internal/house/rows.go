package house

import (
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Row is a struct that GORM reads and writes as a row of a table.
type Row struct {
	Where   string
	Table   string
	Columns []Column
	dir     string
}

// Column is one field of a row: its column, its Go type written out, whether it may be NULL.
type Column struct {
	Name, Type string
	Null       bool
}

// Rows lists the structs with a TableName, wherever they stand.
func (t *Tree) Rows() []Row {
	types := t.types()
	var rows []Row
	for _, s := range t.ours() {
		for _, d := range s.AST.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "TableName" {
				continue
			}
			table, ok := returned(f)
			if !ok {
				continue
			}
			r := Row{Where: s.at(f), Table: table, dir: s.Dir}
			r.Columns = types.columns(s.Dir, receiver(f))
			rows = append(rows, r)
		}
	}
	return rows
}

func returned(f *ast.FuncDecl) (string, bool) {
	for _, st := range f.Body.List {
		if ret, ok := st.(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			return literal(ret.Results[0])
		}
	}
	return "", false
}

func receiver(f *ast.FuncDecl) string {
	e := f.Recv.List[0].Type
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// declared are the module's own types, by "folder.Name".
type declared map[string]ast.Expr

func (t *Tree) types() declared {
	all := declared{}
	for _, s := range t.ours() {
		ast.Inspect(s.AST, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				all[s.Dir+"."+spec.Name.Name] = spec.Type
			}
			return true
		})
	}
	return all
}

func (d declared) columns(dir, name string) []Column {
	st, ok := d[dir+"."+name].(*ast.StructType)
	if !ok {
		return nil
	}
	var columns []Column
	for _, field := range st.Fields.List {
		settings := gormSettings(field)
		if slices.Contains(settings, "-") {
			continue
		}
		typ, null := d.written(dir, field.Type)
		if len(field.Names) == 0 {
			columns = append(columns, d.columns(dir, typ)...)
		}
		for _, n := range field.Names {
			columns = append(columns, Column{columnName(n.Name, settings), typ, null})
		}
	}
	return columns
}

func gormSettings(field *ast.Field) []string {
	if field.Tag == nil {
		return nil
	}
	tag, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return nil
	}
	return strings.Split(reflect.StructTag(tag).Get("gorm"), ";")
}

// written is a type as its underlying Go type: int64, string, []byte, uuid.UUID, time.Time.
func (d declared) written(dir string, e ast.Expr) (typ string, null bool) {
	switch e := e.(type) {
	case *ast.StarExpr:
		typ, _ = d.written(dir, e.X)
		return typ, true
	case *ast.ArrayType:
		typ, _ = d.written(dir, e.Elt)
		return "[]" + typ, false
	case *ast.Ident:
		if under, ok := d[dir+"."+e.Name]; ok {
			if _, isStruct := under.(*ast.StructType); !isStruct {
				return d.written(dir, under)
			}
		}
		return e.Name, false
	case *ast.SelectorExpr:
		return d.writtenElsewhere(e), false
	}
	return "?", false
}

func (d declared) writtenElsewhere(e *ast.SelectorExpr) string {
	x, ok := e.X.(*ast.Ident)
	if !ok {
		return "?"
	}
	for name, under := range d {
		if strings.HasSuffix(name, "/"+x.Name+"."+e.Sel.Name) {
			typ, _ := d.written(strings.TrimSuffix(name, "."+e.Sel.Name), under)
			return typ
		}
	}
	return x.Name + "." + e.Sel.Name
}

// initialisms are what GORM keeps together when it names a column.
var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)

// columnName is the column GORM gives a field.
func columnName(field string, settings []string) string {
	for _, s := range settings {
		if name, ok := strings.CutPrefix(s, "column:"); ok {
			return name
		}
	}
	for {
		next := wordStart.ReplaceAllString(field, "$1${3}_$2$4")
		if next == field {
			return strings.ToLower(field)
		}
		field = next
	}
}
