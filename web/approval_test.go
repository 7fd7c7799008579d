package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const rulesForm = "/account/approvals/rules/merchant.profile"

// needsFinance makes a second person of the finance staff confirm profile changes.
func (p *portal) needsFinance(c *client, owner string) {
	p.t.Helper()
	asked := c.post(rulesForm, "checkers", "finance", "_once", c.get(rulesForm).is(200).key()).is(200)
	asked.reads(".facts dd", "修改商户资料").reads(".facts dd", "财务").reads(".facts dd", "未开启")
	p.confirmedBy(owner, asked).is(200).reads("h1", "已确认并执行")
}

// waiting is a profile change that the owner confirmed and finance is asked about.
func (p *portal) waiting(c *client, owner string) (id string) {
	p.t.Helper()
	asked := p.asking(c, "云上好店")
	p.confirmedBy(owner, asked).is(200).reads("h1", "已提交审核")
	c.get(asked.url.Path).is(200).reads("h1", "已确认，等待审核").has("a[href=/account/approvals/" + idOf(asked) + "]")
	return idOf(asked)
}

// messages are the links of what the official account wrote to the person.
func (p *portal) messages(kind string) (links []string) {
	p.t.Helper()
	rows, err := p.db.PG().Query(p.t.Context(), "SELECT payload->>'URL' FROM jobs WHERE kind = 'wechat.message' AND payload->>'Template' = $1", kind)
	must(p.t, err)
	defer rows.Close()
	for rows.Next() {
		var link string
		must(p.t, rows.Scan(&link))
		links = append(links, link)
	}
	return links
}

func TestTheSecondPersonAnswersOnThePhone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	owner.get("/account/approvals").is(200).reads(".tag", "未开启").says("接口调用不经过审核").within(3)
	p.needsFinance(owner, storeOwner)
	owner.get("/account/approvals").reads(".tag", "已开启").within(3)
	id := p.waiting(owner, storeOwner)
	links := p.messages("approval_asked")
	if len(links) != 1 || !strings.HasSuffix(links[0], "/m/approvals/"+id) {
		t.Fatalf("written: %v", links)
	}
	finance := p.signedIn(storeFinance)
	finance.get("/").is(200).says("1 项申请等待您审核").has("a[href=/account/approvals?state=waiting]").within(3)
	owner.get("/").is(200).lacks("a[href=/account/approvals?state=waiting]")
	phone := p.phone(storeFinance)
	ask := phone.get(links[0]).is(200).reads(".ph-cells dd", "云上好店").reads(".ph-cells dd", "admin01@1900000208")
	phone.submit(ask).is(422).says("请选择同意或拒绝")
	phone.submit(ask, "decision", "confirm").is(200).reads("h1", "已同意并执行")
	phone.get(links[0]).is(200).lacks("form[data-form=main]")
	finance.get("/").is(200).lacks("a[href=/account/approvals?state=waiting]")
	owner.get("/account/merchant").reads(".facts dd", "云上好店")
	owner.get("/account/approvals/"+id).is(200).reads(".tag", "已同意并执行").reads(".line li", "caiwu01@1900000208").within(3)
	p.signedIn(storeFinance).get("/inbox").says("有一项申请等您审核")
	owner.get("/inbox").says("审核结果")
}

func TestTheSecondPersonAnswersAtADesktopWithTheOwnScan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	p.needsFinance(owner, storeOwner)
	id := p.waiting(owner, storeOwner)
	owner.get("/account/approvals/" + id).lacks("form[data-form=main]").has("form[action=/account/approvals/" + id + "/withdrawal]")
	finance := p.signedIn(storeFinance)
	finance.get("/account/approvals?state=waiting").is(200).says("可由您审核").within(3)
	page := finance.get("/account/approvals/" + id).is(200)
	asked := finance.submit(page, "decision", "confirm").is(200).reads("h2", "同意：").has("[data-ticket-url]")
	p.phone(storeOwner).get(attr(asked.one("[data-ticket-url]"), "data-ticket-url")).is(403)
	p.confirmedBy(storeFinance, asked).is(200).reads(".ph-cells dd", "已同意并执行")
	owner.get("/account/merchant").reads(".facts dd", "云上好店")
	again := finance.do(http.MethodPost, "/account/approvals/"+id+"/answer", values("decision", "confirm", "hash", "x", "_once", page.key()))
	again.is(422)
}

func TestApprovalsAreShownToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	p.needsFinance(owner, storeOwner)
	id := p.waiting(owner, storeOwner)
	for name, other := range map[string]*client{"a reader": p.signedIn(storeReader), "another merchant": p.signedIn(teaOwner)} {
		if a := other.do(http.MethodGet, "/account/approvals/"+id, nil); a.status != 404 {
			t.Errorf("%s sees it: %d", name, a.status)
		}
		a := other.do(http.MethodPost, "/account/approvals/"+id+"/withdrawal", values())
		if a.status != 404 {
			t.Errorf("%s takes it back: %d", name, a.status)
		}
		key := other.get("/account/approvals").is(200)
		key.lacks("a[href=/account/approvals/" + id + "]")
	}
	p.phone("p-xieanran").get("/m/approvals/" + id).is(404)
	p.phone(teaOwner).get("/m/approvals/" + id).is(404)
	p.signedIn(storeReader).get(rulesForm).is(403)
	owner.get("/account/approvals/rules/nothing").is(404)
	owner.get("/account/approvals?state=x").is(404)

	var list struct {
		Rows []struct{ ID, State, Title, Maker string }
	}
	a := owner.do(http.MethodGet, "/account/approvals.json", nil).is(200)
	must(t, json.Unmarshal([]byte(a.body), &list))
	if len(list.Rows) != 1 || list.Rows[0].ID != id || list.Rows[0].State != "approving" {
		t.Errorf("%+v", list)
	}
	csv := owner.do(http.MethodGet, "/account/approvals.csv", nil).is(200)
	if !strings.Contains(csv.body, "等待审核") || !strings.Contains(csv.body, "admin01@1900000208") {
		t.Error(csv.body)
	}
	owner.post("/account/approvals/"+id+"/withdrawal").is(200).at("/account/approvals/"+id).says("申请已撤回").reads(".tag", "已撤销")
	owner.post("/account/approvals/" + id + "/withdrawal").is(200).says("已经结束")
	p.phone(storeFinance).get("/m/approvals/"+id).is(200).reads("h1", "已撤销").lacks("form[data-form=main]")
}

func TestRulesAreRefusedBesideTheirFields(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	form := owner.get(rulesForm).is(200).lacks("input[name=from_amount]").within(3)
	owner.do(http.MethodPost, rulesForm, values("_once", form.key())).is(422).has(".banner-fail a[href=#checkers]").says("请至少选择一个可以审核的角色")
	owner.do(http.MethodPost, rulesForm, values("checkers", "emperor", "_once", form.key())).is(422)
	owner.do(http.MethodPost, rulesForm+"/deletion", values("_once", form.key())).is(422).says("没有设置审核")
	p.needsFinance(owner, storeOwner)
	on := owner.get(rulesForm).has("input[name=checkers][value=finance][checked]")
	off := owner.post(rulesForm+"/deletion", "_once", on.key()).is(200).reads("h2", "关闭审核")
	p.confirmedBy(storeOwner, off).is(200)
	owner.get("/account/approvals").reads(".tag", "未开启")
}

func TestAnUnansweredApprovalLapses(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	p.needsFinance(owner, storeOwner)
	id := p.waiting(owner, storeOwner)
	p.clock.Advance(24 * time.Hour)
	p.phone(storeFinance).get("/m/approvals/"+id).is(200).reads("h1", "已过期").lacks("form[data-form=main]")
	p.signedIn(storeOwner).get("/account/approvals/"+id).reads(".tag", "已过期")
}
