package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// line wants a row of a table whose cells begin so, spaces between them.
func (a *answer) line(text string) *answer {
	a.t.Helper()
	var all []string
	for _, tr := range find(a.doc, "tbody tr") {
		var cells []string
		for c := range tr.ChildNodes() {
			if words := textOf(c); words != "" {
				cells = append(cells, words)
			}
		}
		all = append(all, strings.Join(cells, " "))
	}
	if !slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, text) }) {
		a.t.Errorf("%s: no row begins %q: %q", a.url, text, all)
	}
	return a
}

const firstOrder = "4200000000000000000000000001"

func TestARowOpensItsWholeTransfer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.settles(store, 5_000, firstOrder)
	c := p.signedIn(storeOwner)
	list := c.get("/funds/flow").is(200)
	href := attr(list.one("tbody tr a.row-link"), "href")
	page := c.get(href).is(200).within(3)
	page.reads("h1", "记账明细").reads("dd", firstOrder).has("button.copy[data-copy="+firstOrder+"]").reads("tr.open th", "基本账户")
	page.line("1 未结算资金 结算转出 50.00").line("4 手续费 收取 0.50 平台账户").line("合计（借贷相等） 50.50 50.50")
	page.reads(".todo", "支付成功").has(".todo a[href=/trades/" + firstOrder + "]").has("[data-print]")
	other := c.get("/funds/flow/1900000208202611221010000001").is(200).reads("tbody th", "微信支付渠道").reads("td", "平台账户")
	other.reads(".todo", "结算")
	c.get("/funds/flow/1900000208202611221030000099").is(404)
	c.get("/funds/flow/nothing").is(404)
	p.signedIn(noodlesOwner).get(href).is(404)
}

func TestTheOverviewShowsWhatIsAtHandAndWhatIsNot(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	c.get("/funds").is(200).within(3).reads(".empty", "还没有使用过的账户").lacks(".figures")
	p.topsUp(store, ledger.Basic, 100_000, "1")
	p.clock.Advance(25 * time.Hour)
	p.settles(store, 5_000, firstOrder)
	p.books(ledger.Transfer{Merchant: store, Kind: "refund", Key: "r", BusinessNo: "5030", Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Basic, Amount: -1_200, Row: ledger.RowRefund}, {Account: ledger.InRefund, Amount: 1_200}}})
	page := c.get("/funds").is(200).within(3)
	page.reads(".figures", "基本账户可用余额(元)1,037.50").has(".figures a[href=/funds/flow?account=BASIC]").lacks(".figures a[href=/funds/flow?account=OPERATION]")
	page.reads("section", "不可用余额").has("td a[href=/funds/flow?account=T_REFUND]").line("退款途中 12.00").reads(".panel-head .amount", "0.00")
	page.line("基本账户 +50.00 -12.50 +1,000.00 0.00").has("svg[role=img]").line("11-22 1,000.00").lacks(".banner")
	rows := c.get("/funds/flow?account=T_REFUND").is(200).line("2026-11-23 12:20:05 5030 — 退款受理")
	c.get(attr(rows.one("tbody a.row-link"), "href")).is(200).reads("h1", "JZ1900000208")
	then := c.get("/funds?as_of=2026-11-22T23:59:59").is(200).within(3).reads(".banner", "这是 2026-11-22 23:59:59 的余额").reads(".figures", "1,000.00")
	then.has(".figures a[href=/funds/flow?account=BASIC&as_of=2026-11-22T23%3A59%3A59]")
	c.get("/funds?as_of=gestern").is(422).has("#f-as_of[aria-invalid=true]").reads(".figures", "1,037.50")
	json := c.do("GET", "/funds.json", nil).is(200).body
	if !strings.Contains(json, `{"account":"BASIC","balance":103750,"as_of":"2026-11-23T12:20:05+08:00"}`) {
		t.Errorf("answers %s", json)
	}
	c.do("GET", "/funds.csv", nil).is(200)
}

func TestWhatTheMerchantOwesStandsFirst(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 500, "1")
	p.books(ledger.Transfer{Merchant: store, Kind: "refund", Key: "r", BusinessNo: "5030", Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Basic, Amount: -800, Row: ledger.RowRefund, Force: true}, {Account: ledger.InRefund, Amount: 800}}})
	c := p.signedIn(storeOwner)
	c.get("/funds").is(200).reads(".banner", "待补足 3.00 元").has(".banner a[href=/funds/flow?account=DUE]")
	c.get("/funds/flow?account=DUE").is(200).reads("tbody td", "-3.00")
}

func TestTheSummaryAddsUpAndLeadsToItsRows(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.clock.Set(morning.AddDate(0, -1, 0))
	p.topsUp(store, ledger.Basic, 100_000, "1")
	p.clock.Set(morning)
	p.settles(store, 5_000, firstOrder)
	c := p.signedIn(storeOwner)
	day := c.get("/funds/summary").is(200).within(3).reads("h2", "基本账户 2026-11 日汇总")
	day.reads(".result", "= 期末 1,049.50").line("2026-11-22 1,000.00 1 50.00 1 0.50 1,049.50")
	day.line("交易 扣除交易手续费 0 0.00 1 0.50")
	href := "/funds/flow?account=BASIC&business_type=trade_fee&direction=out&from=2026-11-01&to=2026-11-30"
	day.has("td a[href=" + href + "]")
	rows := c.get(href).is(200).reads(".result", "支出 1 笔 -0.50 元")
	if n := len(rows.all("tbody tr")); n != 1 {
		t.Errorf("%d rows", n)
	}
	c.get("/funds/summary?by=month").is(200).line("2026-10 0.00 1 1,000.00 0 0.00 1,000.00").has("tbody a[href=/funds/summary?account=BASIC&by=day&month=2026-10]")
	fees := c.get("/funds/summary?account=FEE_INCOME&by=month").is(200).reads(".result", "收取 0.50 元").line("2026-11 1 0.50 0 0.00 0.50")
	fees.lacks("#f-account")
	c.get("/funds/summary?month=2026-13").is(422).has("#f-month[aria-invalid=true]")
	c.get("/funds/summary?account=BANK").is(422)
	json := c.do("GET", "/funds/summary.json?month=2026-11", nil).is(200).body
	want := `{"rows":[{"account":"BASIC","period":"2026-11-22","opening":100000,"in_count":1,"in_amount":5000,"out_count":1,"out_amount":50,"closing":104950,` +
		`"types":[{"business_name":"交易","business_type":"交易","in_count":1,"in_amount":5000,"out_count":0,"out_amount":0},`
	if !strings.HasPrefix(json, want) {
		t.Errorf("answers %s", json)
	}
	if csv := c.do("GET", "/funds/summary.csv?month=2026-11", nil).is(200).body; !strings.Contains(csv, `"基本账户","2026-11-22","交易","扣除交易手续费","","0","0.00","1","0.50",""`) {
		t.Errorf("writes %s", csv)
	}
}

func TestEveryAmountOfTheOverviewEqualsTheRowsItLeadsTo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(store, ledger.Basic, 100_000, "1")
	for i := range 3 {
		p.clock.Advance(30 * time.Hour)
		p.settles(store, money.Fen(1_000*(i+1)), firstOrder[:27]+decimal(i))
	}
	c := p.signedIn(storeOwner)
	page := c.get("/funds").is(200)
	today := clock.DayOf(p.clock.Now())
	for _, a := range find(page.doc, "a.quiet") {
		at := must1(url.Parse(attr(a, "href")))
		text := strings.TrimLeft(strings.ReplaceAll(textOf(a), ",", ""), "+-")
		rows := c.get(at.String()).is(200)
		want, direction := "期末 ", at.Query().Get("direction")
		switch direction {
		case "in":
			want = "笔 +"
		case "out":
			want = "笔 -"
		}
		if text == "0.00" {
			continue
		}
		if got := strings.Join(rows.all(".result"), " "); !strings.Contains(strings.ReplaceAll(got, ",", ""), want+text) {
			t.Errorf("%s (today %s): %s shows %q, want %s%s", textOf(a), today, at, got, want, text)
		}
	}
}

func TestACountTooLongForAPageIsATask(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const many = ledger.FlowTotalsMax + 50
	var batch []ledger.Transfer
	for i := range many {
		batch = append(batch, ledger.Transfer{Merchant: store, Kind: "topup", Key: decimal(i), BusinessNo: "6002", Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -3}, {Account: ledger.Basic, Amount: 3, Row: ledger.RowTopUp}}})
	}
	p.books(batch...)
	c := p.signedIn(storeOwner)
	list := c.get("/funds/flow?from=2026-11-22T00:00:00&direction=in").is(200).within(3).reads(".result", "10,000+")
	c.get("/funds/flow?direction=in").is(200).reads(".result", "10,050 笔").lacks("form[action=/funds/flow/counts]")
	c.get("/funds/flow?min=0.03").is(200).reads(".result", "10,000+")
	query := attr(list.one("form[action=/funds/flow/counts] input[name=query]"), "value")
	going := c.post("/funds/flow/counts", "query", query).is(200).reads("h1", "流水统计").reads("section", "正在统计").reads("dd", "收入")
	p.clock.Advance(time.Minute)
	p.topsUp(store, ledger.Basic, 3, "later")
	r := job.NewRegistry()
	r.Handle(ledger.FlowCountKind, ledger.CountHandler(p.db, p.clock))
	_, err := job.NewWorker(p.db, p.clock, r, p.hub).DrainDue(t.Context())
	must(t, err)
	c.get(going.url.Path).is(200).within(3).reads(".figures", "总笔数10,050").reads(".figures", "+301.50")
	c.post("/funds/flow/counts", "query", "direction=up").is(422)
	p.signedIn(noodlesOwner).get(going.url.Path).is(404)
}
