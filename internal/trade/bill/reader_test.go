package bill_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
	"zhanggui/internal/trade/bill"
)

func TestByteOrderMarkLineEndsAndMissingLastLineEndDoNotMatter(t *testing.T) {
	t.Parallel()
	raw := sample(t, small)
	want, _ := read(t, raw)
	bom := append([]byte("\xef\xbb\xbf"), raw...)
	unix := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	for name, variant := range map[string][]byte{
		"with a byte order mark": bom, "with unix line ends": unix, "without the last line end": bytes.TrimSpace(raw),
		"with empty lines": bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\r\n\r\n")),
	} {
		rows, r := read(t, variant)
		if faults, _ := r.Refused(); len(faults) > 0 || len(rows) != len(want) {
			t.Errorf("%s: %d rows, %v", name, len(rows), faults)
		}
	}
}

// The columns and sums of a file of 2015, with fees finer than fen.
const early = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率\n" +
	"`2015-03-30 21:25:32,`wx1,`1900000109,`0,`,`1009001,`A-1,`o1,`JSAPI,`SUCCESS,`CFT,`CNY,`1.01,`0.50,`0,`0,`0,`0,`,`,`茶,`,`0.00606,`0.60%\n" +
	"`2015-03-30 21:26:32,`wx1,`1900000109,`0,`,`1009002,`A-2,`o1,`JSAPI,`SUCCESS,`CFT,`CNY,`2.60,`0.00,`0,`0,`0,`0,`,`,`茶,`,`0.01560,`0.60%\n" +
	"`2015-03-30 22:00:00,`wx1,`1900000109,`0,`,`1009001,`A-1,`o1,`JSAPI,`REFUND,`CFT,`CNY,`0.00,`0.00,`2009001,`R-1,`0.40,`0.20,`ORIGINAL,`SUCCESS,`茶,`,`-0.00240,`0.60%\n" +
	"总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额\n" +
	"`3.0,`3.61,`0.40,`0.20,`0.01926\n"

func TestFilesOfEarlierYearsAreReadByTheirColumnNames(t *testing.T) {
	t.Parallel()
	rows, r := read(t, []byte(early))
	if faults, _ := r.Refused(); len(faults) > 0 || len(rows) != 3 || r.Layout() != bill.All {
		t.Fatalf("%d rows, layout %s, %v", len(rows), r.Layout(), faults)
	}
	if a := rows[0]; a.Total != 101 || a.Settlement != 101 || a.Coupon != 50 || a.IsRefund() {
		t.Errorf("the order reads %+v", a)
	}
	if b := rows[2]; b.Refund != 40 || b.RefundAsked != 40 || b.CouponRefund != 20 || b.RefundID != "2009001" {
		t.Errorf("the refund reads %+v", b)
	}
}

func TestFinerFeesAreBookedRoundedAndTheDifferenceIsShown(t *testing.T) {
	t.Parallel()
	_, r := read(t, []byte(early))
	if r.BookedFee() != 3 || r.FeeDifference().String() != "0.01074" { // 0.01 + 0.02 − 0.00 against 0.01926
		t.Errorf("booked %v, difference %v", r.BookedFee(), r.FeeDifference())
	}
	off := strings.Replace(early, "`0.01926", "`0.02000", 1) // a summary that rounded on its own
	if got := refused(t, []byte(off)); len(got) > 0 {
		t.Errorf("a rounded summary is refused: %v", got)
	}
	wrong := strings.Replace(early, "`0.01926", "`0.04000", 1) // no rounding explains that
	if got := refused(t, []byte(wrong)); len(got) != 1 {
		t.Errorf("a wrong fee sum is accepted")
	}
}

func TestUnknownWordsAndColumnsAreKeptAndReported(t *testing.T) {
	t.Parallel()
	raw := bytes.Replace(sample(t, small), []byte("费率备注"), []byte("心情"), 1)
	raw = bytes.Replace(raw, []byte("`JSAPI"), []byte("`HOLOGRAM"), 1)
	raw = bytes.Replace(raw, []byte("`SUCCESS"), []byte("`DREAMT"), 1)
	rows, r := read(t, raw)
	if rows[0].TradeType != "HOLOGRAM" || rows[0].TradeState != "DREAMT" {
		t.Errorf("the words became %s, %s", rows[0].TradeType, rows[0].TradeState)
	}
	u := r.Unknown()
	if len(u) != 2 || u["trade_type=HOLOGRAM"] != 1 || u["trade_state=DREAMT"] != 1 || len(r.OtherColumns()) != 1 {
		t.Errorf("reported: %v, %v", u, r.OtherColumns())
	}
}

func TestMerchantDataMayHoldTheSeparator(t *testing.T) {
	t.Parallel()
	raw := bytes.Replace(sample(t, small), []byte("`a,b`c"), []byte("`a,`b,`c"), 1)
	rows, r := read(t, raw)
	if faults, _ := r.Refused(); len(faults) > 0 || rows[1].Attach != "a,`b,`c" {
		t.Errorf("merchant data reads %q, %v", rows[1].Attach, faults)
	}
}

func TestWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom([]bill.Layout{bill.All, bill.Success, bill.Refund}).Draw(t, "layout")
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bill.Row { return drawRow(t, layout) }), 0, 12).Draw(t, "rows")
		var file bytes.Buffer
		w := bill.NewWriter(&file, layout)
		for i := range rows {
			w.Write(&rows[i])
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := bill.NewReader(bytes.NewReader(file.Bytes()))
		for i := range rows {
			if !r.Next() {
				faults, _ := r.Refused()
				t.Fatalf("row %d is not read: %v", i, faults)
			}
			rows[i].Line = i + 2
			if got := *r.Row(); got != rows[i] {
				t.Fatalf("row %d\nwas  %+v\nread %+v", i, rows[i], got)
			}
		}
		if r.Next() {
			t.Fatal("a row too many")
		}
		if faults, _ := r.Refused(); len(faults) > 0 || r.Own() != r.Summary() {
			t.Fatalf("refused: %v", faults)
		}
	})
}

func drawRow(t *rapid.T, layout bill.Layout) bill.Row {
	fen := func(label string, most money.Fen) money.Fen {
		return money.Fen(rapid.Int64Range(0, int64(most)).Draw(t, label))
	}
	number := rapid.StringMatching(`[0-9A-Za-z_|*@.-]{1,64}`).Filter(func(s string) bool { return s != "0" })
	text := rapid.StringOfN(rapid.RuneFrom([]rune("=@+-,`\"' 面🎈ab")), 0, 20, -1).
		Filter(func(s string) bool { return !strings.Contains(s, ",`") && !strings.HasSuffix(s, ",") })
	total := fen("total", bill.AmountMax)
	second := rapid.Int64Range(1_300_000_000, 4_000_000_000).Draw(t, "time")
	r := bill.Row{
		Time: time.Unix(second, 0).In(clock.Beijing), AppID: "wx1", MchID: 1900000208,
		SubMchID: rapid.SampledFrom([]int64{0, 1230000101}).Draw(t, "sub"), Device: text.Draw(t, "device"),
		TransactionID: number.Draw(t, "transaction"), OutTradeNo: number.Draw(t, "order"), OpenID: "o1",
		TradeType: "JSAPI", TradeState: bill.StateSuccess, BankType: "OTHERS",
		Body: text.Draw(t, "body"), Attach: text.Draw(t, "attach"), RateNote: text.Draw(t, "note"),
		Rate: money.Rate(rapid.IntRange(0, 10_000).Draw(t, "rate")),
		Fee:  bill.Fee(rapid.Int64Range(0, 9_999_999_999).Draw(t, "fee")),
	}
	if layout == bill.Success || (layout == bill.All && rapid.Bool().Draw(t, "order or refund")) {
		if r.Fee > 0 {
			r.Rate = max(r.Rate, 1) // a fee without a rate is refused
		}
		r.Total, r.Settlement, r.Coupon = total, fen("settlement", total), fen("coupon", total)
		return r
	}
	r.TradeState, r.Fee = bill.StateRefund, -r.Fee
	r.RefundID, r.OutRefundNo = number.Draw(t, "refund"), number.Draw(t, "refund order")
	r.RefundType, r.RefundState = "ORIGINAL", rapid.SampledFrom(bill.RefundStates).Draw(t, "state")
	r.RefundAsked = total
	r.Refund = fen("refund", total)
	r.CouponRefund = fen("coupon refund", r.Refund)
	if layout == bill.Refund {
		r.AskedAt = r.Time
		if rapid.Bool().Draw(t, "done") {
			r.SucceededAt = r.Time.Add(time.Minute)
		}
	}
	return r
}
