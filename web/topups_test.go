package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// topUpRows are the list's JSON.
func topUpRows(t *testing.T, a *answer) (rows []topUpWire, next string) {
	t.Helper()
	var list listing[topUpWire]
	must(t, json.Unmarshal([]byte(a.body), &list))
	return list.Rows, list.Next
}

func TestAMemberAnnouncesATransferAndSeesItArrive(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	c.get("/funds/top-ups").is(200).reads(".facts dd", "掌柜演示支付有限公司").says("1900000208262").within(3)
	form := c.get("/funds/top-ups/new").is(200).within(3)
	page := c.submit(form, "account", "BASIC", "amount", "1,234.56").is(200).reads(".tag", "待到账").says("已登记").says("1,234.56").within(3)
	no := page.url.Path[strings.LastIndex(page.url.Path, "/")+1:]
	c.submit(form, "account", "BASIC", "amount", "1,234.56").is(200).at(page.url.Path) // the same form again is the one
	arrived := c.post("/sandbox/topups", "mchid", "1900000208", "account", "BASIC", "amount", "1234.56", "back", page.url.Path)
	arrived.is(200).at(page.url.Path).reads(".tag", "已到账").says("1,234.56 元已记入基本账户").lacks("form[action=/sandbox/topups]")
	rows, next := topUpRows(t, c.do(http.MethodGet, "/funds/top-ups.json", nil).is(200))
	if len(rows) != 1 || next != "" || rows[0].No != no || rows[0].Status != "ARRIVED" || rows[0].Amount != 123456 || rows[0].FlowNo == "" ||
		rows[0].ArriveTime == nil || rows[0].PayerName != "云上百货有限公司" || rows[0].Reference != "1900000208262" || rows[0].Account != "BASIC" {
		t.Errorf("%+v", rows)
	}
	c.get("/funds/top-ups?no="+no).is(200).reads(".tag", "已到账").within(3)
	csv := c.do(http.MethodGet, "/funds/top-ups.csv?state=arrived", nil).is(200)
	if !strings.Contains(csv.body, no) || !strings.Contains(csv.body, "1,234.56") {
		t.Error(csv.body)
	}
	c.get("/inbox").says("充值 1,234.56 元已到账")
}

func TestTopUpFormsAndFiltersAreRefusedBesideTheirFields(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	form := c.get("/funds/top-ups/new").is(200)
	bad := c.do(http.MethodPost, "/funds/top-ups", values("_once", form.key(), "amount", "1.234"))
	bad.is(422).has(".banner-fail a[href=#account]").has(".banner-fail a[href=#amount]").has("input[name=amount][value=1.234]")
	c.do(http.MethodPost, "/funds/top-ups", values("_once", form.key(), "account", "OPERATION")).is(422).has(".banner-fail a[href=#account]")
	c.get("/funds/top-ups?state=x&account=y&cursor=z").is(422).says("没有这个状态")
	c.get("/funds/top-ups.json?state=x").is(422)
	c.get("/funds/top-ups/1").is(404)
	p.signedIn(storeReader).get("/funds/top-ups/new").is(403)
}

func TestTopUpsArePagedByTheirCursor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	for range 23 {
		_, err := p.fromBank(t.Context(), store, "BASIC", 100)
		must(t, err)
	}
	seen := map[string]bool{}
	next := ""
	for range 2 {
		var rows []topUpWire
		rows, next = topUpRows(t, c.do(http.MethodGet, "/funds/top-ups.json?cursor="+next, nil).is(200))
		for _, r := range rows {
			seen[r.No] = true
		}
	}
	if len(seen) != 23 || next != "" {
		t.Errorf("%d seen, next %q", len(seen), next)
	}
}

func TestTheSimulatedBankSaysWhatTheBooksSay(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.browser()
	send := func(body string) *answer {
		return c.do(http.MethodPost, "/sandbox/api/topups", nil, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", "application/json")
		})
	}
	a := send(`{"mchid":"1900000109","account":"AVAILABLE","amount":500}`).is(200)
	var got map[string]any
	must(t, json.Unmarshal([]byte(a.body), &got))
	if fmt.Sprintln(got["amount"], got["account"]) != "500 AVAILABLE\n" || len(got["topup_no"].(string)) != 28 || got["transfer_no"] == "" {
		t.Error(a.body)
	}
	send(`{"mchid":"1900000109","account":"BASIC","amount":500}`).is(422)
	send(`{"mchid":"1900000109","account":"AVAILABLE","amount":0}`).is(422)
	c.get("/sandbox/topups").is(200)
	ops := p.opsIn(opsAdmin)
	ops.get("/ops/top-ups").is(200).reads(".tag", "待处理").says("商户没有开通这个账户").within(3)
	ops.do(http.MethodGet, "/ops/top-ups.json", nil).is(200).says(`"reason":"topup.not_open"`)
	ops.do(http.MethodGet, "/ops/top-ups.csv", nil).is(200).says("1900000109")
	ops.get("/ops/top-ups?cursor=x").is(422)
}

func TestAnAlertIsSetAndToldOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeFinance)
	c.get("/funds/alerts").is(200).reads(".tag", "未设置").within(3)
	form := c.get("/funds/alerts/BASIC").is(200).within(3)
	c.do(http.MethodPost, "/funds/alerts/BASIC", values("threshold", "x")).is(422).has(".banner-fail a[href=#threshold]").has(".banner-fail a[href=#watchers]")
	me := form.one("input[name=watchers][checked]")
	c.submit(form, "threshold", "500.00", "watchers", attr(me, "value")).is(200).at("/funds/alerts").says("余额提醒已设置").reads(".tag", "低于提醒线")
	must(t, p.deps.Alerts.Look(t.Context()))
	must(t, p.deps.Alerts.Look(t.Context()))
	if n := len(p.messages("balance_low")); n != 1 {
		t.Errorf("written %d times", n)
	}
	c.get("/inbox").says("基本账户余额低于 500.00 元")
	c.do(http.MethodGet, "/funds/alerts.json", nil).is(200).says(`"threshold":50000`)
	c.do(http.MethodGet, "/funds/alerts.csv", nil).is(200).says("低于提醒线")
	_, err := p.fromBank(t.Context(), store, "BASIC", 500_00)
	must(t, err)
	c.get("/funds/alerts").is(200).reads(".tag", "已设置")
	c.post("/funds/alerts/BASIC/deletion").is(200).says("余额提醒已关闭").reads(".tag", "未设置")
	p.signedIn(storeReader).get("/funds/alerts").is(200).lacks("a[href=/funds/alerts/BASIC]")
}

func TestTwoOperatorsSetAnOpeningBalance(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	maker, checker := p.opsIn(opsAdmin), p.opsIn(opsReviewer)
	const path = "/ops/merchants/1900000208/opening"
	maker.get(path).is(200).reads("td", "未登记").within(4)
	form := maker.get(path)
	maker.do(http.MethodPost, path, values("_once", form.key(), "account", "OPERATION", "amount", "0", "document", "")).is(422).
		has(".banner-fail a[href=#amount]").has(".banner-fail a[href=#document]")
	asked := maker.submit(form, "account", "BASIC", "amount", "88,888.80", "document", "余额确认函 2026-118").is(200)
	p.confirmedBy(opsAdmin, asked).is(200).reads("h1", "已提交审核")
	id := idOf(asked)
	if n := p.count("transfers"); n != 0 {
		t.Fatal("booked before the second operator said yes")
	}
	maker.get("/ops/approvals/" + id).is(200).lacks("form[data-form=main]")
	p.phone(opsAdmin).get("/m/approvals/" + id).is(200).lacks("form[data-form=main]") // never the same person
	phone := p.phone(opsReviewer)
	ask := phone.get("/m/approvals/"+id).is(200).reads(".ph-cells dd", "88,888.80 元").reads(".ph-cells dd", "基本账户")
	checker.get("/ops/approvals/" + id).is(200).has("form[data-form=main]").says("余额确认函 2026-118")
	phone.submit(ask, "decision", "confirm").is(200).reads("h1", "已同意并执行")
	maker.get(path).is(200).reads("td", "88,888.80").says("pingtai01@ops")
	maker.get("/ops/merchants/1900000208").is(200).says("88,888.80").within(3)
	owner := p.signedIn(storeOwner)
	owner.get("/inbox").says("期初余额").says("88,888.80")
	owner.get("/account/audit?area=opening").says("登记期初余额")
	var line string
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT concat_ws('|', t.business_key, t.note, t.applicant, e.row_type, e.amount) FROM transfers t
		JOIN entries e ON e.merchant_id = t.merchant_id AND e.transfer_id = t.id AND e.account = 'BASIC' WHERE t.kind = 'opening'`).Scan(&line))
	if !strings.HasPrefix(line, "BASIC|余额确认函 2026-118|") || !strings.HasSuffix(line, "@ops|opening|8888880") {
		t.Error(line)
	}
	again := maker.do(http.MethodPost, path, values("_once", maker.get("/ops/merchants/1230000101/opening").key(), "account", "BASIC", "amount", "1", "document", "x"))
	again.is(422).says("每个账户只能登记一次")
}

func TestAnOpeningBalanceLosesItsGroundWhenMoneyMovesFirst(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	maker := p.opsIn(opsAdmin)
	asked := maker.posts("/ops/merchants/1900000208/opening", "account", "BASIC", "amount", "5", "document", "函").is(200)
	p.confirmedBy(opsAdmin, asked).is(200)
	_, err := p.fromBank(t.Context(), store, "BASIC", 100)
	must(t, err)
	p.clock.Advance(time.Minute)
	phone := p.phone(opsReviewer)
	phone.submit(phone.get("/m/approvals/"+idOf(asked)).is(200), "decision", "confirm").is(200).says("已经有资金变动")
	maker.get("/ops/merchants/1900000208/opening").is(200).says("没有可以登记期初余额的账户").lacks("form[data-form=main]")
	p.signedIn(storeOwner).get("/ops/merchants/1900000208/opening").at("/ops/login")
}
