package limit

import (
	"time"

	"zhanggui/internal/clock"
)

var (
	types = map[string]string{"JSAPI": "公众号支付", "NATIVE": "扫码支付", "APP": "App支付", "MWEB": "H5支付",
		"MICROPAY": "付款码支付", "FACEPAY": "刷脸支付"}
	states    = map[string]string{"SUCCESS": "支付成功", "REFUND": "转入退款", "REVOKED": "已撤销"}
	lineTypes = map[string]string{"trade": "交易", "trade_fee": "扣除交易手续费"}
	banks     = map[string]string{"OTHERS": "零钱或其他", "CMB_DEBIT": "招商银行储蓄卡", "ICBC_DEBIT": "工商银行储蓄卡",
		"CCB_DEBIT": "建设银行储蓄卡", "BOC_CREDIT": "中国银行信用卡", "CMB_CREDIT": "招商银行信用卡",
		"ABC_DEBIT": "农业银行储蓄卡", "PSBC_DEBIT": "邮储银行储蓄卡"}
)

// short shows the ends of a number.
func short(no string) string {
	if len(no) <= 12 {
		return no
	}
	return no[:4] + "…" + no[len(no)-4:]
}

// presets are the links to usual spans of days, on the page of the address.
func presets(today clock.Day, address string) []preset {
	local := today.Start().In(clock.Beijing)
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, clock.Beijing)
	span := func(word string, from, to clock.Day) preset {
		return preset{word, address + "from=" + from.String() + "&size=100&to=" + to.String()}
	}
	return []preset{
		span("今天", today, today), span("昨天", today.Add(-1), today.Add(-1)), span("近 7 天", today.Add(-6), today),
		span("近 30 天", today.Add(-29), today), span("本月", clock.DayOf(month), today),
		span("上月", clock.DayOf(month.AddDate(0, -1, 0)), clock.DayOf(month.AddDate(0, 0, -1))),
	}
}
