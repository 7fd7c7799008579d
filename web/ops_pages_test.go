package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/difference"
	"zhanggui/internal/job"
	"zhanggui/internal/platform"
)

func TestANewOperatorBindsAndIsAnsweredForByAPlatformAdmin(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	newcomer := p.browser()
	newcomer.binds("/ops", "kefu001@ops", unboundPassword(), "", opsNewcomer).says("等待平台管理员同意").lacks("form[data-form=main]")
	newcomer.get("/ops/bind").says("等待平台管理员同意")
	newcomer.get("/ops/").at("/ops/bind")
	c := p.opsIn(opsAdmin)
	c.get("/ops/").says("1 个运营账号等待同意绑定微信")
	c.get("/ops/operators?state=waiting").says("kefu001@ops").lacks("a[href=/ops/operators/shenhe01]")
	c.get("/ops/operators/kefu001").says("等待同意绑定").has(".qr svg")
	link := "/m/bindings/" + p.text("SELECT id::text FROM binding_requests WHERE merchant_id = 0")
	p.phone(opsReviewer).get(link).is(http.StatusNotFound)
	p.phone(storeOwner).get(link).is(http.StatusNotFound)
	admin := p.phone(opsAdmin)
	admin.submit(admin.get(link).is(200).says("平台运营", "客服"), "decision", "confirm").says("已同意绑定")
	p.opsIn(opsNewcomer).get("/ops/merchants").is(200)
	newcomer.post("/ops/login/password", "login", "kefu001@ops", "password", unboundPassword()).is(http.StatusUnprocessableEntity)
}

func TestPasswordsHoldAtTheirOwnDoor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.browser().post("/login/password", "login", "kefu001@ops", "password", unboundPassword()).is(http.StatusUnprocessableEntity).at("/login/password")
	page := p.browser().post("/ops/login/password", "login", "kefu001@ops", "password", unboundPassword()).is(200).at("/ops/bind")
	page.says("运营账号", "平台管理员同意").lacks("#settlement_account")
}

func TestTheYearIsEnteredAndTakenBack(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsReviewer)
	c.get("/ops/holidays").is(200).says("2026 年", "已录入", "国庆节", "已开始，不能更改").has("td.now").lacks(".banner")
	c.get("/ops/holidays?year=2027").says("未录入", "2027 年尚未录入")
	c.posts("/ops/holidays?year=2027", "from", "2027-02-05", "to", "2027-02-11", "kind", "holiday", "name", "春节").at("/ops/holidays").
		says("日期已录入", "春节", "2027-02-05 至 2027-02-11").has("td.off")
	c.posts("/ops/holidays?year=2027", "from", "2027-02-20", "to", "", "kind", "workday", "name", "春节调休").says("调休工作日").has("td.on")
	wrong := c.posts("/ops/holidays?year=2027", "from", "2027-02-22", "to", "x", "kind", "workday", "name", "调休")
	wrong.is(http.StatusUnprocessableEntity).has("#to-err").has("#from[value=2027-02-22]").has("#name[value=调休]").says("2027 年已录入的日期")
	c.posts("/ops/holidays?year=2027", "from", "2026-11-22", "to", "", "kind", "holiday", "name", "今天").is(http.StatusUnprocessableEntity).has("#from-err")
	var list listing[holidayWire]
	must(t, json.Unmarshal([]byte(c.get("/ops/holidays.json?year=2027").is(200).body), &list))
	if len(list.Rows) != 8 || list.Rows[7] != (holidayWire{"2027-02-20", "workday", "春节调休"}) {
		t.Errorf("the twin is %+v", list.Rows)
	}
	if lines := strings.Count(c.get("/ops/holidays.csv?year=2027").is(200).body, "\r\n"); lines != 9 {
		t.Errorf("the file has %d lines", lines)
	}
	c.post("/ops/holidays/removal", "from", "2027-02-05", "to", "2027-02-11").says("日期已删除", "春节调休").lacks("td.off")
	for _, none := range []string{"2019", "2100", "x"} {
		c.do(http.MethodGet, "/ops/holidays?year="+none, nil).is(http.StatusNotFound)
	}
}

func TestOperatorsAreWarnedOfAMissingYearFromDecember(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.clock.Set(time.Date(2026, 11, 30, 23, 59, 0, 0, clock.Beijing))
	p.opsIn(opsAdmin).get("/ops/").says("已录入").lacks("a[href=/ops/holidays?year=2027]")
	p.clock.Set(time.Date(2026, 12, 1, 0, 0, 0, 0, clock.Beijing))
	c := p.opsIn(opsAdmin)
	c.get("/ops/").says("2027 年的节假日尚未录入").has("a[href=/ops/holidays?year=2027]")
	c.get("/ops/holidays").says("2027 年的节假日尚未录入").has(".banner")
}

func TestADeadJobIsSeenAndTriedAgain(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	must(t, p.db.InTx(t.Context(), func(tx db.Tx) error {
		return job.Enqueue(t.Context(), tx, job.Job{Merchant: store, Kind: "wechat.message", Key: "signin:1", Due: p.clock.Now()})
	}))
	_, err := p.db.PG().Exec(t.Context(), "UPDATE jobs SET state = 'dead', ended_at = due_at, last_error = 'code 40037', attempts = 12 WHERE key = 'signin:1'")
	must(t, err)
	c := p.opsIn(opsAdmin)
	c.get("/ops/").says("1 个任务多次失败")
	page := c.get("/ops/jobs?state=dead").is(200).within(3).says("发送微信消息", "code 40037", "已终止", "1900000208")
	retry := attr(page.one("td form[method=post]"), "action")
	c.post(retry).at("/ops/jobs").says("任务已重新排队")
	c.do(http.MethodPost, retry, nil).is(http.StatusNotFound)
	p.opsIn(opsReviewer).do(http.MethodPost, retry, nil).is(http.StatusForbidden)
	var list listing[jobWire]
	must(t, json.Unmarshal([]byte(c.get("/ops/jobs.json?kind=wechat.message&state=due").is(200).body), &list))
	if len(list.Rows) == 0 || list.Rows[len(list.Rows)-1].State != "due" {
		t.Errorf("the twin is %+v", list)
	}
	c.get("/ops/jobs.csv").is(200).says("发送微信消息")
	_, err = p.db.PG().Exec(t.Context(), "UPDATE jobs SET due_at = due_at + interval '1 hour', last_error = 'no answer', attempts = 20 WHERE key = 'signin:1'")
	must(t, err)
	c.get("/ops/jobs?state=failing").is(200).reads("tbody .tag", "失败重试中").says("no answer")
	c.do(http.MethodGet, "/ops/jobs?state=x", nil).is(http.StatusNotFound)
	c.do(http.MethodGet, "/ops/jobs?cursor=x", nil).is(http.StatusUnprocessableEntity)
}

func TestTheLastVerificationAndItsProblemsAreShown(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(d *Deps) {
		d.Office = platform.New(platform.Parts{DB: d.DB, Clock: d.Clock, Gate: d.Gate, Checks: []platform.Check{
			{Name: "audit", Run: func(context.Context, db.Querier) (int64, []string, error) {
				return 7, []string{"merchant 0 seq 3 is missing"}, nil
			}},
			{Name: "trades", Run: func(context.Context, db.Querier) (int64, []string, error) { return 0, nil, errors.New("broken") }}}})
	})
	c := p.opsIn(opsAdmin)
	c.get("/ops/verification").is(200).says("还没有核验过")
	c.post("/ops/verification").at("/ops/verification").says("等待执行").has("[data-live]").lacks("form[action=/ops/verification]")
	r := job.NewRegistry()
	r.Handle(platform.VerifyKind, p.deps.Office.Verify)
	_, err := job.NewWorker(p.db, p.clock, r, p.hub).DrainDue(t.Context())
	must(t, err)
	page := c.get("/ops/verification").is(200).within(3)
	page.says("核验发现问题", "操作日志签名链", "merchant 0 seq 3 is missing", "没有完成", "pingtai01@ops").lacks("[data-live]")
	c.get("/ops/").says("数据核验发现问题")
	c.get("/ops/inbox").says("数据核验发现问题").has("form[method=post]")
	var list listing[verificationWire]
	must(t, json.Unmarshal([]byte(c.get("/ops/verification.json").is(200).body), &list))
	if len(list.Rows) != 1 || *list.Rows[0].OK || list.Rows[0].Checks[0].Problems[0] != "merchant 0 seq 3 is missing" {
		t.Errorf("the twin is %+v", list)
	}
	c.get("/ops/verification.csv").is(200).says("发现问题")
}

func TestOperatorsAreMadeAndChangedByAnother(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	form := []string{"login", "zhidu01", "name", "张敏", "id_type", "id_card", "id_number", "440399198808082464", "mobile", "19800008657", "role", "readonly"}
	c.posts("/ops/operators/new", with(form, "login", "x", "role", "super_admin")...).is(http.StatusUnprocessableEntity).
		has("#login-err").has("#role-err").has("input[name=name][value=张敏]")
	done := c.confirmed(c.posts("/ops/operators/new", form...), opsAdmin)
	password := c.secret(done)
	p.browser().post("/ops/login/password", "login", "zhidu01@ops", "password", password).is(200).at("/ops/bind")
	c.posts("/ops/operators/new", form...).is(http.StatusUnprocessableEntity).says("已被使用")

	reviewer := p.opsIn(opsReviewer)
	reviewer.get("/ops/holidays").has("form[data-form=main]")
	c.confirmed(c.posts("/ops/operators/shenhe01", "role", "readonly"), opsAdmin)
	reviewer.get("/ops/holidays").is(200).lacks("form[data-form=main]")
	reviewer.get("/ops/merchants/new").is(http.StatusForbidden)
	suspend := c.get("/ops/operators/shenhe01").one("form[action=/ops/operators/shenhe01/suspension]")
	asked := c.post("/ops/operators/shenhe01/suspension", "_once", attr(find(suspend, "input[name=_once]")[0], "value"))
	c.confirmed(asked, opsAdmin)
	reviewer.get("/ops/").at("/ops/login")
	c.get("/ops/operators?state=suspended").says("shenhe01@ops")

	c.get("/ops/operators/pingtai01").says("由另一位平台管理员办理").lacks("form[data-form=main]")
	c.do(http.MethodGet, "/ops/operators/nobody99", nil).is(http.StatusNotFound)
	c.do(http.MethodGet, "/ops/operators?role=super_admin", nil).is(http.StatusNotFound)
	var list listing[operatorWire]
	must(t, json.Unmarshal([]byte(c.get("/ops/operators.json").is(200).body), &list))
	if len(list.Rows) != 4 || list.Rows[0].Login != "zhidu01@ops" || list.Rows[0].State != "unbound" {
		t.Errorf("the twin is %+v", list)
	}
	c.get("/ops/operators.csv").is(200).says("平台管理员")
	if log := p.text("SELECT count(*)::text FROM audit_rows WHERE merchant_id = 0 AND actor = 'pingtai01@ops' AND action LIKE 'operator.%' AND outcome = 'done'"); log != "3" {
		t.Errorf("%s rows in the platform's log", log)
	}
}

func TestAnotherAmountThatTheChannelSaysIsToldInWords(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	must(t, p.db.InTx(t.Context(), func(tx db.Tx) error {
		return difference.Raise(t.Context(), tx, store, difference.Transfer, "1900000208202611234000000001", difference.Amount(88_01), "SUCCESS", p.clock.Now())
	}))
	c := p.opsIn(opsReviewer)
	c.get("/ops/channel").is(200).says("金额不一致：88.01 元")
	if csv := c.do(http.MethodGet, "/ops/channel.csv", nil).is(200); !strings.Contains(csv.body, "金额不一致：88.01 元") {
		t.Error(csv.body)
	}
}
