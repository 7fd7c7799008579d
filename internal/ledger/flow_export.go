package ledger

import (
	"context"
	"io"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/sheet"
	"zhanggui/internal/words"
)

// FlowExportMax is how many rows one export holds.
const FlowExportMax = 1_000_000

// FlowColumns are the eleven official columns; words: catalogue id "flow.col." + name.
var FlowColumns = []string{"time", "business_no", "flow_no", "name", "type", "direction", "amount", "balance", "applicant", "note", "voucher_no"}

// flowExport writes rows as a table for spreadsheets: the official columns behind the account.
type flowExport struct {
	out  *sheet.Sheet
	ctx  context.Context
	say  map[string]string // words of accounts, names and types, looked up once each
	line []string
}

func newFlowExport(ctx context.Context, w io.Writer) *flowExport {
	heads := []string{words.T(ctx, "flow.head.account")}
	for _, c := range FlowColumns {
		heads = append(heads, words.T(ctx, "flow.head."+c))
	}
	return &flowExport{out: sheet.New(w, append(heads, words.T(ctx, "flow.head.seq"))...), ctx: ctx, say: map[string]string{}}
}

// add writes a row; its error says that nobody reads any more.
func (e *flowExport) add(r *FlowRow) error {
	e.line = append(e.line[:0], e.word("ledger.account.", string(r.Account)), clock.Text(r.BookedAt), r.BusinessNo, r.FlowNo(),
		e.word("ledger.name.", string(r.Row)), e.word("ledger.type.", string(r.Row)), e.word("flow.direction.", direction(r.Amount)),
		r.Size().Plain(), r.Balance.Plain(), r.Applicant, BillText(r.Note), r.VoucherNo, strconv.FormatInt(r.Seq, 10))
	return e.out.Row(e.line...)
}

// word looks a code up once; what the catalogue does not know stays as it is.
func (e *flowExport) word(prefix, code string) string {
	text, known := e.say[prefix+code]
	if !known {
		text = code
		if found, ok := words.Find(e.ctx, prefix+code); ok {
			text = found
		}
		e.say[prefix+code] = text
	}
	return text
}
