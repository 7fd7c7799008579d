package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestWhatOperatorsDoStandsInALogOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	refused := p.opsIn(opsReviewer)
	refused.get("/ops/operators/new").is(http.StatusForbidden)
	c := p.opsIn(opsAdmin)
	list := c.get("/ops/audit?outcome=refused").is(200).within(3).reads("h1", "操作日志").says("访问没有权限的页面", "shenhe01@ops", "运营人员做过什么")
	list.has("form[action=/ops/audit]")
	act := attr(list.one("tbody th a"), "href")
	detail := c.get(act).is(200).says("127.0.0.1", "管理运营账号")
	for _, link := range append(find(list.doc, "a"), find(detail.doc, "a")...) {
		if at := attr(link, "href"); strings.HasPrefix(at, "/account/") {
			t.Errorf("a link leads to a merchant's page, %s", at)
		}
	}
	c.get("/ops/audit.json").is(200).says("shenhe01@ops")
	if file := c.get("/ops/audit.csv").is(200).body; !strings.Contains(file, "shenhe01@ops") || strings.Contains(file, "@1900000208") {
		t.Errorf("the file says %q", file)
	}
	p.signedIn(storeOwner).get("/ops/audit").at("/ops/login")
}
