package web

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
)

func TestTheFirstPageShowsTheTakingsAndWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.clock.Set(time.Date(2026, 11, 21, 9, 30, 0, 0, clock.Beijing))
	p.takes(store, "1900000208-2026-11-19")
	p.takes(store, "1900000208-2026-11-20")
	home := p.signedIn(storeOwner).get("/").is(200).within(3)
	home.reads("h1", "云上百货").reads(".page-head p", "商户号 1900000208 · 结算周期 T+1 · 超级管理员 苏*月 · 数据截至 2026-11-21 09:30:00")
	home.reads(".figures dt", "昨日收款(元)").reads(".figures dd", "笔，比前日多").reads(".figures dd", "比昨日同时段少")
	home.has(".figures a[href=/trades?from=2026-11-20&to=2026-11-20&trade_state=PAID]").has(".chart-table a[href=/trades?from=2026-11-20&to=2026-11-20&trade_state=PAID]")
	if n := len(find(home.doc, ".chart rect")); n != 30 {
		t.Errorf("the picture has %d days", n)
	}
}

func TestAFigureIsTheSumOfTheRowsItLeadsTo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.takes(store, "1900000208-2026-11-20") // has revoked orders and stubs, which are no takings
	p.clock.Set(time.Date(2026, 11, 21, 9, 30, 0, 0, clock.Beijing))
	c := p.signedIn(storeOwner)
	home := c.get("/")
	figure := home.one(".figures a")
	list := c.get(attr(figure, "href")).is(200).within(3).has("#f-trade_state option[value=PAID][selected]")
	if sum := list.all(".result b")[1]; sum != textOf(figure) {
		t.Errorf("the first page says %s and its rows come to %s", textOf(figure), sum)
	}
	if all := c.get("/trades?from=2026-11-20&to=2026-11-20").all(".result b")[1]; all == textOf(figure) {
		t.Error("the sample has no order that is no income")
	}
}

func TestTheFirstPageSaysWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellsOfBrowser(2)
	c := p.signedIn(storeOwner)
	at := c.upload("坏.csv", []byte("没有列名\n"), "").is(303).header.Get("Location")
	c.get("/").within(3).reads(".todo li", "账单 坏.csv 正在导入").has(".todo a[href=" + at + "]")
	p.runsImports()
	home := c.get("/").is(200).within(3).reads(".todo li", "账单 坏.csv 没有导入").reads(".todo li", "条安全提醒未读").reads(".todo b", "在新的浏览器登录")
	home.has(".todo a[href=/inbox?category=security]").reads(".empty", "还没有订单").has(".empty a[href=/trades/imports]")
	p.signedIn(storeReader).get("/").lacks(".todo a[href="+at+"]").lacks(".empty a[href=/trades/imports]").reads(".empty", "财务导入账单后")
}

func TestWhoMayNotReadOrdersSeesNoTakings(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeReader)
	_, err := p.db.PG().Exec(t.Context(), "DELETE FROM account_roles WHERE role = 'readonly'")
	must(t, err)
	c.get("/").is(200).lacks(".figures").lacks(".chart").lacks("main .empty").lacks("nav a[href=/trades]")
	c.get("/trades").is(403).says("查看交易订单")
	c.get("/search").is(200).says("按商户号查找")
}
