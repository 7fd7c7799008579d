package trade_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/trade"
)

func TestAnOrderIsReadByEitherNumberAndOnlyByItsOwn(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, gym, sample(t, "1900000307-2026-11-20"))
	imported(t, d, provider, sample(t, "1230000001-2026-11-20"))
	for _, no := range []string{"4200006951935596303267749437", "030720261120184822000039"} {
		got, err := trade.Get(t.Context(), d.PG(), member(gym), no)
		if err != nil || len(got.Refunds) != 1 || got.TradeState != "REFUND" || got.Refunded != 554 || got.File != "bill.csv" {
			t.Errorf("%s: %+v, %v", no, got, err)
		}
		for _, other := range []int64{store, provider} {
			if _, err := trade.Get(t.Context(), d.PG(), member(other), no); !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%d reads %s: %v", other, no, err)
			}
		}
	}
	for _, who := range []int64{provider, books} {
		got, err := trade.Get(t.Context(), d.PG(), member(who), "4200014094651629250035794434")
		if err != nil || got.MchID() != provider || got.SubMchID() != books || got.SubName != "商户" {
			t.Errorf("%d: %+v, %v", who, got, err)
		}
		if (got.File != "") != (who == provider) {
			t.Errorf("%d sees the file %q", who, got.File)
		}
	}
	for _, no := range []string{"", "0", "无", "4200014094651629250035794434", "' OR true --"} {
		if _, err := trade.Get(t.Context(), d.PG(), member(tea), no); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", no, err)
		}
	}
}

func TestTheTimelineTellsWhatHappenedNewestFirst(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 20, 10, minute, 0, 0, clock.Beijing) }
	later := at(9)
	d := trade.Detail{Trade: trade.Trade{Total: 100, SuccessTime: at(0), RecordedAt: at(30), TradeState: "REFUND"},
		Refunds: []trade.BillRefund{
			{RefundID: "1", Refund: 10, CreateTime: at(5), Status: "SUCCESS", SuccessTime: &later},
			{RefundID: "2", Refund: 20, CreateTime: at(6), Status: "FAIL"},
			{RefundID: "3", Refund: 30, CreateTime: at(7), Status: "CHANGE"},
			{RefundID: "4", Refund: 40, CreateTime: at(8), Status: "SUCCESS"},
		}}
	var got string
	for _, e := range d.Timeline() {
		got += fmt.Sprintf("%s%s@%d ", e.Kind, e.Number, e.At.Minute())
	}
	if want := "recorded@30 refund_done1@9 refund_done4@8 refund_wait3@7 refund_fail2@6 refund1@5 paid@0 "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	stub := trade.Detail{Trade: trade.Trade{Stub: true, SuccessTime: at(5), RecordedAt: at(30)}}
	if e := stub.Timeline(); len(e) != 1 || e[0].Kind != trade.EventStub {
		t.Errorf("a stub's timeline: %+v", e)
	}
}

func TestTheJSONTwinHasTheWireNames(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 36, 36, 0, time.UTC)
	raw, err := json.Marshal(trade.Row{TransactionID: "4200", OutTradeNo: "A1", MerchantID: tea, SPMchID: provider, OpenID: "o1",
		TradeType: "JSAPI", TradeState: "SUCCESS", Total: 105, SettlementTotal: 100, Coupon: 5, Fee: 1, Refunded: 2,
		SuccessTime: at}.Wire())
	want := `{"transaction_id":"4200","out_trade_no":"A1","mchid":"1230000001","sub_mchid":"1230000101","openid":"o1",` +
		`"trade_type":"JSAPI","trade_state":"SUCCESS","total":105,"settlement_total":100,"coupon":5,"fee":1,"refunded":2,` +
		`"success_time":"2026-11-20T17:36:36+08:00","settled_at":null}`
	if err != nil || string(raw) != want {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestSearchFindsOrdersAndRefundsByAnyNumber(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	imported(t, d, gym, sample(t, "1900000307-2026-11-20"))
	imported(t, d, provider, sample(t, "1230000001-2026-11-20"))
	for number, want := range map[string]string{
		"4200006951935596303267749437":  "[trade]",
		"749437":                        "[trade]",
		"030720261120184822000039":      "[trade]",
		"50300098472742017741815996259": "[refund trade]",
		"RF030720261120184822000039-1":  "[refund trade]",
		"996259":                        "[refund trade]",
		"49437":                         "[]",
		"没有":                            "[]",
		"4200014094651629250035794434":  "[]",
		"4200006951935596303267749437'": "[]",
	} {
		hits, err := trade.Find(t.Context(), d.PG(), member(gym), number)
		kinds := []string{}
		for _, h := range hits {
			kinds = append(kinds, h.Kind)
		}
		if err != nil || fmt.Sprint(kinds) != want {
			t.Errorf("%s finds %v, %v", number, kinds, err)
		}
	}
	if hits, err := trade.Find(t.Context(), d.PG(), member(provider), "4200014094651629250035794434"); err != nil || len(hits) != 1 {
		t.Errorf("the provider finds %v, %v", hits, err)
	}
}
