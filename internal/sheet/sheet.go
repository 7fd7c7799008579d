// Package sheet writes tables for spreadsheets: UTF-8 with byte order mark, every field quoted, lines
// ended by CR LF. It refuses nothing and lets nothing run: a field that a spreadsheet would take for a
// formula begins with an apostrophe instead.
package sheet

import (
	"bufio"
	"io"
	"strings"
)

const byteOrderMark = "\ufeff"

// Sheet is a table on its way out.
type Sheet struct{ out *bufio.Writer }

// New begins a table with its heads. Nothing reaches w before Flush or a full buffer.
func New(w io.Writer, heads ...string) *Sheet {
	s := &Sheet{out: bufio.NewWriterSize(w, 64<<10)}
	_, _ = s.out.WriteString(byteOrderMark) // an error stays with the writer until Flush
	_ = s.Row(heads...)
	return s
}

// Row writes a line. Its error is that of any line before: nobody reads any more.
func (s *Sheet) Row(fields ...string) error {
	for i, field := range fields {
		if i > 0 {
			_ = s.out.WriteByte(',')
		}
		_ = s.out.WriteByte('"')
		_, _ = s.out.WriteString(Harmless(field))
		_ = s.out.WriteByte('"')
	}
	_, err := s.out.WriteString("\r\n")
	return err
}

// Flush sends what is left.
func (s *Sheet) Flush() error { return s.out.Flush() }

// triggers begin what a spreadsheet runs, in half and full width.
var triggers = []string{"=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"}

// Harmless is a field's text between its quotes.
func Harmless(field string) string {
	for _, t := range triggers {
		if strings.HasPrefix(field, t) {
			field = "'" + field
			break
		}
	}
	return strings.ReplaceAll(field, `"`, `""`)
}
