package trade

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"

	"zhanggui/internal/clock"
	"zhanggui/internal/words"
)

// ExportMax is how many orders one export holds.
const ExportMax = 1_000_000

// exportColumns are the columns of an export; words: catalogue id "trade.col." + name.
var exportColumns = []string{"time", "transaction_id", "out_trade_no", "mchid", "sub_mchid", "trade_type", "trade_state",
	"total", "settlement_total", "coupon", "fee", "refunded", "openid", "body"}

// export writes orders as a table for spreadsheets: UTF-8 with byte order mark, every field quoted,
// nothing that a spreadsheet would run.
type export struct {
	out  *bufio.Writer
	say  map[string]string // words of states and types, looked up once each
	ctx  context.Context
	line []string
}

const byteOrderMark = "\ufeff"

func newExport(ctx context.Context, w io.Writer) *export {
	e := &export{out: bufio.NewWriterSize(w, 64<<10), say: map[string]string{}, ctx: ctx}
	_, _ = e.out.WriteString(byteOrderMark)
	for _, c := range exportColumns {
		e.line = append(e.line, words.T(ctx, "trade.col."+c))
	}
	e.write()
	return e
}

func (e *export) add(r Row) {
	sub := ""
	if n := r.SubMchID(); n != 0 {
		sub = strconv.FormatInt(n, 10)
	}
	e.line = append(e.line[:0], clock.Text(r.SuccessTime), r.TransactionID, r.OutTradeNo, strconv.FormatInt(r.MchID(), 10), sub,
		e.word("trade.type.", r.TradeType), e.state(r), r.Total.Plain(), r.SettlementTotal.Plain(), r.Coupon.Plain(),
		r.Fee.Plain(), r.Refunded.Plain(), r.OpenID, r.Body)
	e.write()
}

func (e *export) state(r Row) string {
	if r.Stub {
		return e.word("trade.state.", StubState)
	}
	return e.word("trade.state.", r.TradeState)
}

func (e *export) word(prefix, code string) string {
	text, known := e.say[prefix+code]
	if !known {
		text = Say(e.ctx, prefix, code)
		e.say[prefix+code] = text
	}
	return text
}

func (e *export) write() {
	for i, field := range e.line {
		if i > 0 {
			_ = e.out.WriteByte(',')
		}
		_ = e.out.WriteByte('"')
		_, _ = e.out.WriteString(harmless(field))
		_ = e.out.WriteByte('"')
	}
	_, _ = e.out.WriteString("\r\n")
}

// harmless keeps a spreadsheet from running a field: one that begins like a formula, in half or full
// width, begins with an apostrophe instead.
func harmless(field string) string {
	if strings.HasPrefix(field, "=") || strings.HasPrefix(field, "+") || strings.HasPrefix(field, "-") ||
		strings.HasPrefix(field, "@") || strings.HasPrefix(field, "\t") || strings.HasPrefix(field, "\r") ||
		strings.HasPrefix(field, "\n") || strings.HasPrefix(field, "＝") || strings.HasPrefix(field, "＋") ||
		strings.HasPrefix(field, "－") || strings.HasPrefix(field, "＠") {
		field = "'" + field
	}
	return strings.ReplaceAll(field, `"`, `""`)
}

// Say is the word for a state or type; one that no list knows is shown as it came.
func Say(ctx context.Context, prefix, code string) string {
	if code != "" && words.Has(ctx, prefix+code) {
		return words.T(ctx, prefix+code)
	}
	return code
}
