package bill

import (
	"fmt"
	"strings"

	"zhanggui/internal/fault"
)

// close reads the summary under its header and what may follow it: nothing.
func (r *Reader) close(head string) {
	r.done = true
	line, ok := r.line()
	if !ok || line == "" || line[0] != '`' {
		r.Refuse("trade.bill_truncated")
		return
	}
	names := strings.Split(head, ",")
	fields := splitFields(line, r.spare)
	if len(fields) < len(names) {
		r.Refuse("trade.bill_truncated")
		return
	}
	var bad string
	if r.summary, bad = readSummary(names, fields); bad != "" {
		r.Refuse("trade.bill_summary", "Column", bad)
		return
	}
	for line, ok = r.line(); ok; line, ok = r.line() {
		if isHeader(line) || (line != "" && line[0] == '`') {
			r.Refuse("trade.bill_two_files")
			return
		}
		if line != "" {
			r.Refuse("trade.bill_after_summary")
			return
		}
	}
	if r.lines.over {
		r.end()
		return
	}
	r.compare()
}

// compare holds the rows against the summary, unless rows are missing from the count already.
func (r *Reader) compare() {
	if r.faultLines > 0 {
		return
	}
	for _, s := range r.summary.differences(&r.own, r.finer) {
		r.Refuse("trade.bill_sum", "Column", sumNames[s][0], "File", r.summary.text(s), "Rows", r.own.text(s))
	}
}

// end is reached when the lines run out before a summary.
func (r *Reader) end() {
	r.done = true
	switch {
	case r.lines.over:
		r.Refuse("trade.bill_too_large", "Limit", FileMax>>20)
	case r.lines.err == nil:
		r.Refuse("trade.bill_truncated")
	}
}

func (r *Reader) stop(code string, facts ...any) {
	r.done = true
	r.Refuse(code, facts...)
}

// Refuse adds a fault at the line read last; facts are names and values for the words. A caller
// uses it for rows that it cannot book.
func (r *Reader) Refuse(code string, facts ...any) {
	r.faultLines++
	if len(r.faults) >= FaultsMax {
		return
	}
	f := fault.New(code).With("Line", fmt.Sprint(r.lines.number))
	for i := 0; i+1 < len(facts); i += 2 {
		f = f.With(fmt.Sprint(facts[i]), fmt.Sprint(facts[i+1]))
	}
	r.faults.Add(f)
}

// cut bounds a text shown in a fault.
func cut(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
