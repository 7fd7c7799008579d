package ledger

import "slices"

// RowType is what a line of the books is: its name and its type on bills. Words: catalogue id
// "ledger.name." + code and "ledger.type." + code; on bills always those of BusinessName and BusinessType.
type RowType string

// The lines.
const (
	RowTrade           RowType = "trade"
	RowTradeFee        RowType = "trade_fee"
	RowRevoke          RowType = "revoke"
	RowSettle          RowType = "settle"
	RowRefund          RowType = "refund"
	RowRefundFee       RowType = "refund_fee"
	RowRefundClosed    RowType = "refund_closed"
	RowRefundClosedFee RowType = "refund_closed_fee"
	RowTopUp           RowType = "topup"
	RowWithdraw        RowType = "withdraw"
	RowWithdrawFailed  RowType = "withdraw_failed"
	RowWithdrawBack    RowType = "withdraw_returned"
	RowSettleBack      RowType = "settle_returned"
	RowToOperation     RowType = "to_operation"
	RowFromBasic       RowType = "from_basic"
	RowToBasic         RowType = "to_basic"
	RowFromOperation   RowType = "from_operation"
	RowPacket          RowType = "packet"
	RowPacketFailed    RowType = "packet_failed"
	RowPacketBack      RowType = "packet_returned"
	RowPayment         RowType = "payment"
	RowPaymentBack     RowType = "payment_returned"
	RowBudgetFrozen    RowType = "budget_frozen"
	RowBudgetBack      RowType = "budget_returned"
	RowDiscountRefund  RowType = "discount_refund"
	RowUpgrade         RowType = "upgrade"
	RowUpgradeOut      RowType = "upgrade_out"
	RowPool            RowType = "upgrade_pool"
	RowClaim           RowType = "claim"
	RowOpening         RowType = "opening"
	RowCorrection      RowType = "correction"
)

// Lines of FEE_INCOME, which no bill shows and the fee summary adds up.
const (
	RowFeeCharged  RowType = "fee_charged"
	RowFeeReturned RowType = "fee_returned"
)

// wording is a line's name and type as bills write them.
type wording struct {
	row        RowType
	name, kind string
}

// wordings are the official words, and ours where there are none, in the order filters show them.
var wordings = []wording{
	{RowTrade, "交易", "交易"}, {RowTradeFee, "交易", "扣除交易手续费"}, {RowRevoke, "交易", "撤销"},
	{RowSettle, "结算", "结算转出"},
	{RowRefund, "退款", "退款"}, {RowRefundFee, "退款", "退还交易手续费"}, {RowRefundClosed, "退款", "退款关闭"},
	{RowRefundClosedFee, "退款", "扣除交易手续费"},
	{RowTopUp, "充值/提现", "充值"}, {RowWithdraw, "充值/提现", "提现"}, {RowWithdrawFailed, "充值/提现", "提现失败退回"},
	{RowWithdrawBack, "充值/提现", "提现退票"}, {RowSettleBack, "充值/提现", "结算退票转入"},
	{RowToOperation, "资金划拨", "转入运营账户"}, {RowFromBasic, "资金划拨", "基本账户转入"},
	{RowToBasic, "资金划拨", "转入基本账户"}, {RowFromOperation, "资金划拨", "运营账户转入"},
	{RowPacket, "现金红包", "现金红包"}, {RowPacketFailed, "现金红包", "发放失败退回"}, {RowPacketBack, "现金红包", "现金红包退款"},
	{RowPayment, "企业付款", "企业付款"}, {RowPaymentBack, "企业付款", "企业付款退回"},
	{RowBudgetFrozen, "代金券/立减/折扣", "预算冻结"}, {RowBudgetBack, "代金券/立减/折扣", "预算退回"},
	{RowDiscountRefund, "代金券/立减/折扣", "退款退回"},
	{RowUpgrade, "账户升级", "可用余额转入"}, {RowUpgradeOut, "账户升级", "转入基本账户"}, {RowPool, "账户升级", "未结算余额转入"},
	{RowClaim, "待补足", "补足扣款"}, {RowOpening, "期初余额", "期初余额"},
	{RowCorrection, "调账", "调账"},
	{RowFeeCharged, "手续费", "收取"}, {RowFeeReturned, "手续费", "退还"},
}

func (r RowType) wording() wording {
	if i := slices.IndexFunc(wordings, func(w wording) bool { return w.row == r }); i >= 0 {
		return wordings[i]
	}
	return wording{r, string(r), string(r)}
}

// BusinessName is the line's 业务名称 on bills and in JSON, whatever language pages are read in.
func (r RowType) BusinessName() string { return r.wording().name }

// BusinessType is the line's 业务类型 on bills and in JSON.
func (r RowType) BusinessType() string { return r.wording().kind }

// Known tells whether the line is one of ours.
func (r RowType) Known() bool {
	return slices.ContainsFunc(wordings, func(w wording) bool { return w.row == r })
}

// RowTypes lists the lines of accounts that merchants read.
func RowTypes() []RowType {
	all := make([]RowType, 0, len(wordings))
	for _, w := range wordings {
		if w.row != RowFeeCharged && w.row != RowFeeReturned {
			all = append(all, w.row)
		}
	}
	return all
}
