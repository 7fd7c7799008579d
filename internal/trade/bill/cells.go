package bill

import (
	"time"

	"zhanggui/internal/money"
)

// Each cell is read by one of these; what cannot be read is remembered as the row's fault.

func (p *rowParser) text(c column, limit int) string {
	s := p.field(c)
	if len(s) > limit {
		p.fail(c, "trade.bill_text_long")
	}
	return s
}

// word reads a state or type: any short word, known or not.
func (p *rowParser) word(c column) string {
	s := p.field(c)
	if len(s) == 0 || len(s) > WordMax {
		p.fail(c, "trade.bill_word")
	}
	return s
}

// number reads an order or refund number: printable ASCII without spaces.
func (p *rowParser) number(c column) string {
	s := p.field(c)
	if !IsNumber(s) || s == "0" {
		p.fail(c, "trade.bill_number")
	}
	return s
}

// IsNumber tells whether a text can be the number of an order or a refund.
func IsNumber(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= NumberMax
}

// merchant reads a mchid; none is written "0" or left out.
func (p *rowParser) merchant(c column) int64 {
	s := p.field(c)
	if len(s) > 10 {
		p.fail(c, "trade.bill_merchant")
		return 0
	}
	var n int64
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			p.fail(c, "trade.bill_merchant")
			return 0
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

func (p *rowParser) currency() {
	if s := p.field(colCurrency); s != "" && s != "CNY" {
		p.fail(colCurrency, "trade.bill_currency")
	}
}

// amount reads yuan, never negative; an empty or absent field is 0.
func (p *rowParser) amount(c column) money.Fen {
	s := p.field(c)
	if s == "" || s == "0.00" || s == "0" {
		return 0
	}
	f, err := money.Parse(s)
	if err != nil || f < 0 || f > AmountMax {
		p.fail(c, "trade.bill_amount")
	}
	return f
}

func (p *rowParser) fee() Fee {
	s := p.field(colFee)
	if s == "" {
		return 0
	}
	f, err := ParseFee(s)
	if err != nil {
		p.fail(colFee, "trade.bill_fee")
	}
	return f
}

func (p *rowParser) rate() money.Rate {
	s := p.field(colRate)
	if s == "" {
		return 0
	}
	r, err := money.ParseRate(s)
	if err != nil {
		p.fail(colRate, "trade.bill_rate")
	}
	return r
}

// moment reads 2026-11-20 07:23:30 in Beijing.
func (p *rowParser) moment(c column, must bool) time.Time {
	s := p.field(c)
	if s == "" && !must {
		return time.Time{}
	}
	t, ok := parseMoment(s)
	if !ok {
		p.fail(c, "trade.bill_time")
	}
	return t
}
