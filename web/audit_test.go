package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/audit"
	"zhanggui/internal/db"
)

// acts writes n refused acts of the store's finance into the log.
func (p *portal) acts(n int) {
	p.t.Helper()
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		for i := range n {
			err := audit.Write(p.t.Context(), tx, audit.Entry{Merchant: store, Actor: "caiwu01@1900000208", Action: "trade.import",
				Object: "bill-" + decimal(i), Outcome: audit.Refused, Reason: "audit.filter_word", At: p.clock.Now(),
				From:    audit.From{Address: "192.0.2.9", Agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/156.0", Session: "0193a0a0-0000-7000-8000-00000000abcd"},
				Details: map[string]any{"rows": i, "roles": []string{"finance"}}})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestTheLogShowsWhoDidWhat(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.acts(45)
	c := p.signedIn(storeOwner)
	first := c.get("/account/audit?action=trade").is(200).within(3)
	first.reads("tbody th", "导入交易账单").reads("tbody td", "caiwu01@1900000208").reads("tbody .tag", "被拒绝").
		has("nav.side a[href=/account/audit][aria-current=page]").has("#f-action option[value=trade][selected]")
	if n := len(first.all("tbody tr")); n != 20 {
		t.Errorf("a page has %d rows", n)
	}
	second := c.get(attr(first.one(".pager a[rel=next]"), "href")).is(200).within(3)
	back := c.get(attr(second.one(".pager a[rel=prev]"), "href")).is(200)
	if !slices.Equal(back.all("tbody tr"), first.all("tbody tr")) || slices.Equal(second.all("tbody tr"), first.all("tbody tr")) {
		t.Error("the pages do not follow each other both ways")
	}
	c.get("/account/audit?no=bill-7&outcome=refused&actor=caiwu01").reads(".pager", "共 1 条")
	c.get("/account/audit?no=nothing-like-it").reads(".empty", "1 项筛选条件").has(".empty a[href=/account/audit]")
	c.get("/account/audit").reads("tbody th", "扫码登录")
}

func TestAnActTellsWhereItCameFrom(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.acts(1)
	c := p.signedIn(storeOwner)
	href := attr(c.get("/account/audit?action=trade.import").one("tbody th a"), "href")
	act := c.get(href).is(200).within(3)
	act.reads("h1", "导入交易账单").reads(".facts dd", "没有这个选项").reads(".facts dd", "192.0.2.9").reads(".facts dd", "Chrome 156").
		has(".facts .id[title=0193a0a0-0000-7000-8000-00000000abcd]").reads(".facts dd", "没有经过扫码确认").reads(".facts dd", "财务").
		has("a[href=/account/audit?no=0193a0a0-0000-7000-8000-00000000abcd]").has("a[href=/account/audit?actor=caiwu01]")
	foreign := p.signedIn(noodlesOwner).get(href).is(404)
	unknown := p.signedIn(noodlesOwner).get("/account/audit/0193a0a0-0000-7000-8000-000000000000").is(404)
	if foreign.text() != strings.ReplaceAll(unknown.text(), unknown.url.Path, foreign.url.Path) {
		t.Error("an act of others is told from none")
	}
	c.get("/account/audit/nonsense").is(404)
}

func TestABadFilterOfTheLogKeepsItsText(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	for query, field := range map[string]string{"from=2026-02-30": "from", "actor=谁": "actor", "outcome=maybe": "outcome",
		"no=" + strings.Repeat("x", 65): "no", "from=2026-11-20&to=2026-11-01": "to"} {
		a := c.get("/account/audit?"+query).is(422).within(3).has(".banner-fail a[href=#f-"+field+"]").reads(".empty", "筛选条件有误")
		if field == "actor" && a.value("f-actor") != "谁" {
			t.Error("the text is lost")
		}
		c.do("GET", "/account/audit.json?"+query, nil).is(422)
		c.do("GET", "/account/audit.csv?"+query, nil).is(422)
	}
	c.get("/account/audit?cursor=x").is(422)
}

func TestTheLogIsReadByThoseWhoMay(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	reader := p.signedIn(storeReader)
	for _, path := range []string{"/account/audit", "/account/audit.csv", "/account/audit.json"} {
		reader.do("GET", path, nil).is(403)
	}
	reader.get("/trades").lacks("nav.side a[href=/account/audit]")
	kept := p.signedIn(storeOwner).get("/account/audit?action=access.denied").reads(".pager", "共 3 条").reads("tbody td", "/account/audit.csv")
	p.signedIn(storeOwner).get(attr(kept.one("tbody th a"), "href")).reads(".facts dd", "没有打开这一页所需的权限").reads(".facts dd", "查看操作日志")
}

func TestTheLogHasItsTwinsAndAnExportStandsInIt(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.acts(30)
	c := p.signedIn(storeOwner)
	var page struct {
		Rows []map[string]any `json:"rows"`
		Next string           `json:"next"`
	}
	a := c.do("GET", "/account/audit.json?action=trade", nil).is(200).within(2)
	must(t, json.Unmarshal([]byte(a.body), &page))
	if len(page.Rows) != 20 || page.Next == "" || page.Rows[0]["action"] != "trade.import" || page.Rows[0]["outcome"] != "refused" {
		t.Errorf("the twin is %s", a.body)
	}
	rows := readCSV(t, c.do("GET", "/account/audit.csv?action=trade", nil).is(200))
	if len(rows) != 31 || rows[0][1] != "操作" || rows[1][1] != "导入交易账单" || rows[1][5] != "被拒绝" {
		t.Errorf("the file is %q", rows[:2])
	}
	export := c.get("/account/audit?action=audit.export").reads("tbody th", "导出操作日志").reads(".pager", "共 1 条")
	c.get(attr(export.one("tbody th a"), "href")).reads(".facts dd", "action=trade").reads(".facts dd", "CSV 文件")
}

func TestAConfirmedChangeStandsInTheLogWithItsConfirmation(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	form := c.get("/account/merchant/profile")
	asked := c.post("/account/merchant/profile", "short_name", "云上好店", "contact_phone", "", "_once", form.key()).is(200)
	p.confirmedBy(storeOwner, asked).is(200)
	list := c.get("/account/audit?action=merchant.profile").reads("tbody th", "修改商户资料").reads("tbody .tag", "成功")
	id := strings.TrimPrefix(asked.url.Path, "/confirmations/")
	act := c.get(attr(list.one("tbody th a"), "href")).has(".facts .id[title="+id+"]").reads(".facts dd", "云上好店")
	c.get(attr(act.one("a[href=/account/audit?no="+id+"]"), "href")).is(200).reads("tbody th", "修改商户资料")
}

func TestAnActSaysItsDetailsInWords(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	must(t, p.db.InTx(t.Context(), func(tx db.Tx) error {
		return audit.Write(t.Context(), tx, audit.Entry{Merchant: store, Actor: "admin01@1900000208", Action: "role.change", Object: "member.read",
			Outcome: audit.Refused, Reason: "confirm.forbidden", At: p.clock.Now(), Details: map[string]any{"before": []string{"trade.read"},
				"after": []string{"trade.read", "audit.read"}, "checkers": []string{"finance"}, "decision": "confirm", "remove": true,
				"from_amount": 50000, "state": "undone", "reason": "confirm.rule_gone"}})
	}))
	c := p.signedIn(storeOwner)
	list := c.get("/account/audit?action=role.change").reads("tbody td", "查看成员与角色")
	c.get(attr(list.one("tbody th a"), "href")).is(200).reads(".facts dd", "查看交易订单、查看操作日志").reads(".facts dd", "财务").
		reads(".facts dd", "同意").reads(".facts dd", "500.00").reads(".facts dd", "已撤销").reads(".facts dd", "审核规则已关闭").
		says("您没有权限，没有执行。", "可以审核的角色")
}
