package bill

import "time"

// rowParser turns fields into a Row and remembers the first field that could not be read.
type rowParser struct {
	h      *header
	fields []string
	bad    column
	code   string
}

// parse fills the row; code is empty when all of it could be read, else says what bad is refused for.
func (p *rowParser) parse(r *Row) (bad column, code string) {
	p.code = ""
	r.Time = p.moment(colTime, true)
	r.AppID = p.text(colAppID, NameMax)
	r.MchID = p.merchant(colMchID)
	r.SubMchID = p.merchant(colSubMchID)
	r.Device = p.text(colDevice, NameMax)
	r.TransactionID = p.number(colTransactionID)
	r.OutTradeNo = p.number(colOutTradeNo)
	r.OpenID = p.text(colOpenID, NameMax)
	r.TradeType = p.word(colTradeType)
	r.TradeState = p.word(colTradeState)
	r.BankType = p.text(colBankType, WordMax)
	p.currency()
	r.Coupon = p.amount(colCoupon)
	r.Settlement = p.amount(colSettlement)
	r.Total = r.Settlement
	if p.h.at[colTotal] >= 0 {
		r.Total = p.amount(colTotal)
	}
	r.Body = p.text(colBody, TextMax)
	r.Attach = p.text(colAttach, TextMax)
	r.Fee = p.fee()
	r.Rate = p.rate()
	r.RateNote = p.text(colRateNote, NameMax)
	p.refund(r)
	if p.code == "" {
		p.agree(r)
	}
	return p.bad, p.code
}

// refund reads the refund columns; "0" and nothing both say that the row is an order.
func (p *rowParser) refund(r *Row) {
	r.RefundID, r.OutRefundNo, r.RefundType, r.RefundState = "", "", "", ""
	r.AskedAt, r.SucceededAt = time.Time{}, time.Time{}
	r.Refund = p.amount(colRefund)
	r.CouponRefund = p.amount(colCouponRefund)
	r.RefundAsked = r.Refund
	if p.h.at[colRefundAsked] >= 0 {
		r.RefundAsked = p.amount(colRefundAsked)
	}
	if id := p.field(colRefundID); id == "" || id == "0" {
		if r.TradeState == StateRefund {
			p.fail(colRefundID, "trade.bill_refund_number")
		}
		return
	}
	r.RefundID = p.number(colRefundID)
	r.OutRefundNo = p.number(colOutRefundNo)
	r.RefundType = p.text(colRefundType, WordMax)
	r.RefundState = p.word(colRefundState)
	r.AskedAt = p.moment(colAskedAt, false)
	r.SucceededAt = p.moment(colSucceededAt, false)
}

// agree refuses rows whose own figures contradict each other.
func (p *rowParser) agree(r *Row) {
	switch {
	case r.Settlement > r.Total:
		p.fail(colSettlement, "trade.bill_settlement_above_total")
	case r.Refund > r.RefundAsked:
		p.fail(colRefund, "trade.bill_refund_above_asked")
	case r.CouponRefund > r.Refund:
		p.fail(colCouponRefund, "trade.bill_refund_above_asked")
	case r.IsRefund() && r.Fee > 0, !r.IsRefund() && r.Fee < 0:
		p.fail(colFee, "trade.bill_fee_sign")
	case !r.IsRefund() && r.Rate == 0 && r.Fee != 0: // what is settled is charged by its rate
		p.fail(colRate, "trade.bill_rate_missing")
	case !r.IsRefund() && (r.Refund != 0 || r.RefundAsked != 0):
		p.fail(colRefundID, "trade.bill_refund_number")
	}
}

func (p *rowParser) fail(c column, code string) {
	if p.code == "" {
		p.bad, p.code = c, code
	}
}

func (p *rowParser) field(c column) string {
	if i := p.h.at[c]; i >= 0 {
		return p.fields[i]
	}
	return ""
}
