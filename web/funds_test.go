package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// topsUp lets money arrive on an account.
func (p *portal) topsUp(merchant int64, a ledger.Account, amount money.Fen, key string) ledger.Outcome {
	p.t.Helper()
	return p.books(ledger.Transfer{Merchant: merchant, Kind: "topup", Key: key, BusinessNo: "6002" + key, VoucherNo: "CZ" + key, Applicant: "system",
		Note: "银行转账充值", Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -amount}, {Account: a, Amount: amount, Row: ledger.RowTopUp}}})
}

// settles books what a settled order brings: its amount, and a fee of one in a hundred.
func (p *portal) settles(merchant int64, amount money.Fen, no string) ledger.Outcome {
	p.t.Helper()
	fee := amount / 100
	return p.books(
		ledger.Transfer{Merchant: merchant, Kind: "trade", Key: no, BusinessNo: no, VoucherNo: "QH" + no, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -amount}, {Account: ledger.Unsettled, Amount: amount, Row: ledger.RowTrade}}},
		ledger.Transfer{Merchant: merchant, Kind: "settle", Key: no, BusinessNo: no, VoucherNo: "QH" + no, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Unsettled, Amount: -amount, Row: ledger.RowSettle}, {Account: ledger.Basic, Amount: amount, Row: ledger.RowTrade},
				{Account: ledger.Basic, Amount: -fee, Row: ledger.RowTradeFee}, {Account: ledger.FeeIncome, Amount: fee, Row: ledger.RowFeeCharged}}})
}

// books books transfers now and gives the last one's outcome.
func (p *portal) books(transfers ...ledger.Transfer) (last ledger.Outcome) {
	p.t.Helper()
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		all, err := ledger.PostMany(p.t.Context(), tx, p.clock.Now(), transfers)
		if err == nil {
			last = all[len(all)-1]
			err = last.Refused
		}
		return err
	}))
	return last
}

func TestTheFundFlowShowsTheElevenColumnsAndItsSums(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 100_000, "1")
	for i := range 15 {
		p.clock.Advance(time.Minute)
		p.settles(store, 1_000, fmt.Sprintf("42000000000000000000000%05d", i))
	}
	list := p.signedIn(storeOwner).get("/funds/flow").is(200).within(3)
	heads := []string{"记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号"}
	for i, h := range list.all("thead th") {
		if strings.ReplaceAll(h, " ", "") != heads[i] {
			t.Errorf("column %d is %q", i, h)
		}
	}
	if n := len(list.all("tbody tr")); n != 20 {
		t.Errorf("a page has %d rows", n)
	}
	list.reads(".result", "共 31 笔").reads(".result", "收入 16 笔 +1,150.00 元").reads(".result", "支出 15 笔 -1.50 元").
		reads(".result", "期初 0.00 + 收入 − 支出 = 期末 1,148.50")
	list.has("nav.side a[href=/funds/flow][aria-current=page]").has("tbody td.m2.in[data-label=收入]").has("tbody td.m2.out[data-label=支出]")
	list.has(".page-head a[href=/funds/flow.csv]").has(".page-head a[href=/funds/flow.json]").has("[data-print]").lacks("tbody td .tag")
}

func TestRowsOfSeveralAccountsSayWhichOneAndUnsettledOnlyComesWhenAsked(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	p.books(ledger.Transfer{Merchant: store, Kind: "trade", Key: "x", BusinessNo: "4200x", Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -5}, {Account: ledger.Unsettled, Amount: 5, Row: ledger.RowTrade}}})
	c.get("/funds/flow").is(200).reads(".empty", "还没有结算").has(".empty a[href=/funds/flow?account=UNSETTLED]").lacks("tbody tr")
	c.get("/funds/flow?account=UNSETTLED").is(200).reads("tbody td", "4200x").lacks("th[data-account]")
	must(t, p.db.InTx(t.Context(), func(tx db.Tx) error {
		return ledger.OpenAccount(t.Context(), tx, store, ledger.Operation, p.clock.Now())
	}))
	p.topsUp(store, ledger.Basic, 700, "1")
	p.topsUp(store, ledger.Operation, 300, "2")
	both := c.get("/funds/flow").is(200).reads("thead th", "账户").reads("tbody td", "运营").reads("tbody td", "基本").reads(".result", "期末 10.00")
	if n := len(both.all("tbody tr")); n != 2 {
		t.Errorf("%d rows", n)
	}
	c.get("/funds/flow?account=OPERATION").is(200).reads(".result", "期末 3.00").has("#f-account option[value=OPERATION][selected]")
	c.get("/funds/flow?account=T_REFUND").is(200).reads(".empty", "没有符合条件")
}

func TestAFundFlowFilterThatCannotBeMeantKeepsItsText(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 700, "1")
	c := p.signedIn(storeOwner)
	for field, text := range map[string]string{"no": "一二三", "from": "2026-02-30", "to": "昨天", "min": "一元", "max": "-1", "as_of": "2026-11-22 25:00:00",
		"account": "CHANNEL", "direction": "both", "business_type": "x' OR 1=1"} {
		query := "?" + url.Values{field: {text}}.Encode()
		a := c.get("/funds/flow" + query).is(422).within(3)
		a.has(".banner-fail a[href=#f-"+field+"]").has("#f-"+field+"[aria-invalid=true]").lacks("tbody tr").reads(".empty", "筛选条件有误")
		if select_ := slices.Contains([]string{"account", "direction", "business_type"}, field); !select_ && a.value("f-"+field) != text {
			t.Errorf("%s lost %q", field, text)
		}
		c.do("GET", "/funds/flow.json"+query, nil).is(422)
		c.do("GET", "/funds/flow.csv"+query, nil).is(422)
	}
	c.get("/funds/flow?from=2026-11-20&to=2026-11-01").is(422).says("结束时间早于开始时间")
	c.get("/funds/flow?from=2024-01-01&to=2026-11-01").is(422).says("最多查询 12 个月")
	c.get("/funds/flow?size=30").is(422)
	for _, cursor := range []string{"AAAA", "bi4xLkJBU0lDLjA", "bi4xLkNIQU5ORUwuMQ", strings.Repeat("A", 300)} {
		c.get("/funds/flow?cursor=" + cursor).is(422).says("翻页位置无效")
	}
	c.get("/funds/flow?from=2026-11-20&from=2026-11-21").is(400)
}

func TestTheFundFlowForProgramsHasTheContractsNames(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.settles(store, 5_000, "4200000000000000000000000001")
	c := p.signedIn(storeOwner)
	a := c.do("GET", "/funds/flow.json", nil).is(200).within(3)
	want := `{"rows":[{"account":"BASIC","seq":2,"booked_at":"2026-11-22T11:20:05+08:00","business_no":"4200000000000000000000000001",` +
		`"flow_no":"1900000208202611221030000002","business_name":"交易","business_type":"扣除交易手续费","direction":"out","amount":50,"balance_after":4950,` +
		`"applicant":"system","note":"","voucher_no":"QH4200000000000000000000000001"},{"account":"BASIC","seq":1,`
	if !strings.HasPrefix(a.body, want) || !strings.HasSuffix(strings.TrimSpace(a.body), `"next":""}`) {
		t.Errorf("answers %s", a.body)
	}
	csv := c.do("GET", "/funds/flow.csv", nil).is(200).body
	if !strings.HasPrefix(csv, "\ufeff\"账户\",\"记账时间\",") || strings.Count(csv, "\r\n") != 3 ||
		!strings.Contains(csv, `"基本账户","2026-11-22 11:20:05","4200000000000000000000000001","1900000208202611221030000002","交易","扣除交易手续费","支出","0.50","49.50"`) {
		t.Errorf("writes %s", csv)
	}
}

func TestAFundFlowFilterIsKeptUnderAName(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 700, "1")
	c := p.signedIn(storeOwner)
	c.get("/funds/flow?direction=in").is(200).has("form[action=/views] input[name=list][value=funds.flow]")
	c.post("/views", "list", "funds.flow", "name", "收入", "query", "direction=in").is(200).reads(".views a[aria-current=true]", "收入").reads("tbody td", "充值")
	c.post("/views", "list", "funds.flow", "name", "", "query", "direction=in").is(422).has("#view-name[aria-invalid=true]").reads("tbody td", "充值")
	c.post("/views", "list", "funds.flow", "name", "x", "query", "direction=up").is(422)
	c.get("/trades").is(200).lacks(".views a[href=/funds/flow?direction=in]")
}

func TestTheFundFlowIsReadAsOfAMoment(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 700, "1")
	p.clock.Advance(time.Hour)
	p.topsUp(store, ledger.Basic, 800, "2")
	c := p.signedIn(storeOwner)
	then := c.get("/funds/flow?as_of=2026-11-22T12:00:00").is(200).reads(".banner", "截至 2026-11-22 12:00:00").reads(".result", "期末 7.00")
	if n := len(then.all("tbody tr")); n != 1 {
		t.Errorf("%d rows", n)
	}
	c.get("/trades/flow").is(200).reads("h1", "资金流水")
}
