package web

import (
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/upgrade"
)

const (
	cornerOwner = "p-hedashan" // 山海便利, outside the rollout
	noodlesDesk = "p-wangxiaoyan"
)

func TestTheUpgradeIsOfferedToWhomTheRolloutIncludes(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(noodlesOwner)
	c.get("/").is(200).within(3).reads(".banner", "可以升级为新资金账户").has(".banner a[href=/upgrade]").has(".side a[href=/upgrade]")
	c.get("/trades").is(200).lacks("a[href=/upgrade]")
	c.get("/upgrade").is(200).within(3).reads("h1", "升级为新资金账户").has("ol.guide li[aria-current=step]").reads("#unlocks", "")
	clerk := p.signedIn(noodlesDesk)
	clerk.get("/").is(200).lacks("a[href=/upgrade]")
	clerk.get("/upgrade").is(403).says("账户升级", "超级管理员")
	clerk.do("POST", "/upgrade", values("consent", "1")).is(403)
}

func TestWhoIsOutsideSeesNoTrace(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, person := range []string{cornerOwner, storeOwner} {
		c := p.signedIn(person)
		if home := c.get("/").is(200); strings.Contains(home.body, "/upgrade") || strings.Contains(home.body, "升级") {
			t.Errorf("%s: the first page speaks of it", person)
		}
		for _, method := range []string{"GET", "POST"} {
			for _, path := range []string{"/upgrade", "/upgrade?step=payout"} {
				real, made := c.do(method, path, values("consent", "1")), c.do(method, "/no-page-at-all", values("consent", "1"))
				if real.status != http.StatusNotFound || plainBody(real, path) != plainBody(made, "/no-page-at-all") {
					t.Errorf("%s: %s %s answers %d otherwise than a page that is not there (%d)", person, method, path, real.status, made.status)
				}
			}
		}
	}
}

// Every page that the super admin of such a merchant can open.
func TestNoPageOfWhoIsOutsideSpeaksOfTheUpgrade(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(cornerOwner)
	opened := 0
	for _, r := range routes {
		if r.Method != get || r.Kind != page || strings.ContainsAny(r.Path, ":{") && !strings.Contains(r.Path, "{code}") || strings.HasPrefix(r.Path, "/ops") || strings.HasPrefix(r.Path, "/m/") {
			continue
		}
		a := c.get(strings.Replace(r.Path, "{code}", "super_admin", 1))
		if a.status != http.StatusOK {
			continue
		}
		opened++
		if strings.Contains(a.body, "升级") || strings.Contains(a.body, "/upgrade") {
			t.Errorf("%s speaks of it", r.Path)
		}
	}
	if opened < 25 {
		t.Errorf("only %d pages were opened", opened)
	}
}

// plainBody is a page without what names its own address.
func plainBody(a *answer, path string) string {
	return strings.NewReplacer(path, "PATH", strings.ReplaceAll(strings.ReplaceAll(path, "?", "%3F"), "=", "%3D"), "PATH").Replace(a.body)
}

func TestTheGuideKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn(noodlesOwner)
	wrong := c.get("/upgrade?step=flight&automatic=on&retain_amt=12.345").is(422).has("#retain_amt[aria-invalid=true]").has(".banner-fail a[href=#retain_amt]")
	if wrong.value("retain_amt") != "12.345" {
		t.Errorf("the text is lost: %q", wrong.value("retain_amt"))
	}
	flight := c.get("/upgrade?step=flight&automatic=on&retain_amt=1%2C000").is(200).within(3).reads("tbody th", "可用余额").reads("tbody td", "0.00")
	back := flight.one("form[data-form=main] a.btn")
	if payout := c.get(attr(back, "href")).is(200); payout.value("retain_amt") != "1,000" {
		t.Errorf("on the way back the text is %q", payout.value("retain_amt"))
	}
	last := c.get("/upgrade?step=agreement&automatic=on&retain_amt=1%2C000").is(200).within(3).has(".agree[tabindex=0]").lacks("#consent[checked]").
		reads(".facts dd", "自动提现，留存 1,000.00 元")
	form := []string{"automatic", "on", "retain_amt", "1,000", "version", upgrade.Current.Version, "hash", upgrade.Current.Hash(), "_once", last.key()}
	again := c.do("POST", "/upgrade", values(form...)).is(422).has("#consent[aria-invalid=true]")
	if kept := attr(again.one("form[data-form=main] input[name=retain_amt]"), "value"); kept != "1,000" {
		t.Errorf("the text is lost: %q", kept)
	}
	c.do("POST", "/upgrade", values("automatic", "on", "version", upgrade.Current.Version, "hash", "00", "consent", "1", "_once", again.key())).is(422)
}

func TestAnUpgradeIsConfirmedOnThePhoneAndShownForEver(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.topsUp(noodles, ledger.Available, 123456, "own")
	c, other := p.signedIn(noodlesOwner), p.signedIn(noodlesOwner)
	ask := func(c *client) *answer {
		return c.post("/upgrade", "automatic", "off", "retain_amt", "", "consent", "1", "version", upgrade.Current.Version, "hash", upgrade.Current.Hash(),
			"_once", c.get("/upgrade?step=agreement&automatic=off").is(200).key()).is(200)
	}
	first, second := ask(c).reads(".facts dd", "手动提现"), ask(other)
	p.confirmedBy(noodlesOwner, first).is(200).says("1,234.56")
	p.confirmedBy(noodlesOwner, second).is(200).says("1,234.56") // the other tab finds it done
	c.get("/upgrade").is(200).within(3).reads("h1", "账户升级完成").has("a[href=/upgrade/agreement][download]").has("a[href=/funds/flow]").
		has("a[href=/products/operation_account]").reads(".facts dd", "1,234.56 元").reads(".facts dd", "手动提现")
	if strings.Contains(c.get("/").is(200).body, `href="/upgrade"`) {
		t.Error("the entry is still there")
	}
	c.do("POST", "/upgrade", values("consent", "1")).at("/upgrade")
	file := c.get("/upgrade/agreement").is(200)
	if d := file.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(file.body, upgrade.Current.Hash()) ||
		!strings.Contains(file.body, "admin01@1900000109") || strings.Contains(file.body, "<script") || strings.Contains(file.body, "src=") {
		t.Errorf("the signed agreement is not one whole file (%s)", d)
	}
	c.get("/funds").is(200).within(3).reads("dl dt", "基本账户").says("1,234.56").lacks("a[href='/funds/flow?account=AVAILABLE']")
	c.get("/funds/flow").is(200).has("option[value=upgrade]").within(3)
	c.get("/inbox").says("账户已升级为新资金账户")
	m, err := merchant.Get(t.Context(), p.db.PG(), noodles)
	must(t, err)
	if m.System != merchant.Upgraded {
		t.Error("the merchant is not upgraded")
	}
	if _, problems, err := upgrade.Verify(t.Context(), p.db.PG()); err != nil || len(problems) > 0 {
		t.Error(err, problems)
	}
}

func TestOperatorsSteerTheRollout(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	c.get("/ops/rollout").is(200).within(3).reads("h1", "账户升级放量").says("老王面馆", "允许名单", "T+7，不可升级").has("form[action=/ops/rollout/change]")
	c.get("/ops/rollout.json?standing=offered").is(200).within(3).says(`"mchid":"1900000109"`, `"why":"allow"`)
	c.get("/ops/rollout.csv").is(200).within(3).says("1230000103")
	c.get("/ops/rollout?standing=nonsense").is(422)
	c.get("/ops/rollout/change?change=percentage&percentage=101").is(422).has("#percentage[aria-invalid=true]").lacks("form[method=post][data-form=main]")
	c.get("/ops/rollout/change?change=allow&mchids=1999999999").is(422).has("#mchids[aria-invalid=true]")

	effect := c.get("/ops/rollout/change?change=allow&mchids=1230000103&reason=" + "试点").is(200).within(4).says("山海便利")
	asked := c.post("/ops/rollout", "change", "allow", "mchids", "1230000103", "reason", "试点", "_once", effect.key()).is(200)
	p.signedIn(cornerOwner).get("/upgrade").is(404)
	p.confirmedBy(opsAdmin, asked).is(200)
	p.signedIn(cornerOwner).get("/upgrade").is(200)

	pause := c.get("/ops/rollout/change?change=pause").is(200).says("老王面馆")
	p.confirmedBy(opsAdmin, c.post("/ops/rollout", "change", "pause", "_once", pause.key()).is(200)).is(200)
	p.signedIn(noodlesOwner).get("/upgrade").is(404)

	full := c.get("/ops/rollout/change?change=percentage&percentage=100").is(200).says("另一位运营人员")
	p.confirmedBy(opsAdmin, c.post("/ops/rollout", "change", "percentage", "percentage", "100", "_once", full.key()).is(200)).is(200)
	if at := p.text("SELECT percentage::text FROM rollout"); at != "0" {
		t.Errorf("one operator alone brought it to %s %%", at)
	}
	p.opsIn(opsReviewer).get("/ops/approvals").is(200).says("账户升级全量开放")
	if log := p.text("SELECT count(*)::text FROM audit_rows WHERE merchant_id = 0 AND action = 'rollout.change' AND outcome = 'done'"); log != "2" {
		t.Errorf("the log has %s changes", log)
	}
}
