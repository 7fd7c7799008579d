package web

import (
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/access"
)

func TestAnOperatorSignsInByScanningAtTheirOwnDoor(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.browser().get("/ops").at("/ops/login").says("运营人员扫码登录", "平台运营")
	p.browser().get("/ops/merchants?q=x").at("/ops/login")
	c := p.opsIn(opsAdmin)
	c.get("/ops/").says("运营总览", "霍*平", "开通商户").has("a[href=/ops/operators]").lacks("a[href=/trades]")
	c.get("/ops/login").at("/ops/")
	c.get("/ops/profile").says("pingtai01@ops", "平台管理员", "登录记录").lacks("a[href=/account/profile]")
	c.do(http.MethodPost, "/ops/logout", nil).is(http.StatusSeeOther)
	c.get("/ops/").at("/ops/login").says("已退出登录")
}

func TestWhereToGoNextStaysBehindTheDoor(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{"/ops/merchants?q=x": "/ops/merchants?q=x", "/trades": "-", "//evil.example": "-", "/ops": "/ops", "": "-"} {
		if got := opsDoor.next(next, "-"); got != want {
			t.Errorf("operators who ask for %q are led to %q", next, got)
		}
	}
	for next, want := range map[string]string{"/trades?x=1": "/trades?x=1", "/ops/merchants": "-", "/ops": "-", "/opsession": "/opsession"} {
		if got := memberDoor.next(next, "-"); got != want {
			t.Errorf("members who ask for %q are led to %q", next, got)
		}
	}
}

// strangers are the answers of a route to somebody whose session is of the other side, whatever cookie
// it comes in.
func (m *matrix) stranger(r route, secret string) {
	m.t.Helper()
	nobody := m.probe(actor{}, r, nobodys.in(strings.Replace(r.Path, "*", "nothing.css", 1)))
	for _, name := range []string{cookieSession.name, cookieOperator.name} {
		a := actor{name: name, cookies: []*http.Cookie{{Name: name, Value: secret}}}
		if v := m.probe(a, r, nobodys.in(strings.Replace(r.Path, "*", "nothing.css", 1))); v.status != nobody.status || v.where != nobody.where {
			m.t.Errorf("%s with the other side's session in %q answers %d %q, nobody gets %d %q", r.name(), name, v.status, v.where, nobody.status, nobody.where)
		}
	}
}

func TestASessionOfOneSideIsNobodysAtTheOther(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	m := &matrix{portal: p, site: must1(New(p.deps))}
	operator, member := p.secretOf(p.opsIn(opsAdmin), "ops"), p.secretOf(p.signedIn(storeOwner), "sid")
	for _, r := range siteMap(false) {
		switch {
		case !r.Policy.insider() && !r.Policy.seated():
		case r.Policy.platform:
			m.stranger(r, member)
		default:
			m.stranger(r, operator)
		}
	}
	if m.probes < 300 {
		t.Errorf("only %d probes", m.probes)
	}
}

func TestOneBrowserMayStandAtBothDoors(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	d := c.desk("/login")
	phone := p.phone(storeOwner)
	phone.submit(phone.get(d.link), "decision", "confirm", "number", d.number)
	d.enter().at("/").says("云上百货")
	c.get("/ops/").is(200).says("运营总览")
	c.do(http.MethodPost, "/logout", nil)
	c.get("/ops/").is(200).at("/ops/")
	c.get("/").at("/login")
}

func TestEachOperatorReachesWhatTheRoleAllows(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	m := &matrix{portal: p, site: must1(New(p.deps))}
	reviewer := actor{cookies: m.cookies(p.opsIn(opsReviewer), "/")}
	for _, role := range append([]access.Role{"made_up"}, access.PlatformRoles...) {
		_, err := p.db.PG().Exec(t.Context(), `WITH gone AS (DELETE FROM account_roles WHERE merchant_id = 0
				AND account_id = (SELECT id FROM login_accounts WHERE merchant_id = 0 AND login = 'shenhe01') RETURNING account_id)
			INSERT INTO account_roles SELECT 0, account_id, $1 FROM gone`, role)
		must(t, err)
		seat, _ := access.Across(access.Member(access.Seat{Name: "x@ops", Roles: []access.Role{role}}))
		for _, r := range opsRoutes() {
			if r.Policy.permission == "" || strings.HasSuffix(r.Path, "/events") {
				continue
			}
			v := m.probe(reviewer, r, nobodys.in(r.Path))
			if may := seat.May(r.Policy.permission); may == (v.status == http.StatusForbidden) {
				t.Errorf("%s as %s answers %d", r.name(), role, v.status)
			}
		}
	}
}

func TestARefusedOperatorIsToldWhichPermissionIsMissing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsReviewer)
	c.get("/ops/operators").is(http.StatusForbidden).says("查看运营账号").lacks("form[action=/permissions/requests]")
	c.get("/ops/").lacks("a[href=/ops/operators]")
}

func TestNoOpsPageTakesMoreThanThreeQueries(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.opsIn(opsAdmin)
	act, opening := p.text("SELECT id::text FROM audit_rows WHERE merchant_id = 0 LIMIT 1"), p.openingOf(store)
	for _, r := range opsRoutes() {
		if r.Method != http.MethodGet || !r.Policy.insider() || strings.HasSuffix(r.Path, "/events") || strings.Contains(r.Path, "/confirmations/") || strings.HasPrefix(r.Path, "/ops/inbox/") || strings.HasPrefix(r.Path, "/ops/approvals/") {
			continue
		}
		path := strings.NewReplacer("{mchid}", "1230000001", "{login}", "shenhe01", "{id}", act, "{no}", opening).Replace(r.Path)
		c.get(path).is(http.StatusOK).within(queriesMax + exportsWritten[r.Path])
	}
}
