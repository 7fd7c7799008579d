package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/operations"
)

func TestTheCatalogueShowsWhatCanBeOpened(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	page := p.signedIn(storeOwner).get("/products").is(200).within(3)
	page.reads("h1", "产品大全").reads("#product-operation_account h3", "运营账户").reads("#product-operation_account .tag", "未开通").
		reads("#product-operation_account .btn-primary", "开通运营账户").has("nav.side a[href=/products][aria-current=page]")
	p.signedIn(storeReader).get("/products").is(200).reads("#product-operation_account .btn", "查看").lacks("#product-operation_account .btn-primary")
	p.signedIn(noodlesOwner).get("/products").is(200).within(3).lacks("#product-operation_account").reads(".empty", "目前没有可以开通的产品")
	p.signedIn(noodlesOwner).get("/products/operation_account").is(404)
}

func TestASuperAdminSignsAndOpensAProduct(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	form := c.get("/products/operation_account").is(200).within(3).reads(".agree p", "注意：运营账户开通后不能关闭").has("#consent").lacks("#consent[checked]")
	d := operations.Product()
	signed := []string{"version", d.Agreement.Version, "hash", d.Agreement.Hash()}
	key := form.key()
	post := func(pairs ...string) *answer {
		return c.post("/products/operation_account/opening", append(pairs, "_once", key)...)
	}
	post(signed...).is(422).has(".banner-fail a[href=#consent]").says("请先阅读协议并勾选同意")
	post("consent", "1", "version", "2025-01", "hash", "x").is(422).says("协议已更新")
	asked := c.submit(c.get("/products/operation_account"), "consent", "1").is(200).says("开通运营账户", "开通后不能关闭", "代金券、随机立减", d.Agreement.Hash()[:16])
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	page := c.get("/products/operation_account").is(200).within(3).reads(".tag", "已开通").reads("#signed", "").says("admin01@1900000208").lacks("#consent").
		says("这个产品开通后不能关闭")
	file := c.get(attr(page.one("a[download]"), "href")).is(200)
	if !strings.Contains(file.body, d.Agreement.Hash()) || !strings.Contains(file.body, "3.1 注意：自开通之时起") || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Error(file.body)
	}
	c.get("/products").reads("#product-operation_account .tag", "已开通")
	post(append(signed, "consent", "1")...).is(422).says("已经开通")
	c.do("POST", "/products/operation_account/closing", values("_once", "x")).is(422).says("不能关闭")
	var list listing[productWire]
	must(t, json.Unmarshal([]byte(c.do(http.MethodGet, "/products.json", nil).is(200).body), &list))
	if len(list.Rows) != 1 || list.Rows[0].Status != "OPEN" || list.Rows[0].OpenTime == nil || list.Rows[0].SignedBy != "admin01@1900000208" {
		t.Errorf("%+v", list.Rows)
	}
	if csv := c.do(http.MethodGet, "/products.csv", nil).is(200); !strings.Contains(csv.body, "运营账户") {
		t.Error(csv.body)
	}
	p.signedIn(storeFinance).get("/inbox").says("运营账户已开通")
}

func TestWhoMayNotOpenAProductSeesWhoCan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	c.get("/products/operation_account").is(200).within(3).says("由超级管理员开通", "只有超级管理员").lacks("#consent").lacks("form[data-form=main]")
	c.do("POST", "/products/operation_account/opening", values("consent", "1", "_once", "x")).is(403)
}

func TestOperatorsAnswerAnOpeningThatWaits(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.openingOf(store)
	owner := p.signedIn(storeOwner)
	owner.get("/products/operation_account").is(200).reads(".tag", "审核中").says("正在审核").lacks("#consent")
	c := p.opsIn(opsReviewer)
	c.get("/ops/products").is(200).within(3).reads("tbody a", "云上百货").reads("tbody .tag", "审核中")
	c.get("/ops/products?state=x&mchid=1&product=y&cursor=z").is(422)
	page := c.get("/ops/products/"+no).is(200).within(3).has("form[data-form=approve]").reads(".agree p", "运营账户是商户在平台开立的")
	key := func(a *answer, form string) string {
		return attr(a.one("form[data-form="+form+"] input[name=_once]"), "value")
	}
	wrong := c.post("/ops/products/"+no+"/review", "decision", "refuse", "reason", "", "_once", key(page, "refuse")).is(422).has("#reason[aria-invalid=true]")
	asked := c.post("/ops/products/"+no+"/review", "decision", "refuse", "reason", "资料不全", "_once", key(wrong, "refuse")).is(200).says("资料不全")
	c.confirmed(asked, opsReviewer)
	owner.get("/products/operation_account").is(200).reads(".tag", "未开通").says("资料不全").has("#consent")
	owner.get("/inbox").says("运营账户开通申请未通过")
	owner.get("/account/audit").says("审核产品开通")
	c.get("/ops/products.json?state=refused").is(200).says("REFUSED", no)
	if csv := c.get("/ops/products.csv").is(200); !strings.Contains(csv.body, "资料不全") {
		t.Error(csv.body)
	}
}

func TestNobodyAnswersTheirOwnOpeningAndNoneIsOpenedForWhoHasLeft(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	no := p.openingOf(store)
	set := func(sql string) {
		t.Helper()
		_, err := p.db.PG().Exec(t.Context(), sql, store)
		must(t, err)
	}
	const owners = "SELECT a.id, a.id_index FROM login_accounts a JOIN account_roles r ON r.merchant_id = a.merchant_id AND r.account_id = a.id WHERE a.merchant_id = $1 AND r.role = 'super_admin'"
	set("UPDATE product_openings o SET asker_id = a.id FROM (" + owners + ") a WHERE o.merchant_id = $1 AND o.state = 'reviewing'")
	c := p.opsIn(opsReviewer)
	refused := func(why string) {
		t.Helper()
		key := attr(c.get("/ops/products/"+no).is(200).one("form[data-form=approve] input[name=_once]"), "value")
		asked := c.post("/ops/products/"+no+"/review", "decision", "approve", "_once", key).is(200)
		p.confirmedBy(opsReviewer, asked).says(why)
		c.get("/ops/products/"+no).reads(".tag", "审核中")
	}
	set("UPDATE login_accounts o SET state = 'suspended' FROM (" + owners + ") a WHERE o.merchant_id = $1 AND o.id = a.id")
	refused("申请人已不是该商户的超级管理员")
	set("UPDATE login_accounts o SET state = 'active' FROM (" + owners + ") a WHERE o.merchant_id = $1 AND o.id = a.id")
	set("UPDATE login_accounts o SET id_index = a.id_index FROM (" + owners + ") a WHERE o.merchant_id = 0 AND $1::bigint > 0")
	refused("需要由其他运营人员审核")
}
