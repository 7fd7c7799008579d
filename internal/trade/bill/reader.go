package bill

import (
	"io"
	"strings"

	"zhanggui/internal/fault"
)

// Reader reads one file from its first line to its last, once. Call Next until it is false, then
// ask Refused. Rows handed out before a fault must not be kept when Refused says so.
type Reader struct {
	lines  *lines
	parser rowParser
	head   header
	row    Row
	spare  []string // fields, reused

	own     Totals
	finer   int64
	rounded Totals // as booked: fees rounded row by row
	summary summary
	unknown Unknown

	done       bool
	faults     fault.Form
	faultLines int
}

// NewReader starts on a file.
func NewReader(r io.Reader) *Reader { return &Reader{lines: newLines(r)} }

// Next finds the next row that can be read. Lines that cannot are remembered as faults.
func (r *Reader) Next() bool {
	if r.head.width == 0 && !r.done && !r.open() {
		r.done = true
	}
	for !r.done {
		line, ok := r.line()
		switch {
		case !ok:
			r.end()
		case line == "":
		case line[0] == '`':
			if r.take(line) {
				return true
			}
		case isSummary(line):
			r.close(line)
		case isHeader(line):
			r.stop("trade.bill_two_files")
		default:
			r.Refuse("trade.bill_line")
		}
	}
	return false
}

// line is the next line with something in it; lines too long or of broken text come empty, as faults.
func (r *Reader) line() (string, bool) {
	raw, ok := r.lines.next()
	for ok && len(raw) == 0 {
		raw, ok = r.lines.next()
	}
	if !ok {
		return "", false
	}
	if r.lines.long {
		r.Refuse("trade.bill_line_long", "Limit", LineMax)
		return "", true
	}
	if code := encodingFault(raw); code != "" {
		r.Refuse(code)
		return "", true
	}
	return string(raw), true
}

// open reads the header; false when this is no bill.
func (r *Reader) open() bool {
	line, ok := r.line()
	switch {
	case r.lines.err != nil:
		return false
	case r.lines.over:
		r.end()
		return false
	case !ok:
		r.Refuse("trade.bill_empty_file")
		return false
	case len(r.faults) > 0:
		return false
	case strings.HasPrefix(line, "记账时间,"):
		r.Refuse("trade.bill_fund_flow")
		return false
	case !isHeader(line):
		r.Refuse("trade.bill_not_a_bill")
		return false
	}
	h, missing, twice := readHeader(line)
	switch {
	case twice != "":
		r.Refuse("trade.bill_column_twice", "Column", twice)
	case len(missing) > 0:
		r.Refuse("trade.bill_column_missing", "Column", strings.Join(missing, "、"))
	}
	r.head = h
	r.parser.h = &r.head
	return len(r.faults) == 0
}

// take parses a row line.
func (r *Reader) take(line string) bool {
	if r.own.Count == RowsMax {
		r.stop("trade.bill_rows", "Limit", RowsMax)
		return false
	}
	r.spare = r.head.mend(splitFields(line, r.spare))
	if len(r.spare) != r.head.width {
		r.Refuse("trade.bill_fields", "Count", len(r.spare), "Want", r.head.width)
		return false
	}
	r.parser.fields = r.spare
	r.row.Line = r.lines.number
	if bad, code := r.parser.parse(&r.row); code != "" {
		r.Refuse(code, "Column", columnNames[bad][0], "Text", cut(r.parser.field(bad)))
		return false
	}
	r.count()
	return true
}

func (r *Reader) count() {
	r.own.Add(&r.row)
	booked := r.row
	booked.Fee = FeeOf(r.row.Fee.Round())
	r.rounded.Add(&booked)
	if r.row.Fee.Finer() {
		r.finer++
	}
	r.unknown.note(&r.row)
}
