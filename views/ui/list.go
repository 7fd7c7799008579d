package ui

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"
)

// SavedViews are the filters a reader has kept, as tabs over a list.
type SavedViews struct {
	Tabs   []ViewTab
	Save   string // address that takes a new view by POST; empty: saving is not offered
	Hidden []Pair // what is saved with the name: the list and its present query
	Name   string // as typed, when it was refused
	Error  string // why
	Label  string // names the tabs for readers, where they are no saved views
}

func (v SavedViews) label(otherwise string) string {
	if v.Label != "" {
		return v.Label
	}
	return otherwise
}

// ViewTab is one saved view. Remove is the address that ends it by POST; ready views have none.
type ViewTab struct {
	Word    string
	Href    string
	Current bool
	Remove  string
}

func (v SavedViews) removable() (tabs []ViewTab) {
	for _, t := range v.Tabs {
		if t.Remove != "" {
			tabs = append(tabs, t)
		}
	}
	return tabs
}

// FilterBar is the form over a list; its fields are children.
type FilterBar struct {
	Action string
	Reset  string // address without filters
	Set    int    // how many filters are set, said on the phone where the bar is folded
	Open   bool   // unfolded on the phone, as after a refused filter
	Hidden []Pair // kept over a search: page size, the view
}

// FilterField is one field of a filter bar. Error is said under it.
type FilterField struct {
	Name        string
	Word        string
	Value       string
	Placeholder string
	Error       string
	Wide        bool
	Options     []Option // FilterSelect only
	Moment      bool     // FilterText only: a moment to the second, out of a calendar
	Month       bool     // FilterText only: a month
}

// FilterSpan is a pair of fields, from and to.
type FilterSpan struct {
	Word        string
	From, To    string // names of the fields
	FromValue   string
	ToValue     string
	FromHint    string // placeholders
	ToHint      string
	ToLabel     string // what the second field is called for readers
	Error       string
	Min, Max    string // dates only
	NotCalendar bool   // plain text fields where a calendar does not fit
	Seconds     bool   // moments to the second instead of days; they take more room
}

// Option is one choice of a list.
type Option struct {
	Value, Word string
	Chosen      bool
}

// Sum is one figure of a result line: words, the strong value, words.
type Sum struct {
	Before, Value, After string
	Muted                bool
}

// Grid is a table. Wrap it in nothing: it brings its own scroll box.
type Grid struct {
	Label   string // names the scroll box and the table for readers
	Columns []Column
	Stick   bool // the head stays under the top bar
	Dense   bool // always dense, whatever the reader chose
	Rows    bool // rows are hovered and opened
	Flow    bool // many narrow columns
	Flat    bool // stays a table on the phone instead of two-line rows
}

// Column is the head of a column; br in Word is written as "\n".
type Column struct {
	Word string
	Num  bool // figures, to the right
}

func (g Grid) class() string {
	class := "tbl"
	for _, c := range []struct {
		on   bool
		name string
	}{{g.Dense, "tbl-dense"}, {g.Rows, "rows"}, {g.Flow, "flow"}, {!g.Flat, "two"}} {
		if c.on {
			class += " " + c.name
		}
	}
	return class
}

func (g Grid) box() string {
	if g.Stick {
		return "scroll-x stick"
	}
	return "scroll-x"
}

func (c Column) lines() []string { return strings.Split(c.Word, "\n") }

// Pages is a keyset pager. Prev and Next are addresses, empty where there is nothing.
type Pages struct {
	Shown  string // 本页第 21–40 笔，按时间从新到旧
	Prev   string
	Next   string
	Action string // where the page size is sent by GET, with Hidden; empty: no choice of size
	Hidden []Pair
	Size   int
	Sizes  []int
}

// Nothing is said in place of an empty list: which filter found nothing, and one way on.
type Nothing struct {
	Title string
	Text  string
	Act   Act
}

// rel says how a page link stands to this page; a button without an address has no such thing.
func rel(how, href string) templ.Attributes {
	if href == "" {
		return nil
	}
	return templ.Attributes{"rel": how}
}

func decimal(n int) string { return fmt.Sprint(n) }

// DensityDense is the value of the density cookie for 32-pixel rows; anything else is roomy.
const DensityDense = "dense"
