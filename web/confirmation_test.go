package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// profileForm is a form that asks for a confirmation.
const profileForm = "/account/merchant/profile"

// asking is a desktop whose form waits for the phone.
func (p *portal) asking(c *client, name string) *answer {
	p.t.Helper()
	form := c.get(profileForm).is(200)
	return c.post(profileForm, "short_name", name, "_once", form.key()).is(200).has("[data-ticket-url]")
}

func TestThePhoneShowsWhatTheDesktopAskedFor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	asked := p.asking(c, "云上好店")
	asked.reads("h1", "核对并扫码确认").reads(".facts dd", "云上好店").has("ol.guide li[aria-current=step]").has("[data-live]").has(".qr svg").
		reads(".scan", "只有苏*月（admin01@1900000208）绑定的微信可以确认")
	if !strings.Contains(asked.body, `http-equiv="refresh" content="3`) {
		t.Error("without scripts the page does not look again")
	}
	card := asked.one("[data-ticket-url]")
	phone := p.phone(storeOwner)
	ask := phone.get(attr(card, "data-ticket-url")).is(200)
	ask.reads(".ph-cells dd", "云上好店").reads(".ph-cells dd", "127.0.0.1").reads(".ph-cells dd", "admin01@1900000208")
	if n := len(find(ask.doc, "input[name=number]")); n != 3 {
		t.Errorf("%d numbers to choose from", n)
	}
	c.get(asked.url.Path).is(200).reads(".scan-state", "已扫码")
	done := phone.submit(ask, "decision", "confirm", "number", attr(card, "data-ticket-number")).is(200)
	done.reads("h1", "已确认并执行")
	end := c.get(asked.url.Path).is(200).reads("h1", "已完成").lacks("[data-live]").lacks("[data-ticket-url]").
		has("a[href=/account/merchant]").within(3)
	if strings.Contains(end.body, "http-equiv") {
		t.Error("the page goes on looking")
	}
	c.get("/account/merchant").reads(".facts dd", "云上好店")
}

func TestConfirmationsAreTheirDesktopsAlone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	at := p.asking(c, "云上好店").url.Path
	for name, other := range map[string]*client{"another session": p.signedIn(storeOwner), "another member": p.signedIn(storeFinance),
		"another merchant": p.signedIn(teaOwner)} {
		for _, path := range []string{at, at + "/events"} {
			if a := other.do(http.MethodGet, path, nil); a.status != 404 {
				t.Errorf("%s reads %s: %d", name, path, a.status)
			}
		}
		for _, path := range []string{at + "/cancellation", at + "/secret"} {
			if a := other.do(http.MethodPost, path, values()); a.status != 404 {
				t.Errorf("%s posts to %s: %d", name, path, a.status)
			}
		}
	}
	p.browser().do(http.MethodGet, at, nil).is(303)
	c.do(http.MethodGet, "/confirmations/x", nil).is(404)
	c.do(http.MethodPost, at+"/secret", values()).is(404)
	c.get(at).is(200).has("[data-ticket-url]")
}

func TestAnotherPersonsPhoneIsToldWhy(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	asked := p.asking(c, "云上好店")
	card := asked.one("[data-ticket-url]")
	p.phone(storeFinance).get(attr(card, "data-ticket-url")).is(403).says("只有其本人绑定的微信可以确认")
	c.get(asked.url.Path).says("另一个微信扫描了这个二维码")
	p.phone(storeOwner).get(attr(card, "data-ticket-url") + "x").is(404)
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
}

func TestTheEndsOfAConfirmationOnBothScreens(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	phone := p.phone(storeOwner)
	scan := func() (page, ask *answer, number string) {
		page = p.asking(c, "云上好店")
		card := page.one("[data-ticket-url]")
		return page, phone.get(attr(card, "data-ticket-url")).is(200), attr(card, "data-ticket-number")
	}
	page, ask, number := scan()
	phone.submit(ask, "decision", "confirm").is(422).says("请选择电脑上显示的数字")
	wrong := "10"
	if number == wrong {
		wrong = "11"
	}
	phone.submit(ask, "decision", "confirm", "number", wrong).is(200).says("选择的数字与电脑上显示的不一致")
	c.get(page.url.Path).reads("h1", "没有执行").says("不一致").has("a[href=" + profileForm + "?again=" + idOf(page) + "]")

	page, ask, number = scan()
	phone.submit(ask, "decision", "refuse").is(200).reads("h1", "已拒绝")
	phone.submit(ask, "decision", "confirm", "number", number).is(409).says("已经结束")
	c.get(page.url.Path).reads("h1", "已拒绝").says("手机上选择了拒绝")

	page, ask, number = scan()
	p.clock.Advance(5 * time.Minute)
	phone.submit(ask, "decision", "confirm", "number", number).is(409).says("已超过有效时间")
	c.get(page.url.Path).reads("h1", "确认已过期")

	page, ask, number = scan()
	phone.submit(ask, "decision", "confirm", "number", number).is(200)
	phone.submit(ask, "decision", "confirm", "number", number).is(409)
	c.get("/account/merchant").reads(".facts dd", "云上好店")
	_ = page
}

func idOf(page *answer) string { return page.url.Path[strings.LastIndexByte(page.url.Path, '/')+1:] }

func TestTheFormOpensAgainWithItsText(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	asked := p.asking(c, "云上好店")
	back := c.post(asked.url.Path + "/cancellation").is(200).at(profileForm).says("已返回")
	if back.value("short_name") != "云上好店" {
		t.Errorf("the form begins with %q", back.value("short_name"))
	}
	c.get(asked.url.Path).reads("h1", "已拒绝").says("在电脑上返回修改")
	p.signedIn(storeFinance).do(http.MethodGet, profileForm+"?again="+idOf(asked), nil).is(403)
	p.signedIn(teaOwner).get(profileForm + "?again=" + idOf(asked)).is(404)
	c.get(profileForm + "?again=x").is(404)
}

func TestOneFormIsOneConfirmation(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	key := c.get(profileForm).key()
	first := c.post(profileForm, "short_name", "云上好店", "_once", key)
	second := c.post(profileForm, "short_name", "云上好店", "_once", key)
	if first.url.Path != second.url.Path || p.count("confirmations") != 1 {
		t.Errorf("%s and %s", first.url.Path, second.url.Path)
	}
	changed := c.do(http.MethodPost, profileForm, values("short_name", "另一个店", "_once", key)).is(422).says("已经提交过一次")
	if changed.key() == key || changed.value("short_name") != "另一个店" {
		t.Error("the form has no fresh key, or lost its text")
	}
	for _, bad := range []string{"", "x", p.signedIn(storeOwner).get(profileForm).key()} {
		c.do(http.MethodPost, profileForm, values("short_name", "云上好店", "_once", bad)).is(422).says("停留过久")
	}
	if n := p.count("confirmations"); n != 1 {
		t.Errorf("%d confirmations", n)
	}
}

func TestAPhoneThatTurnedIntoAnotherIsAskedAgain(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	card := p.asking(c, "云上好店").one("[data-ticket-url]")
	phone := p.phone(storeOwner)
	ask := phone.get(attr(card, "data-ticket-url")).is(200)
	hash := attr(ask.one("input[name=hash]"), "value")
	a := phone.do(http.MethodPost, ask.url.Path, values("decision", "confirm", "number", attr(card, "data-ticket-number"),
		"shown_to", "o-somebody-else", "hash", hash)).is(303)
	phone.follow(a)
	c.get("/account/merchant").reads(".facts dd", "云上百货")
}

func TestTheDesktopHearsOfItsConfirmation(t *testing.T) {
	t.Parallel()
	p := livePortal(t, func(d *Deps) { d.Heartbeat = 30 * time.Millisecond })
	c := p.signedIn(storeOwner)
	d := &desk{client: c, page: p.asking(c, "云上好店")}
	lines, status := d.listen()
	if status != http.StatusOK {
		t.Fatalf("the stream answers %d", status)
	}
	until(t, lines, ": ")
	card := d.page.one("[data-ticket-url]")
	phone := p.phone(storeOwner)
	ask := phone.get(attr(card, "data-ticket-url"))
	until(t, lines, "已扫码")
	phone.submit(ask, "decision", "confirm", "number", attr(card, "data-ticket-number")).is(200)
	until(t, lines, "已完成")
	until(t, lines, "event: end")
}
