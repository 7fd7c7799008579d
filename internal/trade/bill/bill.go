// Package bill knows the official trade bill file (交易账单): its columns under their present and
// older names, its three layouts, its fields, its summary. It reads a file as a stream and writes
// one byte for byte as the channel does. It decides whether a file is whole and adds up, and refuses
// with line numbers: other encodings, cut or joined files, rows it cannot book, sums that differ.
// It knows no merchant and no database.
package bill

import (
	"time"

	"zhanggui/internal/money"
)

// Limits of one file.
const (
	FileMax   = 64 << 20 // bytes
	RowsMax   = 300_000
	LineMax   = 4 << 10 // bytes, without the line end
	FaultsMax = 20      // faults kept with their lines; further ones are only counted
)

// Limits of fields, in bytes.
const (
	NumberMax = 64    // order and refund numbers
	WordMax   = 32    // states, types, banks
	NameMax   = 128   // appid, openid, device, rate note
	TextMax   = 2_048 // goods name, merchant data
)

// AmountMax is the largest amount of one row: a hundred million yuan.
const AmountMax money.Fen = 10_000_000_000

// Layout is which rows a file carries.
type Layout string

// The layouts.
const (
	All     Layout = "ALL"
	Success Layout = "SUCCESS"
	Refund  Layout = "REFUND"
)

// Trade states of a bill.
const (
	StateSuccess = "SUCCESS"
	StateRefund  = "REFUND"
	StateRevoked = "REVOKED"
)

// Refund states of a bill.
const (
	RefundSuccess    = "SUCCESS"
	RefundProcessing = "PROCESSING"
	RefundChange     = "CHANGE"
	RefundFail       = "FAIL"
)

// Words a bill is known to use. Others are kept as they are and reported.
var (
	TradeStates  = []string{StateSuccess, StateRefund, StateRevoked}
	TradeTypes   = []string{"JSAPI", "NATIVE", "APP", "MWEB", "MICROPAY", "FACEPAY"}
	RefundStates = []string{RefundSuccess, RefundProcessing, RefundChange, RefundFail}
	RefundTypes  = []string{"ORIGINAL", "BALANCE", "OTHER_BALANCE", "OTHER_BANKCARD"}
)

// Row is one line: an order, or a refund when it carries a refund number.
type Row struct {
	Line          int
	Time          time.Time // paid, or refund accepted; Beijing, to the second
	AppID         string
	MchID         int64
	SubMchID      int64 // 0 for a merchant of its own
	Device        string
	TransactionID string
	OutTradeNo    string
	OpenID        string
	TradeType     string
	TradeState    string
	BankType      string
	Settlement    money.Fen // order amount less coupons that are not paid out
	Coupon        money.Fen
	AskedAt       time.Time // layout REFUND only
	SucceededAt   time.Time // layout REFUND only; zero when not there yet
	RefundID      string    // empty for an order
	OutRefundNo   string
	Refund        money.Fen // what leaves the merchant
	CouponRefund  money.Fen
	RefundType    string
	RefundState   string
	Body          string
	Attach        string
	Fee           Fee // negative on a refund: given back
	Rate          money.Rate
	Total         money.Fen // order amount
	RefundAsked   money.Fen
	RateNote      string
}

// IsRefund tells a refund from an order.
func (r *Row) IsRefund() bool { return r.RefundID != "" }
