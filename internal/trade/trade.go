// Package trade keeps the orders of merchants and takes them in from official trade bills. It
// decides whose order a bill's row is, when two tellings of one order agree, what a refund row does
// to its order, and what a list of orders shows to whom. It refuses a whole file for one bad row,
// other merchants' rows, figures that contradict the books, and filters that nobody can mean.
// A bill adds what is missing and never moves a state.
package trade

import (
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Source is how an order came into the books.
type Source string

// The sources.
const (
	FromBill    Source = "bill"
	FromChannel Source = "channel"
	FromSandbox Source = "sandbox"
)

// Trade is one order. Amounts are fen; times are moments, shown in Beijing.
type Trade struct {
	MerchantID      int64
	SPMchID         int64 `gorm:"column:sp_mchid"` // the service provider it was placed by, or 0
	Total           money.Fen
	SettlementTotal money.Fen
	Coupon          money.Fen
	Fee             money.Fen
	Refunded        money.Fen // asked for in refunds that have not failed
	SuccessTime     time.Time // of a stub: its first refund's
	SettledAt       *time.Time
	DueAt           *time.Time // when it is to be settled; nil: nothing is to be settled
	Charged         money.Fen  // the fee taken so far, less what was given back
	GivenBack       money.Fen  // the merchant's share refunded before it was settled
	TakenBack       money.Fen  // and after
	LineDay         *time.Time // the settlement line of a legacy merchant
	RecordedAt      time.Time
	ImportID        *uuid.UUID
	Rate            money.Rate
	Stub            bool // known by a refund only; its amounts have not come
	Source          Source
	TransactionID   string
	OutTradeNo      string
	TradeType       string
	TradeState      string
	BankType        string
	Appid           string
	Openid          string
	Device          string
	RateNote        string
	Body            string
	Attach          string
}

// TableName names the table.
func (Trade) TableName() string { return "trades" }

// MchID is the merchant as the channel writes it: the service provider, where there is one.
func (t Trade) MchID() int64 {
	if t.SPMchID != 0 {
		return t.SPMchID
	}
	return t.MerchantID
}

// SubMchID is the sub-merchant, 0 for an order of a merchant of its own.
func (t Trade) SubMchID() int64 {
	if t.SPMchID != 0 {
		return t.MerchantID
	}
	return 0
}

// Remaining is what can still be given back.
func (t Trade) Remaining() money.Fen { return max(t.Total-t.Refunded, 0) }

// BillRefund is a refund as a bill told it.
type BillRefund struct {
	MerchantID       int64
	SPMchID          int64     `gorm:"column:sp_mchid"`
	Refund           money.Fen // asked for
	SettlementRefund money.Fen // what leaves the merchant
	CouponRefund     money.Fen
	FeeBack          money.Fen
	CreateTime       time.Time
	SuccessTime      *time.Time
	RecordedAt       time.Time
	ImportID         uuid.UUID
	RefundID         string
	OutRefundNo      string
	TransactionID    string
	Status           string
	TradeState       string // of the bill's row: REFUND, or REVOKED
	Channel          string
	Source           string    // the account it was taken from; NONE where nothing moved
	FeeTaken         money.Fen // the fee that the books gave back with it
}

// TableName names the table.
func (BillRefund) TableName() string { return "bill_refunds" }

// Counts tells whether the refund reduces what remains of the order. A failed one does not; one in a
// state nobody knows does, because its money may be on the way.
func (r BillRefund) Counts() bool { return r.Status != bill.RefundFail }
