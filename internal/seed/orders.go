package seed

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/trade/bill"
)

// One order in refundEvery is refunded, within refundDays days.
const (
	refundEvery = 45
	refundDays  = 6
)

var banks = []string{"OTHERS", "CMB_DEBIT", "ICBC_DEBIT", "CCB_DEBIT", "BOC_CREDIT", "CMB_CREDIT", "ABC_DEBIT", "PSBC_DEBIT"}

// order is one order, and the refund that will follow it.
type order struct {
	bill.Row
	refundIn int // days after the order; -1: never
	refund   money.Fen
}

// ordersOf draws a shop's orders of one day: the same day gives the same orders for ever.
func ordersOf(s shop, day clock.Day) []order {
	start := day.Start()
	rng := rand.New(rand.NewPCG(uint64(s.merchant), uint64(start.Unix()))) //nolint:gosec // demo orders, no secret
	n := int(float64(s.daily) * season(start) * (0.85 + 0.3*rng.Float64()))
	times := make([]time.Time, n)
	for i := range times {
		times[i] = moment(rng, start, s.opens, s.closes)
	}
	sort.Slice(times, func(i, j int) bool { return times[i].Before(times[j]) })
	orders := make([]order, n)
	for i, at := range times {
		orders[i] = draw(rng, s, at, i)
	}
	return orders
}

// season makes weekends, festivals and sales days stand out.
func season(t time.Time) float64 {
	f := 1.0
	if wd := t.Weekday(); wd == time.Saturday || wd == time.Sunday {
		f = 1.25
	}
	switch t.Format("01-02") {
	case "11-11":
		return 3.2
	case "06-18", "12-12":
		return 2.2
	case "11-10", "11-12":
		return 1.6
	}
	return f
}

// moment is a time of the opening hours, more likely around noon and evening.
func moment(rng *rand.Rand, start time.Time, opens, closes int) time.Time {
	for {
		at := start.Add(time.Duration(opens)*time.Hour +
			time.Duration(rng.Int64N(int64(closes-opens)*3600))*time.Second)
		h := at.In(clock.Beijing).Hour()
		if (h >= 11 && h <= 13) || (h >= 18 && h <= 21) || rng.IntN(5) < 2 {
			return at
		}
	}
}

func draw(rng *rand.Rand, s shop, at time.Time, i int) order {
	a := s.goods[rng.IntN(len(s.goods))]
	total := a.low + money.Fen(rng.Int64N(int64(a.top-a.low)+1))
	local := at.In(clock.Beijing)
	o := order{refundIn: -1, Row: bill.Row{
		Time: at, AppID: sandbox.DemoAppID, MchID: s.merchant, Device: pick(rng, "", "", "POS-01", "POS-02"),
		TransactionID: fmt.Sprintf("4200%06d%s%010d", rng.IntN(1_000_000), local.Format("20060102"), rng.Int64N(10_000_000_000)),
		OutTradeNo:    s.prefix + local.Format("20060102150405") + fmt.Sprintf("%04d", i),
		OpenID:        openid(rng), TradeType: usual(rng, s.types), TradeState: bill.StateSuccess,
		BankType: banks[rng.IntN(len(banks))], Settlement: total, Total: total,
		Body: a.name, Rate: s.rate, RateNote: "",
	}}
	if s.provider != 0 {
		o.MchID, o.SubMchID = s.provider, s.merchant
	}
	if rng.IntN(25) == 0 { // a coupon the merchant gives itself: settled without it
		o.Coupon = min(money.Fen(100*(1+rng.IntN(10))), total/2)
		o.Settlement = total - o.Coupon
	}
	o.Fee = bill.FeeOf(s.rate.Of(o.Settlement))
	if rng.IntN(refundEvery) == 0 {
		o.refundIn, o.refund = rng.IntN(refundDays), total
		if rng.IntN(3) == 0 {
			o.refund = max(total/2, 1)
		}
	}
	return o
}

// refundRow is the line of the day on which the order is refunded.
func (o order) refundRow(s shop, rng *rand.Rand) bill.Row {
	r := o.Row
	r.Time = o.Time.AddDate(0, 0, o.refundIn).Add(time.Hour)
	if clock.DayOf(r.Time) != clock.DayOf(o.Time).Add(o.refundIn) {
		r.Time = o.Time.AddDate(0, 0, o.refundIn).Add(time.Second)
	}
	r.TradeState, r.Settlement, r.Coupon, r.Total = bill.StateRefund, 0, 0, 0
	r.RefundID = fmt.Sprintf("50%08d%s%010d", rng.IntN(100_000_000), clock.DayOf(r.Time).Start().Format("20060102"), rng.Int64N(10_000_000_000))
	r.OutRefundNo = o.OutTradeNo + "R1"
	r.RefundAsked = o.refund
	given, _ := o.refund.MulDiv(int64(o.Settlement), int64(o.Total)) // own coupons are not given back
	r.Refund = given
	r.Fee = -bill.FeeOf(o.Fee.Round() - s.rate.Of(o.Settlement-given))
	r.RefundType, r.RefundState = "ORIGINAL", bill.RefundSuccess
	return r
}

// rowsOf are the lines of one shop's day: its orders, and the refunds of orders since first.
func rowsOf(s shop, day, first clock.Day) []bill.Row {
	var rows []bill.Row
	for back := range refundDays {
		past := day.Add(-back)
		if past < first {
			break
		}
		rng := rand.New(rand.NewPCG(uint64(s.merchant)^0x5eed, uint64(past.Start().Unix()))) //nolint:gosec // demo
		for _, o := range ordersOf(s, past) {
			if back == 0 {
				rows = append(rows, o.Row)
			}
			if o.refundIn < 0 {
				continue
			}
			if r := o.refundRow(s, rng); o.refundIn == back {
				rows = append(rows, r)
			}
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Time.Before(rows[j].Time) })
	return rows
}

func openid(rng *rand.Rand) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	b := []byte("o")
	customer := rand.New(rand.NewPCG(7, uint64(rng.IntN(4000)))) //nolint:gosec // customers come back
	for range 27 {
		b = append(b, letters[customer.IntN(len(letters))])
	}
	return string(b)
}

func pick(rng *rand.Rand, of ...string) string { return of[rng.IntN(len(of))] }

// usual draws the first of the list about half the time.
func usual(rng *rand.Rand, of []string) string {
	if rng.IntN(2) == 0 {
		return of[0]
	}
	return of[rng.IntN(len(of))]
}
