package web

import (
	"net/http"
	"net/url"
	"testing"

	"zhanggui/internal/sandbox"
)

// password is the initial password of the demo's account.
func password(t *testing.T, mchid int64, login string) string {
	t.Helper()
	for _, m := range sandbox.Merchants {
		for _, member := range m.Members {
			if m.ID == mchid && member.Login == login {
				return member.Password
			}
		}
	}
	t.Fatalf("nobody is called %s@%d", login, mchid)
	return ""
}

// firstDay is a desktop that signed in by password and stands at the guide.
func (p *portal) firstDay(mchid int64, login string) (*client, *answer) {
	p.t.Helper()
	c := p.browser()
	page := c.get("/login/password").has("input[name=login]").has("input[name=password][type=password]")
	name := login + "@" + decimal(int(mchid))
	return c, c.submit(page, "login", name, "password", password(p.t, mchid, login)).at("/bind").is(http.StatusOK)
}

func TestASuperAdminBindsOnTheFirstDay(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c, guide := p.firstDay(1900000307, "admin01")
	guide.says("绑定微信号", "admin01@1900000307", "结算账户").has("form[data-form=main] input[name=settlement_account]").lacks(".qr")
	c.get("/trades").at("/bind")
	c.submit(guide, "settlement_account", "12345678").is(http.StatusUnprocessableEntity).has(".banner-fail").says("2")
	c.submit(guide, "settlement_account", "6299461416274372").at("/bind").has(".scan[data-ticket-url]")
	d := c.desk("/bind")
	phone := p.phone("p-zhouchenguang")
	ask := phone.get(d.link).says("把这个微信绑定到晨光健身", "admin01@1900000307", "周*光")
	consent := phone.submit(ask, "decision", "confirm", "number", d.number).says("同意核对", "核对什么", "为什么", "保存多久", "向谁咨询")
	d.refreshed().says("请在手机上继续")
	wechat := phone.submit(consent, "decision", "confirm").at("/sandbox/wechat/appauth/authindex").says("允许核对您的实名信息")
	phone.submit(wechat, "decision", "confirm").at("/m/check").says("绑定完成")
	d.refreshed().says("已绑定", "请用微信扫码登录")
	p.signedIn("p-zhouchenguang").get("/").says("晨光健身")
	again := p.browser()
	again.submit(again.get("/login/password"), "login", "admin01@1900000307", "password", password(t, 1900000307, "admin01")).
		is(http.StatusUnprocessableEntity).has(".banner-fail")
}

func TestTheWrongPersonIsRefusedOnBothScreens(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c, _ := p.firstDay(1900000208, "wrongwx")
	d, phone := c.desk("/bind"), p.phone("p-hejun")
	consent := phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
	wechat := phone.submit(consent, "decision", "confirm")
	phone.submit(wechat, "decision", "confirm").says("没有绑定")
	d.refreshed().says("已作废", "实名信息与登录账号登记的本人不一致").lacks(".qr")
	var bindings, requests int
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM wechat_bindings b JOIN login_accounts a
		ON a.id = b.account_id WHERE a.login = 'wrongwx'), (SELECT count(*) FROM binding_requests)`).Scan(&bindings, &requests))
	if bindings != 0 || requests != 0 {
		t.Errorf("%d bindings and %d requests are kept of a wrong person", bindings, requests)
	}
}

func TestConsentRefusedOnEitherPageStopsTheBinding(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, where := range []string{"ours", "WeChat's"} {
		c, _ := p.firstDay(1900000208, "wrongwx")
		d, phone := c.desk("/bind"), p.phone("p-hejun")
		page := phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
		if where != "ours" {
			page = phone.submit(page, "decision", "confirm").at("/sandbox/wechat/appauth/authindex")
		}
		phone.submit(page, "decision", "refuse").says("已拒绝绑定")
		d.refreshed().says("已拒绝", "没有绑定任何微信")
	}
}

func TestAnEmployeeWaitsForTheSuperAdmin(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c, guide := p.firstDay(1900000208, "caiwu02")
	guide.lacks("input[name=settlement_account]")
	d, phone, admin := c.desk("/bind"), p.phone("p-luowenbo"), p.phone("p-sumingyue")
	wechat := phone.submit(phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number), "decision", "confirm")
	phone.submit(wechat, "decision", "confirm").says("等待超级管理员同意")
	d.refreshed().says("等待超级管理员同意")
	c.get("/bind").says("等待超级管理员同意").lacks(".qr")
	var id string
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT id::text FROM binding_requests`).Scan(&id))
	phone.get("/m/bindings/" + id).is(http.StatusNotFound) // not the employee's to answer
	ask := admin.get("/m/bindings/"+id).says("同意罗*博绑定微信吗", "caiwu02@1900000208", "财务")
	admin.submit(ask).is(http.StatusUnprocessableEntity).has(".banner")
	admin.submit(ask, "decision", "confirm").is(http.StatusOK).says("已同意绑定")
	admin.submit(ask, "decision", "refuse").is(http.StatusConflict).says("已同意绑定")
	p.signedIn("p-luowenbo").get("/").says("云上百货")
}

func TestAFormIsNotAnsweredByAnotherPhoneOfTheSameBrowser(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, shared := p.desk(), p.browser()
	open := func(person string) *answer {
		return shared.get("/sandbox/phone/" + person + "/open?url=" + url.QueryEscape(d.link))
	}
	ask := open("p-sumingyue").has("input[name=number]")
	open("p-hejingyi").is(http.StatusConflict) // the second window takes the browser's /m/ cookie
	again := shared.submit(ask, "decision", "confirm", "number", d.number).is(http.StatusOK)
	again.says("您的选择没有执行").has("input[name=number]")
	d.refreshed().says("已扫码")
	shared.submit(again, "decision", "confirm", "number", d.number).says("已确认登录")
	d.enter().says("苏*月")
}

func TestPasswordRefusalsSayTheSame(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.browser()
	page := c.get("/login/password")
	c.submit(page).is(http.StatusUnprocessableEntity).says("请填写登录账号", "请填写初始密码").has("input[name=login][aria-invalid=true]")
	wrong := c.submit(page, "login", "admin01@1900000307", "password", "wrong").is(http.StatusUnprocessableEntity)
	wrong.has("input[name=login][value=admin01@1900000307]")
	unknown := c.submit(page, "login", "nobody1@1900000307", "password", "wrong").is(http.StatusUnprocessableEntity)
	bound := c.submit(page, "login", "admin01@1900000208", "password", "wrong").is(http.StatusUnprocessableEntity)
	if wrong.text() != unknown.text() || wrong.text() != bound.text() {
		t.Error("the page tells which accounts there are")
	}
}
