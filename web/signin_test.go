package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// desk is a desktop that shows a code.
type desk struct {
	*client
	page   *answer
	link   string
	number string
}

func (p *portal) desk() *desk {
	p.t.Helper()
	return p.browser().desk("/login")
}

// desk opens the page and reads the code off its card.
func (c *client) desk(path string) *desk {
	c.t.Helper()
	d := &desk{client: c, page: c.get(path)}
	card := d.page.one(".scan[data-ticket-url]")
	d.link, d.number = attr(card, "data-ticket-url"), attr(card, "data-ticket-number")
	return d
}

// refreshed is where a browser without JavaScript looks next.
func (d *desk) refreshed() *answer { d.t.Helper(); return d.get(d.refreshedAddress()) }

func (d *desk) refreshedAddress() string {
	d.t.Helper()
	_, rest, found := strings.Cut(d.page.body, `http-equiv="refresh" content="3; url=`)
	address, _, _ := strings.Cut(rest, `"`)
	if !found {
		d.t.Fatalf("%s does not refresh by itself", d.page.url)
	}
	return html.UnescapeString(address)
}

// phone is the person's WeChat.
func (p *portal) phone(person string) *client {
	p.t.Helper()
	c := p.browser()
	c.get("/sandbox/wechat/as/" + person).is(200)
	return c
}

// signedIn is a desktop at which the person has signed in, by the same steps as people do.
func (p *portal) signedIn(person string, mchid ...string) *client {
	p.t.Helper()
	d := p.desk()
	phone := p.phone(person)
	ask := phone.get(d.link).is(200)
	pairs := []string{"decision", "confirm", "number", d.number}
	if len(mchid) > 0 {
		pairs = append(pairs, "mchid", mchid[0])
	}
	phone.submit(ask, pairs...).is(200).says("已确认登录")
	d.enter().is(200)
	return d.client
}

// enter presses the one button of a confirmed card.
func (d *desk) enter() *answer {
	d.t.Helper()
	page := d.refreshed().has("form[data-submit-now]")
	form := page.one("form[data-submit-now]")
	return d.post(attr(form, "action"), "next", attr(find(form, "input[name=next]")[0], "value"))
}

func TestAPersonSignsInByScanning(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d := p.desk()
	d.page.says("用微信扫码登录", "等待扫码").has(".qr svg path")
	phone := p.phone("p-sumingyue")
	ask := phone.get(d.link).says("登录云上百货", "商户号 1900000208", "admin01@1900000208", "电脑上显示的数字是？").
		has("input[name=number]").lacks("input[name=number][checked]").lacks("input[name=mchid]")
	d.refreshed().says("已扫码", "请在手机上选择数字 "+d.number)
	phone.submit(ask, "decision", "confirm", "number", d.number).says("已确认登录")
	home := d.enter().at("/").is(200)
	home.says("云上百货")
}
