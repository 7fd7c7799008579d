package web

import (
	"fmt"
	"strings"
	"testing"

	"zhanggui/internal/trade"
)

func TestAFilterIsKeptByName(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	c.get("/trades").lacks("form[action=/views]")
	query := "from=2026-11-20&to=2026-11-20&trade_type=APP"
	list := c.get("/trades?" + query)
	if got := attr(list.one("form[action=/views] input[name=query]"), "value"); got != query {
		t.Errorf("what would be kept is %q", got)
	}
	c.do("POST", "/views", values("list", "trades", "name", "二十日的App", "query", query)).leads("/trades?" + query)
	c.get("/trades?"+query).within(3).reads(".views a[aria-current=true]", "二十日的App")
	c.get("/trades").reads(".views a", "二十日的App").reads(".views a[aria-current=true]", "全部")
	p.signedIn(storeReader).get("/trades").lacks(".views form[action=/views]").lacks(".menu-row")
}

func TestAViewIsDeletedByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	c.do("POST", "/views", values("list", "trades", "name", "甲", "query", "trade_type=APP")).is(303)
	at := attr(c.get("/trades").one(".menu-row"), "action")
	p.signedIn(storeReader).do("POST", at, values()).is(404)
	c.do("POST", at, values()).leads("/trades")
	c.do("POST", at, values()).is(404)
	c.do("POST", "/views/nonsense/deletion", values()).is(404)
	c.get("/trades").lacks(".menu-row")
}

func TestARefusedViewKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	long := strings.Repeat("长", trade.ViewNameMax+1)
	a := c.do("POST", "/views", values("list", "trades", "name", long, "query", "trade_type=APP")).is(422)
	a.has(".banner-fail a[href=#view-name]").has("#f-trade_type option[value=APP][selected]")
	if a.value("view-name") != long {
		t.Error("the name is lost")
	}
	c.do("POST", "/views", values("list", "trades", "name", "", "query", "trade_type=APP")).is(422).says("请填写视图名称")
	c.do("POST", "/views", values("list", "weather", "name", "甲", "query", "")).is(422)
	c.do("POST", "/views", values("list", "trades", "name", "甲", "query", "from=x")).is(422)
	for i := range trade.ViewsMax {
		c.do("POST", "/views", values("list", "trades", "name", fmt.Sprint("视图", i), "query", "trade_type=APP")).is(303)
	}
	c.do("POST", "/views", values("list", "trades", "name", "再一个", "query", "trade_type=APP")).is(422).says("达到上限")
}
