package web

import (
	"strings"

	"zhanggui/internal/sandbox"
)

// The operators of the cast, by their phones.
const (
	opsAdmin    = "p-huojianping"
	opsReviewer = "p-nieyun"
	opsNewcomer = "p-yaomeng" // not bound yet
	customer    = "p-zhangmin"
)

// opsIn is a desktop at which an operator has signed in.
func (p *portal) opsIn(person string) *client {
	p.t.Helper()
	d := p.browser().desk("/ops/login")
	phone := p.phone(person)
	ask := phone.get(d.link).is(200).says("登录平台运营", "平台运营后台，不属于任何商户")
	phone.submit(ask, "decision", "confirm", "number", d.number).is(200).says("已确认登录")
	d.enter().is(200).at("/ops/")
	return d.client
}

// posts fills in a page's main form and sends it with its key.
func (c *client) posts(page string, pairs ...string) *answer {
	c.t.Helper()
	return c.submit(c.get(page).is(200), pairs...)
}

// confirmed answers a waiting confirmation on the operator's phone.
func (c *client) confirmed(asked *answer, person string) *answer {
	c.t.Helper()
	card := asked.is(200).one("[data-ticket-url]")
	phone := c.p.phone(person)
	ask := phone.get(attr(card, "data-ticket-url")).is(200)
	phone.submit(ask, "decision", "confirm", "number", attr(card, "data-ticket-number")).is(200).says("已确认并执行")
	return c.get(asked.url.Path).is(200).says("已完成")
}

// secret presses the button that shows what is told once.
func (c *client) secret(done *answer) string {
	c.t.Helper()
	shown := c.post(done.url.Path + "/secret").is(200)
	return shown.all("p.font-mono .id")[0]
}

// openingForm is the form of a merchant whose super admin is a person of the cast.
func openingForm(p *portal, person string) []string {
	i := 0
	for sandbox.Persons[i].ID != person {
		i++
	}
	who := sandbox.Persons[i]
	return []string{"mchid", "1900000999", "kind", "direct", "parent_mchid", "", "legal_name", "北京晴天花店有限公司", "short_name", "晴天花店",
		"settlement_cycle", "T+1", "account_system", "upgraded", "fee_rate", "0.60", "settlement_bank", "招商银行北京分行",
		"settlement_account", "6222021234567890", "appid", sandbox.DemoAppID, "login", "admin01", "name", who.Name,
		"id_type", string(who.IDType), "id_number", who.IDNumber, "mobile", who.Mobile}
}

// with is the form with other values.
func with(form []string, pairs ...string) []string {
	changed := append([]string{}, form...)
	for i := 0; i < len(pairs); i += 2 {
		for j := 0; j < len(changed); j += 2 {
			if changed[j] == pairs[i] {
				changed[j+1] = pairs[i+1]
			}
		}
	}
	return changed
}

// binds walks a person through the guide: password, settlement account where it is asked, code, consent.
func (c *client) binds(door, login, password, account, person string) *answer {
	c.t.Helper()
	page := c.post(door+"/login/password", "login", login, "password", password).is(200).at(door + "/bind")
	if account != "" {
		page = c.submit(page, "settlement_account", account).is(200)
	}
	card := page.one(".scan[data-ticket-url]")
	phone := c.p.phone(person)
	ask := phone.get(attr(card, "data-ticket-url")).is(200)
	ask = phone.submit(ask, "decision", "confirm", "number", attr(card, "data-ticket-number")).is(200) // our own consent
	ask = phone.submit(ask, "decision", "confirm").is(200)                                             // WeChat's
	return phone.submit(ask, "decision", "confirm").is(200)
}

// unboundPassword is the initial password of the newcomer.
func unboundPassword() string {
	for _, o := range sandbox.Operators {
		if o.Person == opsNewcomer {
			return o.Password
		}
	}
	return ""
}

// secretOf is the value of a session's cookie.
func (p *portal) secretOf(c *client, name string) string {
	p.t.Helper()
	for _, k := range (&matrix{portal: p}).cookies(c, "/") {
		if k.Name == name {
			return k.Value
		}
	}
	p.t.Fatalf("there is no cookie %s", name)
	return ""
}

// opsRoutes are the routes behind the operators' door.
func opsRoutes() (all []route) {
	for _, r := range siteMap(false) {
		if strings.HasPrefix(r.Path, "/ops/") {
			all = append(all, r)
		}
	}
	return all
}
