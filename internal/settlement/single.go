package settlement

import (
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
)

// KindSettle is the transfer of one order to BASIC; its key is the order's number.
const KindSettle ledger.Kind = "settle"

const system = "system"

// left is what remains of an order, and its fee.
func left(d trade.Due) (rest, fee money.Fen) {
	rest = d.SettlementTotal - d.GivenBack
	return rest, d.Rate.Of(rest)
}

// single is an upgraded merchant's order as it is settled: two lines on BASIC, or none where nothing is left.
func single(m int64, d trade.Due) ledger.Transfer {
	rest, fee := left(d)
	return ledger.Transfer{Merchant: m, Kind: KindSettle, Key: d.TransactionID, BusinessNo: d.TransactionID, VoucherNo: d.OutTradeNo,
		Applicant: system, Legs: []ledger.Leg{
			{Account: ledger.Unsettled, Amount: -rest, Row: ledger.RowSettle},
			{Account: ledger.Basic, Amount: rest, Row: ledger.RowTrade},
			{Account: ledger.Basic, Amount: -fee, Row: ledger.RowTradeFee},
			{Account: ledger.FeeIncome, Amount: fee, Row: ledger.RowFeeCharged},
		}}
}

// sums are orders counted together.
type sums struct {
	count                int64
	gross, refunds, fees money.Fen
}

func (s *sums) add(d trade.Due) {
	_, fee := left(d)
	s.count++
	s.gross += d.SettlementTotal
	s.refunds += d.GivenBack
	s.fees += fee
}

func charges(dues []trade.Due) []trade.Settled {
	all := make([]trade.Settled, len(dues))
	for i, d := range dues {
		_, fee := left(d)
		all[i] = trade.Settled{TransactionID: d.TransactionID, Charged: fee}
	}
	return all
}
