package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

// writeBill writes a bill of the given size; each number of a file gives other orders.
func writeBill(path string, number, rows int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	w := bill.NewWriter(file, bill.All)
	rng := rand.New(rand.NewPCG(1, uint64(number)))
	day := clock.DayOf(clock.Wall()).Add(-30).Start()
	var last bill.Row
	for i := range rows {
		row := orderRow(rng, number, i, day.Add(time.Duration(i)*86_399*time.Second/time.Duration(rows)))
		if i%refundEvery == refundEvery-1 {
			row = refundRow(last)
		}
		w.Write(&row)
		last = row
	}
	return w.Close()
}

func orderRow(rng *rand.Rand, number, i int, at time.Time) bill.Row {
	total := money.Fen(100 + rng.Int64N(90_000))
	rate := money.Rate(60)
	return bill.Row{
		Time: at.Truncate(time.Second), AppID: "wx0000000000000901", MchID: importMerchant,
		TransactionID: fmt.Sprintf("4200%04d%s%012d", number, at.In(clock.Beijing).Format("20060102"), i),
		OutTradeNo:    fmt.Sprintf("LH%04d%s%08d", number, at.In(clock.Beijing).Format("20060102"), i),
		OpenID:        fmt.Sprintf("oBench%022d", rng.Int64N(1_000_000)), TradeType: "JSAPI", TradeState: bill.StateSuccess,
		BankType: "CMB_DEBIT", Settlement: total, Total: total, Body: "日用百货 组合装", Attach: "门店3号收银台",
		Fee: bill.FeeOf(rate.Of(total)), Rate: rate, RateNote: "",
	}
}

// refundRow gives half of the order back.
func refundRow(order bill.Row) bill.Row {
	r := order
	r.Time = order.Time.Add(time.Second)
	r.TradeState, r.Settlement, r.Total = bill.StateRefund, 0, 0
	r.RefundID, r.OutRefundNo = "50"+order.TransactionID[4:], order.OutTradeNo+"R"
	r.RefundAsked, r.Refund = order.Total/2, order.Total/2
	r.Fee = -bill.FeeOf(order.Fee.Round() - order.Rate.Of(order.Total-r.Refund))
	r.RefundType, r.RefundState = "ORIGINAL", bill.RefundSuccess
	return r
}
