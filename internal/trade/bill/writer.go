package bill

import (
	"bufio"
	"io"
	"strings"
)

// Writer writes a file of one layout as the channel does: header without back-ticks, each field
// after one back-tick, CRLF, the summary at the end. Errors of the target show at Close.
type Writer struct {
	out     *bufio.Writer
	layout  Layout
	columns []column
	own     Totals
}

// NewWriter writes the header.
func NewWriter(w io.Writer, l Layout) *Writer {
	out := &Writer{out: bufio.NewWriterSize(w, 64<<10), layout: l, columns: columnsOf(l)}
	names := make([]string, len(out.columns))
	for i, c := range out.columns {
		names[i] = columnNames[c][0]
	}
	_, _ = out.out.WriteString(strings.Join(names, ",") + "\r\n")
	return out
}

// Write adds a row.
func (w *Writer) Write(r *Row) {
	w.own.Add(r)
	for i, c := range w.columns {
		w.put(i, r.text(c))
	}
	_, _ = w.out.WriteString("\r\n")
}

// Close writes the summary and says whether all went out.
func (w *Writer) Close() error {
	sums := []sum{sumCount, sumSettlement, sumRefund, sumCouponRefund, sumFee, sumTotal, sumRefundAsked}
	if w.layout == Success {
		sums = []sum{sumCount, sumSettlement, sumFee, sumTotal}
	}
	names := make([]string, len(sums))
	for i, s := range sums {
		names[i] = sumNames[s][0]
	}
	_, _ = w.out.WriteString(strings.Join(names, ",") + "\r\n")
	for i, s := range sums {
		w.put(i, w.own.text(s))
	}
	_, _ = w.out.WriteString("\r\n")
	return w.out.Flush()
}

func (w *Writer) put(i int, text string) {
	if i > 0 {
		_ = w.out.WriteByte(',')
	}
	_ = w.out.WriteByte('`')
	_, _ = w.out.WriteString(text)
}
