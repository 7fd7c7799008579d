package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"
)

func TestTheWorldListsItsPeopleAndTheirPhones(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.browser().get("/sandbox/").is(http.StatusOK).says("晨光健身", "admin01@1900000307", "secret", "6299461416274372").
		has("a[href=/sandbox/phone/p-zhouchenguang/]")
	p.browser().get("/sandbox/gallery").is(http.StatusOK).has(".qr")
	p.browser().get("/sandbox/phone/p-nobody/").is(http.StatusNotFound)
}

func TestAPhoneShowsItsMessagesAndOpensTheirLinks(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.browser()
	c.get("/sandbox/phone/p-sumingyue/").is(http.StatusOK).says("还没有消息", "苏明月的手机")
	must(t, p.tell("p-sumingyue", "有员工申请绑定微信", p.url+"/m/bindings/0193a0a0-0000-7000-8000-000000000000"))
	c.get("/sandbox/phone/p-sumingyue/").says("有员工申请绑定微信")
	chat := c.get("/sandbox/phone/p-sumingyue/official").says("有员工申请绑定微信", "查看详情")
	link := attr(chat.one(".ph-msg a"), "href")
	c.get(link).at("/m/bindings/0193a0a0-0000-7000-8000-000000000000").is(http.StatusNotFound)
}

func TestAPhoneScansALinkOrAPicture(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d, c := p.desk(), p.browser()
	c.get("/sandbox/phone/p-sumingyue/scan").has("input[name=link]").has("input[name=picture][type=file]")
	scan := func(link string, picture []byte) *answer { return c.scans("p-sumingyue", link, picture) }
	scan("", nil).is(http.StatusUnprocessableEntity).says("请粘贴链接，或选择一张图片")
	scan("https://evil.example/x", nil).is(http.StatusUnprocessableEntity).says("只能打开本平台的链接").
		has("input[name=link][value=https://evil.example/x]")
	scan("", []byte("no picture")).is(http.StatusUnprocessableEntity).says("没有读到图片")
	scan("", must1(qrcode.Encode("https://evil.example/y", qrcode.Medium, 300))).is(http.StatusUnprocessableEntity).says("evil.example/y")
	scan("", must1(qrcode.Encode(d.link, qrcode.Medium, 300))).is(http.StatusOK).has("input[name=number]")
	scan(d.link, nil).is(http.StatusOK).has("input[name=number]")
	c.get("/sandbox/phone/p-sumingyue/open?url=" + url.QueryEscape("https://evil.example/")).is(http.StatusUnprocessableEntity)
}

// scans uses 扫一扫 on a person's phone.
func (c *client) scans(person, link string, picture []byte) *answer {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(c.t, w.WriteField("link", link))
	part, err := w.CreateFormFile("picture", "")
	if picture != nil {
		part, err = w.CreateFormFile("picture", "code.png")
	}
	must(c.t, err)
	_, err = part.Write(picture)
	must(c.t, err)
	must(c.t, w.Close())
	return c.follow(c.do(http.MethodPost, "/sandbox/phone/"+person+"/scan", nil, func(r *http.Request) {
		r.Header.Set("Content-Type", w.FormDataContentType())
		fresh, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), &body)
		must(c.t, err)
		r.Body, r.ContentLength = fresh.Body, fresh.ContentLength
	}))
}

func TestTheDemosJSONIsAsPromised(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.browser()
	keys := func(a *answer, want ...string) map[string]any {
		t.Helper()
		var got map[string]any
		must(t, json.Unmarshal([]byte(a.is(http.StatusOK).body), &got))
		for _, k := range want {
			if _, there := got[k]; !there {
				t.Errorf("%s has no %s: %s", a.url, k, a.body)
			}
		}
		return got
	}
	all := keys(c.get("/sandbox/api/credentials"), "base_url", "api_base_url", "ca_pem", "platform", "merchants", "operators", "persons")
	if all["platform"] != nil || all["operators"] != nil {
		t.Error("what does not exist is not null")
	}
	keys(c.get("/sandbox/api/clock"), "now", "offset_seconds")
	advance := func(body string) *answer {
		return c.do(http.MethodPost, "/sandbox/api/clock/advance", nil, func(r *http.Request) {
			fresh := must1(http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), strings.NewReader(body)))
			r.Body, r.ContentLength = fresh.Body, fresh.ContentLength
			r.Header.Set("Content-Type", "application/json")
		})
	}
	if ran := keys(advance(`{"duration":"24h"}`), "now", "ran")["ran"]; ran == nil {
		t.Error("nobody says what ran")
	}
	for _, bad := range []string{``, `{}`, `{"duration":"-1h"}`, `{"duration":"9999999h"}`, `[]`, `{"duration":"1h"} {}`} {
		if a := advance(bad); a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s is answered %d", bad, a.status)
		}
	}
	if m := keys(c.get("/sandbox/api/messages?openid=none"), "messages")["messages"].([]any); len(m) != 0 {
		t.Errorf("a stranger has %d messages", len(m))
	}
}

func TestTheClockIsMovedByAPage(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.browser()
	page := c.get("/sandbox/clock").is(http.StatusOK).says("2026-11-22 11:20:05")
	c.submit(page, "duration", "soon").is(http.StatusUnprocessableEntity).has("input[name=duration][value=soon][aria-invalid=true]")
	c.submit(page, "duration", "24h").is(http.StatusOK).says("2026-11-23 11:20:05", "1 次")
}
