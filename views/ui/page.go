package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Head is the head of a page: what it is, in one sentence.
type Head struct {
	Title string
	ID    string // the number of the thing, in the mono face behind the title
	Tag   templ.Component
	Lead  string
}

// Section is the head of a panel. ID is needed only where a page has several panels of the same title.
type Section struct {
	ID     string
	Title  string
	Note   string          // small words behind the title
	Tag    templ.Component // state of the thing
	More   Act             // link at the right
	Amount string          // or the panel's figure at the right, with its unit
	Unit   string
	Acts   []Act // or buttons at the right
}

func (s Section) id() string {
	if s.ID != "" {
		return s.ID
	}
	return "h-" + strings.ReplaceAll(s.Title, " ", "-")
}

// Figure is one number a reader comes for.
type Figure struct {
	Word  string // with the unit: 昨日收款(元)
	Value string
	Href  string
	Note  string // change in words, with sign
}

// length lets a long number shrink to its box rather than leave it.
func (f Figure) length() string {
	switch n := len(f.Value); {
	case n > 13:
		return "len17"
	case n > 9:
		return "len13"
	}
	return ""
}

// Fact is a word and its value, as text or as a part.
type Fact struct {
	Word  string
	Text  string
	Value templ.Component
	HasID bool // holds a copy button: the word stands above the value on a phone
	Full  bool // longer than half a line
}

// Event is one line of a timeline.
type Event struct {
	At   string
	Text string
	Now  bool // the present state
	Bad  bool // something failed
}

// TodoRow is one thing to do or to read.
type TodoRow struct {
	Strong string
	Text   string
	Small  bool // Text is small and grey, under Strong
	Act    Act
}
