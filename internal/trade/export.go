package trade

import (
	"context"
	"io"
	"strconv"

	"zhanggui/internal/clock"
	"zhanggui/internal/sheet"
	"zhanggui/internal/words"
)

// ExportMax is how many orders one export holds.
const ExportMax = 1_000_000

// exportColumns are the columns of an export; words: catalogue id "trade.col." + name.
var exportColumns = []string{"time", "transaction_id", "out_trade_no", "mchid", "sub_mchid", "trade_type", "trade_state",
	"total", "settlement_total", "coupon", "fee", "refunded", "openid", "body"}

// export writes orders as a table for spreadsheets.
type export struct {
	out  *sheet.Sheet
	say  map[string]string // words of states and types, looked up once each
	ctx  context.Context
	line []string
}

func newExport(ctx context.Context, w io.Writer) *export {
	heads := make([]string, len(exportColumns))
	for i, c := range exportColumns {
		heads[i] = words.T(ctx, "trade.col."+c)
	}
	return &export{out: sheet.New(w, heads...), say: map[string]string{}, ctx: ctx}
}

// add writes an order; its error says that nobody reads any more.
func (e *export) add(r Row) error {
	sub := ""
	if n := r.SubMchID(); n != 0 {
		sub = strconv.FormatInt(n, 10)
	}
	e.line = append(e.line[:0], clock.Text(r.SuccessTime), r.TransactionID, r.OutTradeNo, strconv.FormatInt(r.MchID(), 10), sub,
		e.word("trade.type.", r.TradeType), e.state(r), r.Total.Plain(), r.SettlementTotal.Plain(), r.Coupon.Plain(),
		r.Fee.Plain(), r.Refunded.Plain(), r.OpenID, r.Body)
	return e.out.Row(e.line...)
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

// Say is the word for a state or type; one that no list knows is shown as it came.
func Say(ctx context.Context, prefix, code string) string {
	if code != "" && words.Has(ctx, prefix+code) {
		return words.T(ctx, prefix+code)
	}
	return code
}
