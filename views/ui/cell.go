package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// The parts of a table's rows are written by hand: a page holds a thousand of them, and a template costs
// each a context, a buffer and two copies of every text.

// TextCell is a cell of words or, with the class num, of a figure.
func TextCell(class, text string) templ.Component { return textCell{class, text} }

type textCell struct{ class, text string }

func (c textCell) Render(_ context.Context, w io.Writer) error {
	return write(w, `<td class="`, c.class, `">`, templ.EscapeString(c.text), `</td>`)
}

// CutCell holds its text to one line; the whole is in the title and on paper.
func CutCell(text string) templ.Component { return cutCell(text) }

type cutCell string

func (c cutCell) Render(_ context.Context, w io.Writer) error {
	text := templ.EscapeString(string(c))
	return write(w, `<td class="cut" title="`, text, `">`, text, `</td>`)
}

// ShortID shows the ends of a number in a list; the whole is in the title and on paper.
func ShortID(full string) templ.Component { return shortID(full) }

type shortID string

func (id shortID) Render(_ context.Context, w io.Writer) error {
	short, full := templ.EscapeString(Short(string(id))), templ.EscapeString(string(id))
	if short == full {
		return write(w, `<span class="id">`, full, `</span>`)
	}
	return write(w, `<span class="id" data-full="`, full, `" title="`, full, `">`, short, `</span>`)
}

// Tag shows a state word in its colour.
func Tag(s State, word string) templ.Component { return tag{s, word} }

type tag struct {
	state State
	word  string
}

func (t tag) Render(_ context.Context, w io.Writer) error {
	colour := ""
	if t.state != Waiting {
		colour = " tag-"
	}
	return write(w, `<span class="tag`, colour, string(t.state), `">`, templ.EscapeString(t.word), `</span>`)
}

// write puts pieces of a page behind each other. Whoever calls it has escaped the texts among them.
func write(w io.Writer, pieces ...string) error {
	for _, p := range pieces {
		if _, err := io.WriteString(w, p); err != nil {
			return err
		}
	}
	return nil
}

// LabelCell is a figure with a word before it on the phone.
func LabelCell(class, label, text string) templ.Component { return labelCell{class, label, text} }

type labelCell struct{ class, label, text string }

func (c labelCell) Render(_ context.Context, w io.Writer) error {
	return write(w, `<td class="`, c.class, `" data-label="`, templ.EscapeString(c.label), `">`, templ.EscapeString(c.text), `</td>`)
}

// LinkCell is a cell that leads to the row's thing; label says where to, for readers.
func LinkCell(class, href, label, text string) templ.Component {
	return linkCell{class, href, label, text}
}

type linkCell struct{ class, href, label, text string }

func (c linkCell) Render(_ context.Context, w io.Writer) error {
	return write(w, `<td class="`, c.class, `"><a class="row-link" href="`, templ.EscapeString(c.href), `" aria-label="`,
		templ.EscapeString(c.label), `">`, templ.EscapeString(c.text), `</a></td>`)
}

// WhoCell is a cut cell of a name.
func WhoCell(text string) templ.Component { return whoCell(text) }

type whoCell string

func (c whoCell) Render(_ context.Context, w io.Writer) error {
	text := templ.EscapeString(string(c))
	return write(w, `<td class="cut who" title="`, text, `">`, text, `</td>`)
}
