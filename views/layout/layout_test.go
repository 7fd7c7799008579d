package layout

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"zhanggui/views/ui"
)

func shown(t *testing.T, page templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := page.Render(templ.WithChildren(context.Background(), ui.Amount("1.00", "元")), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func holds(t *testing.T, html string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func lacks(t *testing.T, html string, unwanted ...string) {
	t.Helper()
	for _, bad := range unwanted {
		if strings.Contains(html, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

func inside() Page {
	return Page{Title: "交易订单", Path: "/trades?size=50", User: &User{Name: "周*海", Login: "caiwu01@1230000103", Role: "财务"},
		Merchant: Merchant{ID: "1230000103", Name: "山海便利"}, Menu: []Centre{{Word: "首页", Href: "/"},
			{Word: "交易中心", Href: "/trades", Current: true, Groups: []Group{{Word: "交易管理", Items: []Item{{Word: "交易订单", Href: "/trades", Current: true}}}}}}}
}

func TestThePortalSaysWhereOneIs(t *testing.T) {
	t.Parallel()
	html := shown(t, Portal(inside()))
	holds(t, html, "<title>交易订单 · 掌柜</title>", `<a href="/trades" aria-current="true">交易中心</a>`,
		`<a href="/trades" aria-current="page">交易订单</a>`, `value="/trades?size=50"`, `class="amount"`, `lang="zh-CN"`)
	lacks(t, html, "no-side", `class="count"`, "data-theme=", "切换商户", "http-equiv", "/sandbox/")
}

func TestWhatAPersonDoesNotHaveIsAbsent(t *testing.T) {
	t.Parallel()
	p := inside()
	p.Menu[1].Current = false
	p.Unread, p.Theme, p.Density, p.Sandbox = 120, Dark, ui.DensityDense, true
	p.SwitchTo, p.Merchants = "/account/merchant", []Merchant{p.Merchant, {ID: "1230000101", Name: "青禾茶饮"}}
	html := shown(t, Portal(p))
	holds(t, html, "no-side", `<span class="count">99+</span>`, `data-theme="zhanggui-dark"`, `data-density="dense"`, "切换商户", "/sandbox/")
	lacks(t, html, `class="side"><nav aria-label="交易中心"`)
}

func TestASwitchReturnsOnlyToOurselves(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/trades?a=b": "/trades?a=b", "": "/", "//evil.example/": "/", "https://evil.example": "/",
		"trades": "/", "/\\evil.example": "/", "%zz": "/"} {
		if got := (Page{Path: path}).back(); got != want {
			t.Errorf("%q returns to %q, want %q", path, got, want)
		}
	}
}

func TestTroubleKeepsTheFrameOfTheReader(t *testing.T) {
	t.Parallel()
	html := shown(t, Forbidden(inside(), "导入账单", "超级管理员", "trade.import"))
	holds(t, html, "导入账单", "超级管理员", "交易中心", "403")
	stranger := shown(t, Broken(Page{}, "7F3A91C2"))
	holds(t, stranger, "7F3A91C2", "500")
	lacks(t, stranger, "退出登录", "/inbox")
	holds(t, shown(t, PhoneTrouble(Page{}, "不行", "因为", "7F3A91C2")), "ph-result", "7F3A91C2")
}

func TestAPhonePageHasItsOwnStylesheet(t *testing.T) {
	t.Parallel()
	phone, chat := shown(t, Phone(Page{})), shown(t, SandboxPhone(Page{}, Chat{Title: "微信", Person: "周大海"}))
	for _, html := range []string{phone, chat} {
		holds(t, html, "/static/phone")
		lacks(t, html, `<link rel="stylesheet" href="/static/app`)
	}
}
