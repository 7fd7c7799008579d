package ui

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// Cells are the cells of a table's rows, put behind each other into one text that reaches the page whole.
type Cells struct{ text []byte }

// cellsKept is the largest text that is kept for the next page.
const cellsKept = 1 << 20

var cells = sync.Pool{New: func() any { return new(Cells) }}

// Rows writes rows of a table, each filled by row.
func Rows(n int, row func(c *Cells, i int)) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		c, _ := cells.Get().(*Cells)
		c.text = c.text[:0]
		for i := range n {
			c.raw("<tr>")
			row(c, i)
			c.raw("</tr>")
		}
		_, err := w.Write(c.text)
		if cap(c.text) <= cellsKept {
			cells.Put(c)
		}
		return err
	})
}

// Text is TextCell.
func (c *Cells) Text(class, text string) {
	c.raw(`<td class="`, class, `">`)
	c.escape(text)
	c.raw(`</td>`)
}

// Cut is CutCell.
func (c *Cells) Cut(text string) { c.cut("cut", text) }

// Who is WhoCell.
func (c *Cells) Who(text string) { c.cut("cut who", text) }

func (c *Cells) cut(class, text string) {
	c.raw(`<td class="`, class, `" title="`)
	c.escape(text)
	c.raw(`">`)
	c.escape(text)
	c.raw(`</td>`)
}

// ID is a cell of a ShortID.
func (c *Cells) ID(full string) {
	head, tail := ends(full)
	if head == full {
		c.raw(`<td><span class="id">`)
		c.escape(full)
		c.raw(`</span></td>`)
		return
	}
	c.raw(`<td><span class="id" data-full="`)
	c.escape(full)
	c.raw(`" title="`)
	c.escape(full)
	c.raw(`">`)
	c.escape(head)
	c.raw("…")
	c.escape(tail)
	c.raw(`</span></td>`)
}

// Label is LabelCell.
func (c *Cells) Label(class, label, text string) {
	c.raw(`<td class="`, class, `" data-label="`)
	c.escape(label)
	c.raw(`">`)
	c.escape(text)
	c.raw(`</td>`)
}

// Link is LinkCell.
func (c *Cells) Link(class, href, label, text string) {
	c.raw(`<td class="`, class, `"><a class="row-link" href="`)
	c.escape(href)
	c.raw(`" aria-label="`)
	c.escape(label)
	c.raw(`">`)
	c.escape(text)
	c.raw(`</a></td>`)
}

func (c *Cells) raw(pieces ...string) {
	for _, p := range pieces {
		c.text = append(c.text, p...)
	}
}

// special are the characters that a page must not take as they are.
var special = [256]bool{'&': true, '<': true, '>': true, '"': true, '\'': true}

// escape writes a text; most have nothing to escape.
func (c *Cells) escape(text string) {
	for i := range len(text) {
		if special[text[i]] {
			text = templ.EscapeString(text)
			break
		}
	}
	c.text = append(c.text, text...)
}
