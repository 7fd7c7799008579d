package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// key is the one-time key of the page's main form.
func (a *answer) key() string {
	a.t.Helper()
	return attr(a.one("form[data-form=main] input[name=_once]"), "value")
}

// confirmedBy scans the code that the page shows and says yes on the person's phone.
func (p *portal) confirmedBy(person string, a *answer) *answer {
	p.t.Helper()
	card := a.one("[data-ticket-url]")
	phone := p.phone(person)
	return phone.submit(phone.get(attr(card, "data-ticket-url")), "decision", "confirm", "number", attr(card, "data-ticket-number"))
}

func TestTheMerchantsPageShowsWhatItIs(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	page := c.get("/account/merchant").is(200).within(3)
	page.reads("h1", "商户信息").reads(".facts dd", "1900000208").reads(".facts dd", "普通商户").reads(".facts dd", "云上百货").
		reads(".facts dd", "新资金账户").reads(".facts dd", "T+1").reads(".facts dd", "0.60%").reads(".facts dt", "AppID")
	page.has("a[href=/account/merchant/profile]").has("a[href=/account/merchant/card]").has("nav.side a[href=/account/merchant][aria-current=page]")
	p.signedIn(teaOwner).get("/account/merchant").is(200).within(3).reads(".facts dd", "特约商户").reads(".facts dd", "云帆收银")
	reader := p.signedIn(storeReader)
	reader.get("/account/merchant").is(200).lacks("a[href=/account/merchant/profile]").lacks("a[href=/account/merchant/card]")
	for _, path := range []string{"/account/merchant/profile", "/account/merchant/card"} {
		reader.get(path).is(403)
		reader.do("POST", path, values("short_name", "x")).is(403)
	}
}

func TestAProfileChangesAfterThePhoneSaidYes(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	form := c.get("/account/merchant/profile").is(200).within(3)
	if form.value("short_name") != "云上百货" || form.value("contact_phone") != "" {
		t.Errorf("the form begins with %q and %q", form.value("short_name"), form.value("contact_phone"))
	}
	wrong := c.do("POST", "/account/merchant/profile", values("short_name", "云上百货", "contact_phone", "电话", "_once", form.key())).is(422)
	wrong.has("#contact_phone[aria-invalid=true]").has(".banner-fail a[href=#contact_phone]")
	if wrong.value("contact_phone") != "电话" {
		t.Errorf("the text is lost: %q", wrong.value("contact_phone"))
	}
	asked := c.post("/account/merchant/profile", "short_name", "云上好店", "contact_phone", "13812345678", "_once", wrong.key()).is(200)
	c.get("/account/merchant").reads(".banner", "修改商户资料").has(".banner a[href="+asked.url.Path+"]").reads(".facts dd", "云上百货")
	p.signedIn(storeOwner).get("/account/merchant").reads(".banner", "另一个浏览器").lacks(".banner a")
	p.signedIn(storeFinance).get("/account/merchant").lacks(".banner")
	p.confirmedBy(storeOwner, asked).is(200)
	after := c.get("/account/merchant").within(3).reads(".facts dd", "云上好店").reads(".facts dd", "138****5678").reads("#merchant", "").
		reads(".panel-head small", "admin01@1900000208").lacks(".banner")
	if strings.Contains(after.body, "13812345678") {
		t.Error("the phone stands whole on the page")
	}
}

func TestACardChangeIsOnlyARequest(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(storeOwner)
	send := func(bank, account, again string, key *answer) *answer {
		return c.post("/account/merchant/card", "bank", bank, "account", account, "account_again", again, "_once", key.key())
	}
	form := c.get("/account/merchant/card").is(200).within(3)
	wrong := send("银", "12", "13", form).is(422).has("#bank[aria-invalid=true]").has("#account[aria-invalid=true]")
	if wrong.value("account") != "12" || wrong.value("bank") != "银" {
		t.Error("the text is lost")
	}
	wrong = send("中国建设银行", "6217001234567894321", "6217001234567894322", wrong).is(422).has("#account_again[aria-invalid=true]")
	asked := send("中国建设银行", "6217 0012 3456 7894 321", "6217001234567894321", wrong).is(200)
	said := p.confirmedBy(storeOwner, asked).is(200)
	if strings.Contains(said.body+asked.body, "6217001234567894321") {
		t.Error("the whole number is shown")
	}
	page := c.get("/account/merchant").is(200).within(3).reads("#card-change", "").reads(".facts .tag", "正在打款验证").
		reads(".facts dd", "**** 4321").reads(".banner", "正在向新卡打入验证款").lacks("a[href=/account/merchant/card]")
	send("中国银行", "6213001234567891111", "6213001234567891111", c.get("/account/merchant/card")).is(422).says("已有一份变更申请")
	reader := p.signedIn(storeReader)
	cancel := cancelForm(page)
	reader.get("/account/merchant").lacks("form[action=" + cancel + "]")
	reader.do("POST", cancel, values()).is(403)
	p.signedIn(noodlesOwner).do("POST", cancel, values()).is(404)
	c.do("POST", cancel, values()).leads("/account/merchant")
	c.get("/account/merchant").reads(".facts .tag", "已撤销").has("a[href=/account/merchant/card]")
	c.get("/inbox").reads(".todo", "已撤销结算银行卡变更").reads(".todo", "已申请变更结算银行卡")
}

func cancelForm(a *answer) string {
	a.t.Helper()
	var found *html.Node
	for _, f := range find(a.doc, "form") {
		if strings.HasSuffix(attr(f, "action"), "/cancellation") {
			found = f
		}
	}
	if found == nil {
		a.t.Fatal("no form takes the request back")
	}
	return attr(found, "action")
}
