package bill

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
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

// text is one field of the row.
func (r *Row) text(c column) string {
	switch c {
	case colTime:
		return clock.Text(r.Time)
	case colAskedAt:
		return moment(r.AskedAt)
	case colSucceededAt:
		return moment(r.SucceededAt)
	case colMchID:
		return strconv.FormatInt(r.MchID, 10)
	case colSubMchID:
		return strconv.FormatInt(r.SubMchID, 10)
	case colCurrency:
		return "CNY"
	case colRefundID:
		return orNone(r.RefundID)
	case colOutRefundNo:
		return orNone(r.OutRefundNo)
	case colFee:
		return r.Fee.String()
	case colRate:
		return r.Rate.String()
	}
	if amount := r.amount(c); amount != nil {
		return amount.Plain()
	}
	return tidy(r.words(c))
}

func (r *Row) amount(c column) *money.Fen {
	switch c {
	case colSettlement:
		return &r.Settlement
	case colCoupon:
		return &r.Coupon
	case colRefund:
		return &r.Refund
	case colCouponRefund:
		return &r.CouponRefund
	case colTotal:
		return &r.Total
	case colRefundAsked:
		return &r.RefundAsked
	}
	return nil
}

func (r *Row) words(c column) string {
	switch c {
	case colAppID:
		return r.AppID
	case colDevice:
		return r.Device
	case colTransactionID:
		return r.TransactionID
	case colOutTradeNo:
		return r.OutTradeNo
	case colOpenID:
		return r.OpenID
	case colTradeType:
		return r.TradeType
	case colTradeState:
		return r.TradeState
	case colBankType:
		return r.BankType
	case colRefundType:
		return r.RefundType
	case colRefundState:
		return r.RefundState
	case colBody:
		return r.Body
	case colAttach:
		return r.Attach
	case colRateNote:
		return r.RateNote
	}
	return ""
}

// moment leaves a time that has not come empty.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return clock.Text(t)
}

// orNone writes an absent number as bills do.
func orNone(number string) string {
	if number == "" {
		return "0"
	}
	return number
}
