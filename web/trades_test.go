package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/trade"
)

func TestTheListShowsOrdersAndTheirSums(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	list := p.signedIn(storeOwner).get("/trades").is(200).within(3)
	if n := len(list.all("tbody tr")); n != 20 {
		t.Errorf("a page has %d rows", n)
	}
	list.reads("th", "微信支付订单号").reads("th", "付款银行").has("nav.side a[href=/trades][aria-current=page]")
	list.reads(".result span", "订单金额").reads(".pager", "本页 20 笔").has(".pager a[rel=next]").lacks(".pager a[rel=prev]")
	list.has(".page-head a[href=/trades.csv]").has(".page-head a[href=/trades.json]")
}

func TestPagesFollowEachOtherBothWaysAndKeepTheFilter(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(noodles, "1900000109-2026-11-20")
	c := p.signedIn(noodlesOwner)
	first := c.get("/trades?trade_type=JSAPI&size=50").is(200)
	second := c.get(attr(first.one(".pager a[rel=next]"), "href")).is(200).within(3)
	if !strings.Contains(second.url.RawQuery, "trade_type=JSAPI") || !strings.Contains(second.url.RawQuery, "size=50") {
		t.Errorf("the next page is at %s", second.url)
	}
	second.has("#f-trade_type option[value=JSAPI][selected]").has("#size option[value=50][selected]")
	back := c.get(attr(second.one(".pager a[rel=prev]"), "href")).is(200)
	if !slices.Equal(back.all("tbody tr"), first.all("tbody tr")) {
		t.Error("the way back shows another page")
	}
	if slices.Equal(second.all("tbody tr"), first.all("tbody tr")) {
		t.Error("the next page is the same")
	}
}

func TestAnOrderIsFoundByTheEndOfItsNumber(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(noodles, "1900000109-2026-11-20")
	c := p.signedIn(noodlesOwner)
	no := attr(c.get("/trades").one("tbody th .id"), "title")
	list := c.get("/trades?no="+no[len(no)-6:]).is(200).within(3).reads(".result b", "1")
	if got := list.value("f-no"); got != no[len(no)-6:] {
		t.Errorf("the field holds %q", got)
	}
}

func TestABadFilterKeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(noodles, "1900000109-2026-11-20")
	c := p.signedIn(noodlesOwner)
	for field, text := range map[string]string{"no": "一二三", "from": "2026-02-30", "to": "昨天", "min": "一元", "max": "1.234",
		"trade_state": strings.Repeat("x", 40), "trade_type": strings.Repeat("y", 40)} {
		a := c.get("/trades?" + url.Values{field: {text}}.Encode()).is(422).within(3)
		a.has(".banner-fail a[href=#f-"+field+"]").has("#f-"+field+"[aria-invalid=true]").lacks("tbody tr").reads(".empty", "筛选条件有误")
		if field != "trade_state" && field != "trade_type" && a.value("f-"+field) != text {
			t.Errorf("%s lost %q", field, text)
		}
		c.do("GET", "/trades.json?"+url.Values{field: {text}}.Encode(), nil).is(422)
		c.do("GET", "/trades.csv?"+url.Values{field: {text}}.Encode(), nil).is(422)
	}
	c.get("/trades?from=2026-11-20&to=2026-11-01").is(422).says("结束日期早于开始日期")
	c.get("/trades?from=2024-01-01&to=2026-11-01").is(422).says("最多查询 12 个月")
	c.get("/trades?size=30").is(422)
	c.get("/trades?cursor=AAAA").is(422).says("翻页位置无效")
	c.get("/trades?from=2026-11-20&from=2026-11-21").is(400)
}

func TestAnEmptyListSaysWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	c.get("/trades").reads(".empty", "还没有订单").has(".empty a[href=/trades/imports]").lacks(".result").lacks(".pager")
	reader := p.signedIn(storeReader)
	reader.get("/trades").reads(".empty", "还没有订单").lacks("a[href=/trades/imports]")
	p.takes(store, "1900000208-2026-11-20")
	c.get("/trades?no=99999999&from=2026-11-20").reads(".empty", "2 项筛选条件").has(".empty a[href=/trades?no=99999999]")
	c.get("/trades?from=2026-11-01&to=2026-11-02&trade_type=APP").has(".empty a[href=/trades?trade_type=APP]")
	c.get("/trades?no=99999999").has(".empty a[href=/trades]")
}

func TestAServiceProviderSeesWhoseOrderItIs(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(provider, "1230000001-2026-11-20")
	c := p.signedIn(providerHead)
	list := c.get("/trades?size=100").is(200).within(3)
	list.reads("th", "特约商户").reads("tbody td", "青禾茶饮").reads("tbody td", "小满书店")
	tea := c.get("/trades?size=100&sub_mchid=1230000101").is(200).reads("tbody td", "青禾茶饮")
	for _, cell := range tea.all("tbody td") {
		if cell == "小满书店" {
			t.Fatal("the filter lets another sub-merchant's order through")
		}
	}
	c.get("/trades?sub_mchid=12").is(422).has("#f-sub_mchid[aria-invalid=true]")
	own := p.signedIn(teaOwner).get("/trades?size=100").is(200)
	own.lacks("#f-sub_mchid")
	if !slices.Equal(numbers(own), numbers(tea)) {
		t.Error("the provider and the sub-merchant see other orders")
	}
	// Whose money it is sees where it went; the provider that placed the order does not.
	for path, sees := range map[*client]bool{c: false, p.signedIn(teaOwner): true} {
		page := path.get(numbers(tea)[0]).is(200)
		if said := slices.Contains(page.all("h2"), "资金去向"); said != sees {
			t.Errorf("sees where the money went: %v", said)
		}
	}
}

// numbers are the orders a list shows.
func numbers(a *answer) (all []string) {
	for _, n := range find(a.doc, "tbody th a") {
		all = append(all, attr(n, "href"))
	}
	return all
}

func TestAnOrderTellsItsStory(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	i := p.takes(store, "1900000208-2026-11-20")
	c := p.signedIn(storeOwner)
	no := p.refundedOrder(store)
	page := c.get("/trades/" + no).is(200).within(3)
	page.reads("h1", "订单").has("button[data-copy="+no+"]").reads(".facts dt", "应结订单金额").reads(".facts dt", "商户数据包")
	page.reads(".line li", "支付成功").reads(".line li", "订单入账").reads(".line li", "退款单号").has("tbody tr[id]")
	page.has(".facts a[href=/trades/imports/" + i.ID.String() + "]").has("nav.side a[href=/trades][aria-current=page]")
	page.reads("h2", "资金去向").reads("tbody th a", "交易").reads("tbody th a", "退款").reads(".facts dt", "已收手续费").reads(".facts dd", "预计")
	c.get(numbers(page)[0]).is(200).reads(".facts dd", no)
	for _, openid := range page.all(".facts .id") {
		if strings.HasPrefix(openid, "o") && !strings.Contains(openid, "****") {
			t.Errorf("the payer is shown whole: %s", openid)
		}
	}
	p.signedIn(storeReader).get("/trades/" + no).is(200).lacks("a[href=/trades/imports/" + i.ID.String() + "]")
}

func (p *portal) refundedOrder(merchant int64) (no string) {
	p.t.Helper()
	must(p.t, p.db.PG().QueryRow(p.t.Context(), `SELECT transaction_id FROM trades WHERE merchant_id = $1 AND refunded > 0 AND NOT stub
		ORDER BY success_time LIMIT 1`, merchant).Scan(&no))
	return no
}

func TestAnOrderOfOthersIsTheSameAsNone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	no := p.refundedOrder(store)
	c := p.signedIn(noodlesOwner)
	foreign, unknown := c.get("/trades/"+no).is(404), c.get("/trades/4200000000000000000000000001").is(404)
	if foreign.text() != strings.ReplaceAll(unknown.text(), "4200000000000000000000000001", no) {
		t.Errorf("the two answers differ:\n%s\n%s", foreign.text(), unknown.text())
	}
	c.get("/trades/%E8%AE%A2%E5%8D%95").is(404)
}

func TestAStubSaysThatMoreIsToCome(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20")
	c := p.signedIn(storeOwner)
	list := c.get("/trades?trade_state="+trade.StubState).is(200).reads("tbody .tag", "待补全")
	c.get(numbers(list)[0]).is(200).within(3).reads(".banner", "资料不全").reads("h1 .tag", "待补全").lacks(".amount")
}
