package bill

import (
	"strconv"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

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
	default:
		if amount, ok := r.amount(c); ok {
			return amount.Plain()
		}
		return tidy(r.words(c))
	}
}

func (r *Row) amount(c column) (f money.Fen, ok bool) {
	switch c {
	case colSettlement:
		return r.Settlement, true
	case colCoupon:
		return r.Coupon, true
	case colRefund:
		return r.Refund, true
	case colCouponRefund:
		return r.CouponRefund, true
	case colTotal:
		return r.Total, true
	case colRefundAsked:
		return r.RefundAsked, true
	default:
		return 0, false
	}
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
	default:
		return ""
	}
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
