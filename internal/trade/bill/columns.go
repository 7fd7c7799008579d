package bill

import "strings"

type column int

const (
	colTime column = iota
	colAppID
	colMchID
	colSubMchID
	colDevice
	colTransactionID
	colOutTradeNo
	colOpenID
	colTradeType
	colTradeState
	colBankType
	colCurrency
	colSettlement
	colCoupon
	colAskedAt
	colSucceededAt
	colRefundID
	colOutRefundNo
	colRefund
	colCouponRefund
	colRefundType
	colRefundState
	colBody
	colAttach
	colFee
	colRate
	colTotal
	colRefundAsked
	colRateNote
	columnCount
)

// columnNames are the names in use, in file order; the first is the present one, the others are
// what files of earlier years say.
var columnNames = [columnCount][]string{
	colTime:          {"交易时间"},
	colAppID:         {"公众账号ID"},
	colMchID:         {"商户号"},
	colSubMchID:      {"特约商户号", "子商户号"},
	colDevice:        {"设备号"},
	colTransactionID: {"微信订单号"},
	colOutTradeNo:    {"商户订单号"},
	colOpenID:        {"用户标识"},
	colTradeType:     {"交易类型"},
	colTradeState:    {"交易状态"},
	colBankType:      {"付款银行"},
	colCurrency:      {"货币种类"},
	colSettlement:    {"应结订单金额", "总金额"},
	colCoupon:        {"代金券金额", "代金券或立减优惠金额", "企业红包金额"},
	colAskedAt:       {"退款申请时间"},
	colSucceededAt:   {"退款成功时间"},
	colRefundID:      {"微信退款单号"},
	colOutRefundNo:   {"商户退款单号"},
	colRefund:        {"退款金额"},
	colCouponRefund:  {"充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"},
	colRefundType:    {"退款类型"},
	colRefundState:   {"退款状态"},
	colBody:          {"商品名称"},
	colAttach:        {"商户数据包"},
	colFee:           {"手续费"},
	colRate:          {"费率"},
	colTotal:         {"订单金额"},
	colRefundAsked:   {"申请退款金额"},
	colRateNote:      {"费率备注"},
}

var columnByName = func() map[string]column {
	all := map[string]column{}
	for c, names := range columnNames {
		for _, name := range names {
			all[name] = column(c)
		}
	}
	return all
}()

// needed are the columns without which no row can be booked; needsRefund those of refunds.
var (
	needed = []column{colTime, colMchID, colTransactionID, colOutTradeNo, colTradeType, colTradeState,
		colSettlement, colFee}
	needsRefund = []column{colRefundID, colOutRefundNo, colRefund, colRefundState}
)

// header is the first line understood: where each column stands.
type header struct {
	layout Layout
	at     [columnCount]int // position; -1 where the file has no such column
	width  int
	others []string // columns we do not know; their fields are left alone
}

// isHeader tells a bill's first line from a row.
func isHeader(line string) bool {
	return strings.HasPrefix(line, columnNames[colTime][0]+",")
}

// readHeader finds the columns. missing names those a bill must have; twice one that stands twice.
func readHeader(line string) (h header, missing []string, twice string) {
	for i := range h.at {
		h.at[i] = -1
	}
	for i, name := range strings.Split(line, ",") {
		name = strings.Trim(strings.TrimSpace(name), "`")
		h.width++
		c, known := columnByName[name]
		switch {
		case !known:
			h.others = append(h.others, name)
		case h.at[c] >= 0:
			twice = name
		default:
			h.at[c] = i
		}
	}
	want := needed
	h.layout = h.recognise()
	if h.layout != Success {
		want = append(want[:len(want):len(want)], needsRefund...)
	}
	for _, c := range want {
		if h.at[c] < 0 {
			missing = append(missing, columnNames[c][0])
		}
	}
	return h, missing, twice
}

func (h *header) recognise() Layout {
	switch {
	case h.at[colAskedAt] >= 0:
		return Refund
	case h.at[colRefundID] >= 0 || h.at[colRefund] >= 0 || h.at[colRefundState] >= 0:
		return All
	default:
		return Success
	}
}

// columnsOf are the present columns of a layout, in file order.
func columnsOf(l Layout) []column {
	var cs []column
	for c := column(0); c < columnCount; c++ {
		switch {
		case (c == colAskedAt || c == colSucceededAt) && l != Refund:
		case c >= colRefundID && c <= colRefundState && l == Success:
		case c == colRefundAsked && l == Success:
		default:
			cs = append(cs, c)
		}
	}
	return cs
}
