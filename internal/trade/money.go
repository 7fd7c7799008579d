package trade

import (
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// Kinds of transfers that orders and their refunds cause; docs/adr/0005 has their legs.
const (
	KindTrade        ledger.Kind = "trade"
	KindRevoke       ledger.Kind = "revoke"
	KindRefund       ledger.Kind = "refund"
	KindRefundDone   ledger.Kind = "refund.done"
	KindRefundClosed ledger.Kind = "refund.closed"
)

// applicant of what no person asked for.
const applicant = "system"

// earning is an order whose money comes into the books.
type earning struct {
	merchant                  int64
	transactionID, outTradeNo string
	body                      string
	settlement                money.Fen
	revoked                   bool
	known                     bool // the books have its money already: only its going back is new
	// What refunds took already of an order that turns out to have been revoked: what left to the channel, what
	// waits, and the fee that came back. Of both together given was taken of the open order, and goes back to it;
	// the rest goes back to the account to.
	left, waiting, fee, given money.Fen
	to                        string
}

// transfers of an order: it is paid, and where it was revoked, given back. What refunds took of it before that
// was known comes back: the payer got the whole order. It comes first: the order may not be able to give back
// without it, and would leave a claim beside the money that came too late to repay it.
func (e earning) transfers() []ledger.Transfer {
	t := ledger.Transfer{Merchant: e.merchant, Kind: KindTrade, Key: e.transactionID, BusinessNo: e.transactionID,
		VoucherNo: e.outTradeNo, Applicant: applicant, Note: e.body, Legs: []ledger.Leg{
			{Account: ledger.Channel, Amount: -e.settlement},
			{Account: ledger.Unsettled, Amount: e.settlement, Row: ledger.RowTrade}}}
	if !e.revoked {
		return []ledger.Transfer{t}
	}
	back := t
	back.Kind = KindRevoke
	account := ledger.Account(e.to)
	back.Legs = []ledger.Leg{{Account: ledger.InRefund, Amount: -e.waiting},
		{Account: ledger.Unsettled, Amount: e.given, Row: ledger.RowRefundClosed},
		{Account: account, Amount: e.left + e.waiting - e.given, Row: ledger.RowRefundClosed},
		{Account: account, Amount: -e.fee, Row: ledger.RowRefundClosedFee, Force: true},
		{Account: ledger.Unsettled, Amount: -e.settlement, Row: ledger.RowRevoke, Force: true},
		{Account: ledger.FeeIncome, Amount: e.fee, Row: ledger.RowFeeCharged},
		{Account: ledger.Channel, Amount: e.settlement - e.left}}
	if e.known {
		return []ledger.Transfer{back}
	}
	return []ledger.Transfer{t, back}
}

// giving is a refund of a bill whose money leaves the books.
type giving struct {
	merchant              int64
	refundID, outRefundNo string
	body, status          string
	source                string    // the account it is taken from
	share, fee            money.Fen // what the merchant gives, and the fee it gets back
}

// noSource is the source of a refund that moves nothing.
const noSource = "NONE"

// transfers of a refund, decided outside and therefore forced. What succeeded or is processed has left to the
// channel; what failed comes back; what is abnormal (CHANGE), or in a state nobody knows, waits.
func (g giving) transfers() []ledger.Transfer {
	if g.source == noSource {
		return nil
	}
	account := ledger.Account(g.source)
	move := func(kind ledger.Kind, legs ...ledger.Leg) ledger.Transfer {
		return ledger.Transfer{Merchant: g.merchant, Kind: kind, Key: g.refundID, BusinessNo: g.refundID, VoucherNo: g.outRefundNo,
			Applicant: applicant, Note: g.body, Legs: legs}
	}
	out := move(KindRefund,
		ledger.Leg{Account: ledger.FeeIncome, Amount: -g.fee, Row: ledger.RowFeeReturned},
		ledger.Leg{Account: account, Amount: g.fee, Row: ledger.RowRefundFee},
		ledger.Leg{Account: account, Amount: -g.share, Row: ledger.RowRefund, Force: true},
		ledger.Leg{Account: ledger.InRefund, Amount: g.share})
	switch g.status {
	case bill.RefundSuccess, bill.RefundProcessing:
		return []ledger.Transfer{out, move(KindRefundDone,
			ledger.Leg{Account: ledger.InRefund, Amount: -g.share}, ledger.Leg{Account: ledger.Channel, Amount: g.share})}
	case bill.RefundFail:
		return []ledger.Transfer{out, move(KindRefundClosed,
			ledger.Leg{Account: ledger.InRefund, Amount: -g.share},
			ledger.Leg{Account: account, Amount: g.share, Row: ledger.RowRefundClosed},
			ledger.Leg{Account: account, Amount: -g.fee, Row: ledger.RowRefundClosedFee, Force: true},
			ledger.Leg{Account: ledger.FeeIncome, Amount: g.fee, Row: ledger.RowFeeCharged})}
	}
	return []ledger.Transfer{out}
}
