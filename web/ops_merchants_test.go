package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestAnOperatorOpensAMerchantAndItsAdminWalksIn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	c.get("/ops/merchants/new").is(200).has("#mchid[value=1900000308]").has("input[name=_once]")
	asked := c.posts("/ops/merchants/new", openingForm(p, customer)...)
	if !strings.HasPrefix(asked.url.Path, "/ops/confirmations/") {
		t.Fatalf("the form led to %s", asked.url)
	}
	asked.says("开通商户 晴天花店", "1900000999", "张*").lacks(".facts dd a")
	if strings.Contains(asked.body, "440399198808082464") {
		t.Error("the page shows the whole paper")
	}
	done := c.confirmed(asked, opsAdmin)
	password := c.secret(done)
	c.do(http.MethodPost, done.url.Path+"/secret", nil).is(http.StatusNotFound)
	c.get("/ops/merchants/1900000999").is(200).says("晴天花店", "未绑定微信", "pingtai01@ops 开通了商户")

	admin := p.browser()
	admin.binds("", "admin01@1900000999", password, "6222021234567890", customer).says("绑定完成")
	in := p.signedIn(customer)
	in.get("/").is(200).says("晴天花店")
	c.get("/ops/merchants/1900000999").says("已绑定微信")
}

func TestAWrongOpeningSaysWhereAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	form := openingForm(p, customer)
	a := c.posts("/ops/merchants/new", with(form, "mchid", "1900000208", "appid", "nonsense", "fee_rate", "5", "id_number", "1", "short_name", "")...)
	a.is(http.StatusUnprocessableEntity).has("#mchid-err").has("#appid-err").has("#fee_rate-err").has("#id_number-err").has("#short_name-err").
		has("#legal_name[value=北京晴天花店有限公司]").has("input[name=name][value=张敏]").has("[role=alert]")
	a = c.posts("/ops/merchants/new", with(form, "kind", "sub_merchant", "parent_mchid", "1900000208")...)
	a.is(http.StatusUnprocessableEntity).has("#parent_mchid-err").says("没有这个服务商")
	nothing := c.posts("/ops/merchants/new")
	nothing.is(http.StatusUnprocessableEntity).has("#kind-err").has("#settlement_cycle-err").has("#login-err")
	if n := p.text("SELECT count(*)::text FROM merchants WHERE merchant_id = 1900000999"); n != "0" {
		t.Error("something was opened")
	}
}

func TestARefusedOpeningOpensItsFormAgainWithItsText(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsReviewer)
	asked := c.posts("/ops/merchants/new", openingForm(p, customer)...).is(200)
	card := asked.one("[data-ticket-url]")
	phone := p.phone(opsReviewer)
	phone.submit(phone.get(attr(card, "data-ticket-url")), "decision", "refuse").is(200)
	again := c.get(asked.url.Path).is(200)
	c.get(attr(again.one("a[href]"), "href")) // some link is there
	form := c.get("/ops/merchants/new?again=" + strings.TrimPrefix(asked.url.Path, "/ops/confirmations/"))
	form.is(200).has("#legal_name[value=北京晴天花店有限公司]").has("#mchid[value=1900000999]")
	p.opsIn(opsAdmin).do(http.MethodGet, asked.url.Path, nil).is(http.StatusNotFound)
}

func TestASuspendedMerchantsPeopleAreOutAtTheNextClick(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	member, c := p.signedIn(storeOwner), p.opsIn(opsReviewer)
	page := "/ops/merchants/1900000208"
	c.posts(page, "reason", " ").is(http.StatusUnprocessableEntity).has("#reason-err")
	c.confirmed(c.posts(page, "reason", "核实经营资料"), opsReviewer)
	member.get("/trades").at("/login")
	d := p.desk()
	p.phone(storeOwner).get(d.link).is(http.StatusForbidden)
	if told := p.text(`SELECT string_agg(payload->>'Template', ' ') FROM jobs WHERE merchant_id = 1900000208 AND payload->'Fields'->>'原因' = '核实经营资料'`); told != "merchant_suspended" {
		t.Errorf("the super admin's WeChat was told %q", told)
	}
	c.get(page).says("已停用", "核实经营资料").reads("#change", "恢复商户")
	c.get("/ops/merchants?state=suspended").says("云上百货").lacks("a[href=/ops/merchants/1900000109]")
	c.confirmed(c.posts(page, "reason", "资料齐全"), opsReviewer)
	p.signedIn(storeOwner).get("/trades").is(200)
	log := p.text("SELECT string_agg(action, ' ' ORDER BY at, id) FROM audit_rows WHERE merchant_id = 1900000208 AND actor = 'shenhe01@ops'")
	if log != "merchant.suspend merchant.resume" {
		t.Errorf("the merchant's own log tells of %q", log)
	}
}

func TestTheListOfMerchantsHasTwinsAndWalks(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	c.get("/ops/merchants").is(200).says("云帆收银", "晨光健身", "特约商户", "未绑定微信").lacks("a[href=/ops/merchants/0]")
	c.get("/ops/merchants?q=百货&kind=direct").says("云上百货").lacks("a[href=/ops/merchants/1900000109]")
	c.get("/ops/merchants?parent_mchid=1230000001").says("青禾茶饮", "小满书店", "山海便利").lacks("a[href=/ops/merchants/1900000109]")
	c.get("/ops/merchants?q=没有这个").says("没有符合条件的商户").has("a[href=/ops/merchants]")
	c.get("/ops/merchants?kind=x&state=y&parent_mchid=z").is(http.StatusUnprocessableEntity).has("#f-kind-err").has("#f-state-err").has("#f-parent_mchid-err")
	c.get("/ops/merchants?cursor=nonsense").is(http.StatusUnprocessableEntity)
	var list listing[merchantWire]
	must(t, json.Unmarshal([]byte(c.get("/ops/merchants.json?kind=sub_merchant").is(200).body), &list))
	if len(list.Rows) != 3 || list.Rows[0].ParentMchID != "1230000001" || list.Rows[0].SuperAdmin != "admin01@"+list.Rows[0].MchID || !list.Rows[0].Bound {
		t.Errorf("the twin is %+v", list)
	}
	csv := c.get("/ops/merchants.csv").is(200)
	if lines := strings.Count(csv.body, "\r\n"); lines != 8 || !strings.Contains(csv.header.Get("Content-Disposition"), "ops") {
		t.Errorf("the file has %d lines: %s", lines, csv.header.Get("Content-Disposition"))
	}
	for _, none := range []string{"0", "1999999999", "x", "01900000208", "-1"} {
		c.do(http.MethodGet, "/ops/merchants/"+none, nil).is(http.StatusNotFound)
	}
}
