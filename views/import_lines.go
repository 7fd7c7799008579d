package views

import (
	"context"
	"strings"

	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// explained is one row of the way from a file's summary to the books.
type explained struct {
	what, why, count        string
	settlement, refund, fee string
	strong                  bool
}

// explains tells whether the page shows that way: of a file that was known before, another import does.
func (m Import) explains() bool { return m.Report.Rows > 0 && !m.allKnown() }

// explanation leads from the file's own summary, less what the books have not, to the books; what a reader
// should know of stands behind.
func (m Import) explanation(ctx context.Context) []explained {
	file, booked := m.Report.File, m.Report.Booked()
	rows := []explained{{what: say(ctx, "imports.line.file"), count: thousands(file.Count), settlement: file.Settlement.String(),
		refund: file.Refund.String(), fee: feeText(file.Fee), strong: true}}
	var known []explained
	for _, kind := range trade.LineKinds() {
		for _, l := range m.Report.Lines {
			if l.Kind != kind {
				continue
			}
			if e := explainLine(ctx, l); kind.Apart() {
				rows = append(rows, e)
			} else {
				known = append(known, e)
			}
		}
	}
	rows = append(rows, explained{what: say(ctx, "imports.line.booked"), count: thousands(booked.Count), settlement: booked.Settlement.String(),
		refund: booked.Refund.String(), fee: booked.Fee.String(), strong: true})
	return append(rows, known...)
}

func explainLine(ctx context.Context, l trade.Line) explained {
	prefix, sign := "imports.line.of", money.Fen(1)
	if l.Kind.Apart() {
		prefix, sign = "imports.line.less", -1
	}
	code := "trade.line." + string(l.Kind)
	return explained{what: words.F(ctx, prefix, words.Args{"What": say(ctx, code)}), why: say(ctx, code+"_why"), count: thousands(l.Count),
		settlement: part(sign * l.Settlement), refund: part(sign * l.Refund), fee: part(sign * l.Fee)}
}

// ImportLines says in one cell what stands between a file and the books, and how many rows of it.
func ImportLines(ctx context.Context, i trade.Import) string {
	said := make([]string, len(i.Report.Lines))
	for n, l := range i.Report.Lines {
		said[n] = say(ctx, "trade.line."+string(l.Kind)) + " " + thousands(l.Count)
	}
	return strings.Join(said, "; ")
}

// part is an amount of one line; nothing stands where it has none.
func part(f money.Fen) string {
	if f == 0 {
		return nothing
	}
	return f.String()
}

func (m Import) explainGrid(ctx context.Context) ui.Grid {
	return ui.Grid{Label: say(ctx, "imports.lines_table"), Columns: []ui.Column{{Word: say(ctx, "imports.line.what")},
		{Word: say(ctx, "imports.line.count"), Num: true}, {Word: say(ctx, "imports.sum.settlement"), Num: true},
		{Word: say(ctx, "imports.sum.refund"), Num: true}, {Word: say(ctx, "imports.sum.fee"), Num: true}}}
}
