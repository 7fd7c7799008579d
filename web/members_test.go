package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/sandbox"
)

// Logins of the store's staff, beside its owner.
const (
	storeClerk      = "p-guoting" // kefu01, 客服
	storeOperations = "p-marui"   // yunying01, 运营
	outsider        = "p-lihua"   // works for nobody yet
	membersPage     = "/account/members"
	clerkPage       = "/account/members/kefu01"
)

// people are the papers of the cast.
func people(t *testing.T, id string) sandbox.Person {
	t.Helper()
	for _, p := range sandbox.Persons {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("nobody is %s", id)
	return sandbox.Person{}
}

// newcomer fills the form of a new member for one of the cast.
func newcomer(t *testing.T, login, person string, roles ...string) []string {
	p := people(t, person)
	pairs := []string{"login", login, "name", p.Name, "id_type", string(p.IDType), "id_number", p.IDNumber, "mobile", p.Mobile}
	for _, r := range roles {
		pairs = append(pairs, "role", r)
	}
	return pairs
}

// does sends a form of a page, found by where it posts to.
func (c *client) does(a *answer, action string, pairs ...string) *answer {
	c.t.Helper()
	form := a.one("form[action=" + action + "]")
	sent := values(pairs...)
	for _, in := range find(form, "input[type=hidden]") {
		sent.Set(attr(in, "name"), attr(in, "value"))
	}
	return c.follow(c.do(http.MethodPost, action, sent))
}

// told is the initial password that a confirmation's page shows once, at a click.
func (c *client) told(asked *answer) string {
	c.t.Helper()
	at := asked.url.Path
	page := c.get(at).is(200).reads("h1", "已完成").lacks("[data-copy]")
	shown := c.does(page, at+"/secret").is(200)
	c.do(http.MethodPost, at+"/secret", values()).is(404)
	return attr(shown.one("[data-copy]"), "data-copy")
}

func TestTheFirstEmployeeFromCreationToSignIn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	form := owner.get(membersPage + "/new").is(200).within(3).has("nav.side a[href=/account/members][aria-current=page]")
	asked := owner.submit(form, newcomer(t, "lihua01", outsider, "service")...).is(200)
	asked.reads("h1", "核对并扫码确认").reads(".facts dd", "lihua01@1900000208").reads(".facts dd", "李*").reads(".facts dd", "客服")
	if strings.Contains(asked.body, people(t, outsider).IDNumber) || strings.Contains(asked.body, people(t, outsider).Mobile) {
		t.Error("the page shows whole papers")
	}
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	password := owner.told(asked)

	c := p.browser()
	c.submit(c.get("/login/password"), "login", "lihua01@1900000208", "password", password).at("/bind").is(200)
	c.get(membersPage).at("/bind") // and to nothing else
	d, phone := c.desk("/bind"), p.phone(outsider)
	wechat := phone.submit(phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number), "decision", "confirm")
	phone.submit(wechat, "decision", "confirm").says("等待超级管理员同意")

	list := owner.get(membersPage).is(200).within(3).reads("#bindings", "等待处理的绑定申请").says("李*（lihua01），角色 客服").reads("tbody .tag", "绑定待处理")
	answer := owner.does(list, "/account/members/lihua01/binding", "decision", "confirm").is(200).reads("h1", "核对并扫码确认")
	p.confirmedBy(storeOwner, answer).is(200).reads("h1", "已确认并执行")
	p.signedIn(outsider).get("/").is(200).says("云上百货", "李*")
	owner.get(membersPage+"?state=active").reads("tbody th", "lihua01").lacks("#bindings")
}

func TestAFormOfANewMemberKeepsItsTextAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	form := owner.get(membersPage + "/new").is(200)
	for name, c := range map[string]struct {
		pairs []string
		says  string
	}{
		"a short login": {newcomer(t, "li", outsider, "service"), "登录账号应为 6 至 12 位数字或字母"},
		"a used login":  {newcomer(t, "KEFU01", outsider, "service"), "这个登录账号已被使用"},
		"no role":       {newcomer(t, "lihua01", outsider), "请至少选择一个角色"},
		"super admin":   {newcomer(t, "lihua01", outsider, "super_admin"), "超级管理员只能移交"},
		"unknown role":  {newcomer(t, "lihua01", outsider, "owner"), "没有这个角色"},
	} {
		a := owner.submit(form, c.pairs...).is(422).has(".banner-fail")
		if !strings.Contains(a.text(), c.says) || a.value("name") != people(t, outsider).Name || a.value("login") != c.pairs[1] {
			t.Errorf("%s: %s", name, a.text())
		}
	}
	asked := owner.submit(form, newcomer(t, "lihua01", outsider, "service")...).is(200)
	if again := owner.submit(form, newcomer(t, "lihua01", outsider, "service")...); again.url.Path != asked.url.Path {
		t.Error("the form sent twice asks twice")
	}
	owner.submit(form, newcomer(t, "lihua02", outsider, "service")...).is(422).says("已经提交过一次")
	cancelled := owner.does(owner.get(asked.url.Path), asked.url.Path+"/cancellation").is(200).at(membersPage + "/new")
	if cancelled.value("login") != "lihua01" || cancelled.value("id_number") == "" {
		t.Error("the form does not open again with its text")
	}
	if n := p.count("login_accounts WHERE login = 'lihua01'"); n != 0 {
		t.Error("somebody was made")
	}
}

func TestARoleChangeHoldsFromTheNextClickOfAnOpenSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner, clerk := p.signedIn(storeOwner), p.signedIn(storeClerk)
	clerk.get("/trades/imports").is(403)
	form := owner.get(clerkPage + "/roles").is(200).within(3).has("input[value=service][checked]").lacks("input[value=super_admin]")
	owner.submit(form, "role", "service").is(422).says("角色没有变化")
	asked := owner.submit(form, "role", "service", "role", "finance").is(200).reads(".facts dd", "导入交易账单")
	clerk.get("/trades/imports").is(403)
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	clerk.get("/trades/imports").is(200)
	clerk.get("/inbox").says("您的角色已更改为：财务、客服")
	form = owner.get(clerkPage + "/roles")
	p.confirmedBy(storeOwner, owner.submit(form, "role", "readonly").is(200)).is(200)
	clerk.get("/trades/imports").is(403)
	clerk.get("/trades").is(200)
}

func TestASuspendedMemberIsOutAtTheNextClick(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner, clerk := p.signedIn(storeOwner), p.signedIn(storeClerk)
	asked := owner.does(owner.get(clerkPage).is(200).within(3), clerkPage+"/suspension").is(200)
	clerk.get("/trades").is(200)
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	clerk.get("/trades").at("/login")
	page := owner.get(clerkPage).reads(".page-head .tag", "已停用").lacks("form[action=" + clerkPage + "/suspension]")
	asked = owner.does(page, clerkPage+"/resumption").is(200)
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	p.signedIn(storeClerk).get("/trades").is(200)
}

func TestOthersSessionsEndAndTheirPhonesAreReset(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner, clerk := p.signedIn(storeOwner), p.signedIn(storeClerk)
	asked := owner.does(owner.get(clerkPage).is(200).says("1 个，最近使用"), clerkPage+"/sessions/end").is(200)
	p.confirmedBy(storeOwner, asked).is(200).says("1 个")
	clerk.get("/trades").at("/login")
	asked = owner.does(owner.get(clerkPage), clerkPage+"/reset").is(200).says("只显示一次")
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	password := owner.told(asked)
	p.phone(storeClerk).get(p.desk().link).is(403).says("没有绑定任何登录账号")
	c := p.browser()
	c.submit(c.get("/login/password"), "login", "kefu01@1900000208", "password", password).at("/bind").is(200)
}

func TestNobodyTouchesTheSuperAdminOrThemselves(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	own := owner.get(membersPage+"/admin01").is(200).says("这是您自己的登录账号", "只能移交给另一位成员").lacks("main form")
	for _, path := range []string{"/suspension", "/reset", "/sessions/end"} {
		key := owner.get(membersPage + "/new").key()
		owner.post(own.url.Path+path, "_once", key).is(422).says("不能对自己的登录账号做这项操作")
	}
	owner.get(own.url.Path + "/roles").is(422).says("不能对自己的登录账号做这项操作")
}

func TestThePersonsOwnWeChatChangesWithTheOldOneInHand(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	clerk, elsewhere := p.signedIn(storeClerk), p.signedIn(storeClerk)
	asked := clerk.does(clerk.get("/account/profile").is(200).within(3), "/account/profile/rebinding").is(200)
	asked.reads(".panel h2", "解除自己的微信绑定").says("其他会话全部结束")
	p.confirmedBy(storeClerk, asked).is(200).reads("h1", "已确认并执行")
	elsewhere.get("/").at("/login")
	password := clerk.told(asked) // the session that asked is narrowed, and still sees its own result
	clerk.get("/trades").at("/bind").is(200).has(".scan[data-ticket-url]")
	c := p.browser()
	c.submit(c.get("/login/password"), "login", "kefu01@1900000208", "password", password).at("/bind").is(200)
	p.phone(storeClerk).get(p.desk().link).is(403).says("没有绑定任何登录账号")
}

func TestTheSuperAdminHandsOverWithBothPhones(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner, finance := p.signedIn(storeOwner), p.signedIn(storeFinance)
	form := owner.get("/account/handover?to=caiwu01").is(200).within(3).has("input[name=to][value=caiwu01][checked]").
		lacks("input[name=to][value=admin01]").lacks("input[name=to][value=caiwu02]") // nobody without a WeChat
	owner.submit(form, "to", "admin01", "keeps", "readonly").is(422).says("不能对自己的登录账号")
	owner.submit(owner.get("/account/handover"), "to", "nobody1", "keeps", "readonly").is(422).says("请选择一位已绑定微信")
	owner.submit(owner.get("/account/handover"), "to", "caiwu01").is(422).says("请选择移交后您自己保留的角色")
	asked := owner.submit(form, "to", "caiwu01", "keeps", "readonly").is(200).reads(".facts dd", "超级管理员")
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	owner.get(membersPage).says("移交等待对方确认", "撤回移交")
	link := p.messages("handover_asked")[0]
	p.phone(storeClerk).get(link).is(404)
	receiver := p.phone(storeFinance)
	ask := receiver.get(link).is(200).says("接任云上百货的超级管理员？", "admin01@1900000208（苏*月）", "只读")
	receiver.submit(ask).is(422).says("请选择确认或拒绝")
	owner.get(membersPage + "/new").is(200) // still the super admin
	receiver.submit(ask, "decision", "confirm").is(200).says("您已成为超级管理员")
	receiver.submit(ask, "decision", "refuse").is(409).says("您已成为超级管理员")
	if at := p.text("SELECT address FROM audit_rows WHERE action = 'superadmin.answer' AND outcome = 'done'"); at != "127.0.0.1" {
		t.Errorf("the log says that the receiver's phone was at %q", at)
	}
	owner.get(membersPage).is(403)
	finance.get(membersPage + "/new").is(200)
	owner.get("/trades").is(200)
}

func TestAHandoverIsTakenBackOrLapses(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	hand := func() string {
		form := owner.get("/account/handover").is(200)
		p.confirmedBy(storeOwner, owner.submit(form, "to", "caiwu01", "keeps", "finance").is(200)).is(200).reads("h1", "已确认并执行")
		links := p.messages("handover_asked")
		return links[len(links)-1]
	}
	link := hand()
	waits := owner.get("/account/handover").is(200).lacks("form[data-form=main]")
	back := "/account/handover/" + link[strings.LastIndexByte(link, '/')+1:] + "/withdrawal"
	p.signedIn(storeFinance).do(http.MethodPost, back, nil).is(403)
	owner.does(waits, back).at(membersPage).says("已撤回移交")
	p.phone(storeFinance).get(link).is(200).says("移交已撤回").lacks("form")
	link = hand()
	p.clock.Advance(24 * time.Hour)
	p.phone(storeFinance).get(link).is(200).says("移交已失效").lacks("form")
	p.signedIn(storeOwner).get(membersPage + "/new").is(200)
}

func TestAClerkMeetsA403AsksAndGetsThePermission(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner, clerk := p.signedIn(storeOwner), p.signedIn(storeClerk)
	refused := clerk.get("/trades/imports").is(403).says("导入交易账单", "超级管理员、财务", "苏*月").within(3)
	clerk.does(refused, "/permissions/requests").at("/").says("已向超级管理员发出权限申请")
	clerk.does(clerk.get("/trades/imports"), "/permissions/requests").says("今天已经申请过这项权限")
	clerk.post("/permissions/requests", "permission", "trade.read").says("您已经有这项权限")
	clerk.post("/permissions/requests", "permission", "member.reset").says("只属于超级管理员")
	clerk.post("/permissions/requests", "permission", "books.burn").is(404)
	owner.get("/inbox").says("郭*（kefu01@1900000208）申请“导入交易账单”权限")
	var link string
	must(t, p.db.PG().QueryRow(t.Context(), "SELECT link FROM inbox_messages WHERE kind = 'permission_asked'").Scan(&link))
	form := owner.get(link).is(200).within(3).has("input[value=finance][checked]").has("input[value=service][checked]").says("郭*申请“导入交易账单”权限")
	p.confirmedBy(storeOwner, owner.submit(form, "role", "service", "role", "finance").is(200)).is(200).reads("h1", "已确认并执行")
	clerk.get("/trades/imports").is(200)
	owner.get(link).says("对方已经有这项权限")
}

func TestTheSuperAdminGrantsOnThePhone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	clerk := p.signedIn(storeClerk)
	clerk.does(clerk.get("/trades/imports").is(403), "/permissions/requests").at("/")
	link := p.messages("permission_asked")[0]
	p.phone(storeFinance).get(link).is(404)
	phone := p.phone(storeOwner)
	ask := phone.get(link).is(200).says("更改郭*的角色", "导入交易账单").has("form[data-form=main]")
	phone.submit(ask).is(422)
	phone.submit(ask, "decision", "refuse").is(200).says("没有增加角色")
	clerk.get("/trades/imports").is(403)
	phone.submit(ask, "decision", "confirm", "hash", "0").is(403).says("内容与手机上显示的不一致")
	phone.submit(ask, "decision", "confirm", "role", "super_admin").is(404)
	phone.submit(ask, "decision", "confirm").is(200).reads("h1", "已确认并执行")
	clerk.get("/trades/imports").is(200)
	phone.get(link).is(200).says("已经有这项权限").lacks("form")
	clerk.post("/permissions/requests", "permission", "audit.read").at("/")
	links := p.messages("permission_asked")
	phone.get(links[len(links)-1]).is(200).says("没有合适的角色")
}

func TestWhatIsTheSuperAdminsAloneCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.signedIn(storeClerk).get("/account/handover").is(403).says("只属于超级管理员").lacks("form[action=/permissions/requests]")
}

func TestMembersAreListedAsPageFileAndJSON(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	owner.get(membersPage).reads("tbody th", "wrongwx").reads("tbody td", "谢*然").reads(".pager", "本页 8 位")
	owner.get(membersPage+"?q=KEFU&role=service").reads(".pager", "本页 2 位").value("f-q")
	owner.get(membersPage+"?q=nobody").is(200).reads(".empty", "没有符合条件的成员").has(".empty a[href=/account/members]")
	owner.get(membersPage + "?state=gone").is(404)
	owner.get(membersPage + "?size=7").is(422)
	owner.get(membersPage + "?cursor=x").is(422)
	json := owner.get(membersPage + ".json?state=unbound").is(200).body
	for _, want := range []string{`"login":"caiwu02@1900000208"`, `"roles":["finance"]`, `"state":"unbound"`, `"next":""`} {
		if !strings.Contains(json, want) {
			t.Errorf("%s lacks %s", json, want)
		}
	}
	csv := owner.get(membersPage + ".csv").is(200).body
	if lines := strings.Count(strings.TrimSpace(csv), "\n"); lines != 8 || !strings.Contains(csv, "只读") || strings.Contains(csv, people(t, storeOwner).Mobile) {
		t.Errorf("the file has %d lines: %s", lines, csv)
	}
	foreign := p.signedIn(teaOwner)
	foreign.get(membersPage+"/yunying01").reads("h1", "yunying01@1230000101")
	foreign.get(membersPage + "/zhidu01").is(404)
}

func TestAStorysOwnRole(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	form := owner.get("/account/roles/new?permission=member.write").is(200).has("input[value=member.write][checked]").lacks("input[value=member.reset]")
	owner.submit(form, "name", "财务", "permission", "trade.read").is(422).says("已经有叫这个名称的角色")
	owner.submit(form, "name", "店长").is(422).says("请至少选择一项").value("name")
	asked := owner.submit(form, "name", "店长", "permission", "member.write", "permission", "trade.read", "permission", "funds.read").is(200)
	asked.reads(".facts dd", "查看交易订单、查看资金、查看成员与角色、管理成员") // what it cannot be used without comes along
	p.confirmedBy(storeOwner, asked).is(200).reads("h1", "已确认并执行")
	list := owner.get("/account/roles").is(200).within(3).reads("tbody th", "店长").reads("tbody td", "自定义")
	at := ""
	for _, a := range find(list.doc, "tbody th a") {
		if textOf(a) == "店长" {
			at = attr(a, "href")
		}
	}
	p.confirmedBy(storeOwner, owner.submit(owner.get(clerkPage+"/roles"), "role", at[strings.LastIndexByte(at, '/')+1:]).is(200)).is(200).reads("h1", "已确认并执行")

	manager := p.signedIn(storeClerk)
	manager.get("/account/profile").reads(".facts dd", "店长")
	manager.get(membersPage).is(200).lacks("a[href=/account/handover]")
	manager.get(membersPage + "/zhidu01").is(200).lacks("form[action=/account/members/zhidu01/reset]").has("form[action=/account/members/zhidu01/suspension]")
	manager.get(membersPage + "/new").has("input[value=finance][disabled]").lacks("input[value=readonly][disabled]").says("含有您没有的权限")
	manager.submit(manager.get(membersPage+"/new"), newcomer(t, "lihua01", outsider, "finance")...).is(422).says("您没有“导入交易账单”权限")
	manager.get("/account/roles/new").is(403)
	manager.get(at).is(200).lacks("form[data-form=main]").says("查看成员与角色")
	made := manager.submit(manager.get(membersPage+"/new"), newcomer(t, "lihua01", outsider, "readonly")...).is(200)
	p.confirmedBy(storeClerk, made).is(200).reads("h1", "已确认并执行")

	owner.does(owner.get(at), at+"/deletion").is(422).says("还有成员使用这个角色")
	changed := owner.submit(owner.get(at), "name", "值班", "permission", "trade.read").is(200).says("1 位成员使用这个角色")
	p.confirmedBy(storeOwner, changed).is(200).reads("h1", "已确认并执行")
	manager.get(membersPage).is(403)
	manager.get("/trades").is(200)
	p.confirmedBy(storeOwner, owner.submit(owner.get(clerkPage+"/roles"), "role", "service").is(200)).is(200)
	p.confirmedBy(storeOwner, owner.does(owner.get(at), at+"/deletion").is(200)).is(200).reads("h1", "已确认并执行")
	owner.get(at).is(404)
	if json := owner.get("/account/roles.json").body; !strings.Contains(json, `"code":"super_admin"`) || strings.Contains(json, "值班") {
		t.Errorf("roles as JSON: %s", json)
	}
	owner.get("/account/roles.csv").is(200)
}

func TestTheRightTakenAwayBetweenAskingAndConfirming(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	owner := p.signedIn(storeOwner)
	asked := owner.submit(owner.get(membersPage+"/new"), newcomer(t, "lihua01", outsider, "service")...).is(200)
	form := owner.get("/account/handover").is(200)
	p.confirmedBy(storeOwner, owner.submit(form, "to", "caiwu01", "keeps", "readonly").is(200)).is(200)
	receiver := p.phone(storeFinance)
	receiver.submit(receiver.get(p.messages("handover_asked")[0]), "decision", "confirm").is(200)
	p.confirmedBy(storeOwner, asked).reads("h1", "没有执行").says("您没有“管理成员”权限")
	if n := p.count("login_accounts WHERE login = 'lihua01'"); n != 0 {
		t.Error("somebody was made all the same")
	}
}
