package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/identity"
)

func TestARefusedCodeLetsNobodyIn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone := p.desk(), p.phone("p-sumingyue")
	ask := phone.get(d.link)
	phone.submit(ask, "decision", "refuse").is(http.StatusOK).says("已拒绝登录", "没有人登录")
	d.refreshed().says("已拒绝", "手机上拒绝了这次登录", "重新获取二维码").lacks("form[data-submit-now]").lacks(".qr")
	phone.submit(ask, "decision", "confirm", "number", d.number).is(http.StatusConflict).says("没有完成")
	d.get("/").at("/login")
}

func TestAWrongNumberEndsTheCode(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone := p.desk(), p.phone("p-sumingyue")
	ask := phone.get(d.link)
	phone.submit(ask, "decision", "confirm").is(http.StatusUnprocessableEntity).has(".banner").has("input[name=number]")
	wrong := ""
	for _, in := range find(ask.doc, "input[name=number]") {
		if attr(in, "value") != d.number {
			wrong = attr(in, "value")
		}
	}
	phone.submit(ask, "decision", "confirm", "number", wrong).is(http.StatusOK).says("没有登录")
	phone.submit(ask, "decision", "confirm", "number", d.number).is(http.StatusConflict)
	d.refreshed().says("已作废").lacks("form[data-submit-now]")
}

func TestASecondPhoneIsRefusedAndBothScreensSaySo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, first, second := p.desk(), p.phone("p-sumingyue"), p.phone("p-hejingyi")
	ask := first.get(d.link)
	second.get(d.link).is(http.StatusConflict).says("没有完成").lacks("input[name=number]")
	d.refreshed().says("另一个微信也扫描了这个二维码")
	form := url.Values{"decision": {"confirm"}, "number": {d.number}}
	second.do(http.MethodPost, d.link, form).is(http.StatusConflict)
	first.submit(ask, "decision", "confirm", "number", d.number).says("已确认登录")
	d.enter().at("/").says("苏*月")
}

func TestACodeLastsTwoMinutes(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone := p.desk(), p.phone("p-sumingyue")
	ask := phone.get(d.link)
	p.clock.Advance(121 * time.Second)
	phone.submit(ask, "decision", "confirm", "number", d.number).is(http.StatusConflict)
	d.refreshed().says("已过期", "超过 2 分钟").lacks("form[data-submit-now]")
	p.phone("p-hejingyi").get(d.link).is(http.StatusNotFound)
}

func TestOnlyTheBrowserThatShowsTheCodeComesIn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone, thief := p.desk(), p.phone("p-sumingyue"), p.desk()
	phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number).says("已确认登录")
	session := "/login/tickets/" + strings.TrimPrefix(d.refreshedAddress(), "/login?ticket=") + "/session"
	thief.do(http.MethodPost, session, nil).is(http.StatusNotFound)
	thief.get(d.refreshedAddress()).says("不属于当前浏览器").lacks("form[data-submit-now]")
	thief.get("/").at("/login")
	d.enter().at("/")
}

func TestACodeOpensOneSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone := p.desk(), p.phone("p-sumingyue")
	phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
	d.refreshed()
	pre := d.http.Jar.Cookies(must1(url.Parse(p.url)))
	d.enter().at("/")
	again := p.browser() // a copy of the browser as it was before
	again.http.Jar.SetCookies(must1(url.Parse(p.url)), pre)
	again.post("/login/tickets/" + strings.TrimPrefix(d.refreshedAddress(), "/login?ticket=") + "/session").says("已使用")
	again.get("/").at("/login")
}

func TestSigningInRenewsTheSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	fixed := p.browser()
	home := must1(url.Parse(p.url))
	fixed.http.Jar.SetCookies(home, []*http.Cookie{{Name: "sid", Value: "chosen-by-somebody-else", Path: "/"}})
	d, phone := fixed.desk("/login"), p.phone("p-sumingyue")
	phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
	d.enter().at("/")
	for _, c := range fixed.http.Jar.Cookies(home) {
		if c.Name == "sid" && c.Value == "chosen-by-somebody-else" {
			t.Fatal("the session kept its id over the sign-in")
		}
		if c.Name == "pre" {
			t.Error("what the stranger was known by is still there")
		}
	}
}

func TestSigningOutEndsTheSessionEverywhere(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c, home := p.signedIn("p-sumingyue"), must1(url.Parse(p.url))
	copied := p.browser()
	copied.http.Jar.SetCookies(home, c.http.Jar.Cookies(home))
	copied.get("/account/profile").is(http.StatusOK)
	out := c.do(http.MethodPost, "/logout", nil).is(http.StatusSeeOther)
	if out.header.Get("Clear-Site-Data") == "" {
		t.Error("the browser keeps what it has seen")
	}
	c.get("/login").says("已退出登录")
	copied.get("/account/profile").at("/login")
}

func TestAWeChatOfTwoMerchantsChoosesOnThePhone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, phone := p.desk(), p.phone("p-liangyu")
	ask := phone.get(d.link).says("登录哪个商户", "小满书店", "老王面馆").has("input[name=mchid]")
	phone.submit(ask, "decision", "confirm", "number", d.number).is(http.StatusUnprocessableEntity).has(".banner")
	phone.submit(ask, "decision", "confirm", "number", d.number, "mchid", "1900000109").says("电脑正在进入老王面馆")
	d.enter().at("/").says("老王面馆")
	d.post("/account/switch", "mchid", "1230000102").at("/").says("已切换商户", "小满书店")
	d.do(http.MethodPost, "/account/switch", values("mchid", "1900000208")).is(http.StatusNotFound)
}

func TestAStrangersWeChatIsBoundNowhere(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d := p.desk()
	p.phone("p-zhouchenguang").get(d.link).is(http.StatusForbidden).lacks("input[name=number]")
	d.refreshed().says("等待扫码")
}

func TestGuessedCodesOpenNothing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	phone := p.phone("p-sumingyue")
	phone.get("/m/t/" + strings.Repeat("A", 43)).is(http.StatusNotFound)
	d := p.desk()
	for _, near := range []string{d.link + "A", d.link[:len(d.link)-1], strings.ToUpper(d.link[len(p.url)+5:])} {
		near = strings.TrimPrefix(near, p.url+"/m/t/")
		phone.get("/m/t/" + near).is(http.StatusNotFound).lacks("input[name=number]")
	}
}

func TestTooManyCodesOfOneAddressAreRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.deps.Gate = p.strictGate(identity.Limits{TicketsPerMinute: 30, TicketsWaiting: 3})
	c := p.serving(must1(New(p.deps)))
	for range 3 {
		c.do(http.MethodGet, "/login", nil).is(http.StatusOK)
	}
	a := c.do(http.MethodGet, "/login", nil).is(http.StatusTooManyRequests)
	if a.header.Get("Retry-After") == "" {
		t.Error("nobody says when to come again")
	}
	a.has("h1")
}

func TestNextLeadsOnlyWithinTheSite(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/trades?state=SUCCESS": "/trades?state=SUCCESS", "/": "/", "": "-", "trades": "-",
		"//evil.example": "-", "/\\evil.example": "-", "https://evil.example/": "-", "/%09/evil.example": "-",
		"/%5cevil.example": "-", "/%2f/evil.example": "-", "javascript:alert(1)": "-", "/a\r\nSet-Cookie: x": "-",
		"/\tx": "-", "/ok\x00": "-", "http:/x": "-", "///x": "-",
	} {
		if got := safeNext(next, "-"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
	p := newPortal(t)
	p.browser().get("/account/profile?x=1").at("/login")
	d := p.browser().desk("/login?next=%2F%2Fevil.example")
	d.page.lacks("a[href=//evil.example]")
	d = p.browser().desk("/login?next=" + url.QueryEscape("/account/profile"))
	phone := p.phone("p-sumingyue")
	phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
	d.enter().at("/account/profile")
}
