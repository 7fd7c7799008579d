package trade

import (
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// Row is an order as lists show it.
type Row struct {
	TransactionID   string
	OutTradeNo      string
	MerchantID      int64
	SPMchID         int64
	SubName         string // the sub-merchant's short name, where a service provider reads
	OpenID          string
	TradeType       string
	TradeState      string
	BankType        string
	Body            string
	Total           money.Fen
	SettlementTotal money.Fen
	Coupon          money.Fen
	Fee             money.Fen
	Refunded        money.Fen
	SuccessTime     time.Time
	SettledAt       *time.Time
	Stub            bool
}

// MchID is the merchant as the channel writes it: the service provider, where there is one.
func (r Row) MchID() int64 { return Trade{MerchantID: r.MerchantID, SPMchID: r.SPMchID}.MchID() }

// SubMchID is the sub-merchant, or 0.
func (r Row) SubMchID() int64 { return Trade{MerchantID: r.MerchantID, SPMchID: r.SPMchID}.SubMchID() }

func (r Row) cursor(older bool) string {
	return cursor{older: older, micros: r.SuccessTime.UnixMicro(), merchant: r.MerchantID, id: r.TransactionID}.String()
}

// Wire is an order in JSON: amounts in fen, times in RFC 3339 with Beijing's offset, merchants as texts.
type Wire struct {
	TransactionID   string  `json:"transaction_id"`
	OutTradeNo      string  `json:"out_trade_no"`
	MchID           string  `json:"mchid"`
	SubMchID        string  `json:"sub_mchid"`
	OpenID          string  `json:"openid"`
	TradeType       string  `json:"trade_type"`
	TradeState      string  `json:"trade_state"`
	Total           int64   `json:"total"`
	SettlementTotal int64   `json:"settlement_total"`
	Coupon          int64   `json:"coupon"`
	Fee             int64   `json:"fee"`
	Refunded        int64   `json:"refunded"`
	SuccessTime     string  `json:"success_time"`
	SettledAt       *string `json:"settled_at"`
}

// Wire is the row's JSON twin.
func (r Row) Wire() Wire {
	w := Wire{TransactionID: r.TransactionID, OutTradeNo: r.OutTradeNo, MchID: strconv.FormatInt(r.MchID(), 10),
		OpenID: r.OpenID, TradeType: r.TradeType, TradeState: r.TradeState, Total: int64(r.Total),
		SettlementTotal: int64(r.SettlementTotal), Coupon: int64(r.Coupon), Fee: int64(r.Fee),
		Refunded: int64(r.Refunded), SuccessTime: clock.Wire(r.SuccessTime)}
	if sub := r.SubMchID(); sub != 0 {
		w.SubMchID = strconv.FormatInt(sub, 10)
	}
	if r.SettledAt != nil {
		at := clock.Wire(*r.SettledAt)
		w.SettledAt = &at
	}
	return w
}
