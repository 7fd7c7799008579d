package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/sandbox"
	"zhanggui/internal/signal"
)

// probesMin is how many questions the matrix asks at least: every route, by everyone, with every id.
const probesMin = 5_000

// actor is somebody with a browser: nobody in particular, a member or an operator at a desktop, or a
// person's phone.
type actor struct {
	name     string
	merchant int64
	rights   []access.Permission
	member   bool
	operator bool
	phone    bool
	cookies  []*http.Cookie
}

func (a actor) may(p access.Permission) bool { return slices.Contains(a.rights, p) }

// verdict is what came back, as far as it may tell something.
type verdict struct {
	status int
	where  string
	body   string
}

// matrix asks every route in-process, each time in a world where nothing was asked before.
type matrix struct {
	*portal
	site   http.Handler
	probes int
	leaks  int
	desks  map[string]*client // of those who have signed in
	found  map[string]bool    // routes at which somebody found what is their own
}

func TestNobodyReachesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	p := ownPortal(t)
	m := &matrix{portal: p, site: must1(New(p.deps)), desks: map[string]*client{}, found: map[string]bool{}}
	things := map[int64]thing{store: p.thingsOf(store, m.in(storeOwner, store), storeOwner), noodles: p.thingsOf(noodles, m.in(noodlesOwner, noodles), noodlesOwner)}
	for _, a := range m.actors() {
		foreign := things[store]
		if a.merchant == store {
			foreign = things[noodles]
		}
		for _, r := range siteMap(false) {
			m.ask(a, r, things[a.merchant], foreign)
		}
	}
	m.meant(things[store])
	t.Logf("%d probes, %d leaks", m.probes, m.leaks)
	if m.probes < probesMin {
		t.Errorf("only %d probes, at least %d are promised", m.probes, probesMin)
	}
}

// ownPortal is a portal inside one transaction of a database of its own: it takes too long for others to
// wait for it.
func ownPortal(t *testing.T) *portal {
	t.Helper()
	d, end, err := dbtest.Clone(t).Pin(t.Context())
	must(t, err)
	t.Cleanup(end)
	return openPortal(t, d, signal.NewHub())
}

// ask asks one route as one actor: with what is its own, what is another merchant's, and what is nobody's.
func (m *matrix) ask(a actor, r route, own, foreign thing) {
	m.t.Helper()
	if !strings.Contains(r.Path, "{") {
		m.judge(a, r, r.Path, m.probe(a, r, strings.Replace(r.Path, "*", "nothing.css", 1)))
		return
	}
	unknown := m.probe(a, r, nobodys.in(r.Path))
	m.judge(a, r, "unknown", unknown)
	if theirs := foreign.in(r.Path); theirs != nobodys.in(r.Path) {
		if v := m.probe(a, r, theirs); v != unknown {
			m.leak(a, r, "answers %d to another merchant's and %d to nobody's\n%s\n%s", v.status, unknown.status, v.body, unknown.body)
		}
	}
	mine := own.in(r.Path)
	if mine == nobodys.in(r.Path) || strings.HasSuffix(r.Path, "/events") {
		return // streams go on
	}
	v := m.probe(a, r, mine)
	if !m.allowed(a, r) && v != unknown {
		m.leak(a, r, "answers %d to one's own and %d to nobody's without the right", v.status, unknown.status)
		return
	}
	m.found[r.name()] = m.found[r.name()] || v != unknown
	m.judge(a, r, "own", v)
}

// askMore are routes that find their own only with more than an id: a secret that waits, a role in the form.
var askMore = []string{"POST /account/approvals/{id}/secret", "POST /confirmations/{id}/secret", "POST /m/permissions/{id}"}

// meant checks that the ids meant something: whoever may, found their own at every route that they were
// made for. Else that a foreign one is not found would say nothing.
func (m *matrix) meant(own thing) {
	m.t.Helper()
	for _, r := range siteMap(false) {
		if own.in(r.Path) != nobodys.in(r.Path) && !strings.HasSuffix(r.Path, "/events") && !m.found[r.name()] && !slices.Contains(askMore, r.name()) {
			m.t.Errorf("%s: nobody finds what is their own", r.name())
		}
	}
}

// allowed tells what the site map promises.
func (m *matrix) allowed(a actor, r route) bool {
	switch p := r.Policy; {
	case p == local:
		return false
	case p.platform:
		return a.operator && (p.permission == "" || a.may(p.permission))
	case p.permission != "":
		return a.member && a.may(p.permission)
	case p == member || p == seated:
		return a.member
	case p == inChat:
		return a.phone
	}
	return true
}

// judge compares an answer with the promise. Whoever may not is told so before anything is looked up.
func (m *matrix) judge(a actor, r route, what string, v verdict) {
	m.t.Helper()
	insider := r.Policy.insider() || r.Policy.seated()
	switch {
	case v.status >= 500 && v.status != http.StatusServiceUnavailable:
		m.leak(a, r, "%s: %d", what, v.status)
	case m.allowed(a, r) && (v.status == http.StatusUnauthorized || v.status == http.StatusForbidden && r.Kind != phone):
		m.leak(a, r, "%s: refused with %d, though the site map allows it", what, v.status)
	case m.allowed(a, r) || !insider && r.Policy != local && r.Policy != inChat:
	case r.Policy == inChat:
		if v.status != http.StatusFound && r.Path != pathCheck || v.status == http.StatusOK {
			m.leak(a, r, "%s: %d to a browser that is no phone", what, v.status)
		}
	case r.Policy == local:
		if v.status != http.StatusNotFound && v.status != http.StatusForbidden {
			m.leak(a, r, "%s: %d from afar", what, v.status)
		}
	case r.Policy.hidden && v.status == http.StatusNotFound: // of a merchant to whom it is not offered
	case (a.member && !r.Policy.platform || a.operator && r.Policy.platform) && v.status != http.StatusForbidden:
		m.leak(a, r, "%s: %d without the right, not 403", what, v.status)
	case v.status == http.StatusOK || v.status == http.StatusSeeOther && !strings.Contains(v.where, "login"):
		m.leak(a, r, "%s: %d to %q for somebody who is not in", what, v.status, v.where)
	}
}

func (m *matrix) leak(a actor, r route, format string, args ...any) {
	m.t.Helper()
	m.leaks++
	m.t.Errorf("%s %s as %s: %s", r.Method, r.Path, a.name, fmt.Sprintf(format, args...))
}

// probe sends one request and takes back whatever it did.
func (m *matrix) probe(a actor, r route, path string) verdict {
	m.t.Helper()
	m.probes++
	ctx := m.t.Context()
	_, err := m.db.PG().Exec(ctx, "SAVEPOINT probe")
	must(m.t, err)
	defer func() {
		_, err := m.db.PG().Exec(ctx, "ROLLBACK TO SAVEPOINT probe")
		must(m.t, err)
	}()
	q := httptest.NewRequestWithContext(ctx, r.Method, m.url+path, nil)
	if r.Method == http.MethodPost && !r.uploads() {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range a.cookies {
		q.AddCookie(c)
	}
	w := httptest.NewRecorder()
	m.site.ServeHTTP(w, q)
	v := verdict{status: w.Code, where: w.Header().Get("Location"), body: w.Body.String()}
	if v.status == http.StatusFound { // off to WeChat, with a state drawn each time
		v.where, _, _ = strings.Cut(v.where, "?")
	}
	if len(path) > 1 {
		said := strings.NewReplacer(url.QueryEscape(path), "PATH", path, "PATH")
		v.where, v.body = said.Replace(v.where), said.Replace(v.body)
	}
	if number := w.Header().Get(requestHeader); number != "" {
		v.body = strings.ReplaceAll(v.body, number, "NUMBER")
	}
	return v
}

// actors are nobody, every member of the cast who can come in, somebody with a role of the merchant's own,
// operators, and the phones of some.
func (m *matrix) actors() []actor {
	all := []actor{{name: "nobody"}}
	for _, shop := range sandbox.Merchants {
		for _, c := range shop.Members {
			if !c.Bound || c.Person == managerPerson {
				continue
			}
			name := fmt.Sprintf("%s@%d (%s)", c.Login, shop.ID, c.Role)
			all = append(all, actor{name: name, merchant: shop.ID, member: true, rights: c.Role.Permissions(),
				cookies: m.cookies(m.in(c.Person, shop.ID), "/")})
		}
	}
	all = append(all, m.manager())
	for person, role := range map[string]access.Role{opsAdmin: access.PlatformAdmin, opsReviewer: access.Reviewer} {
		rights := slices.DeleteFunc(slices.Clone(access.PlatformPermissions), func(p access.Permission) bool { return !platformMay(role, p) })
		all = append(all, actor{name: person + "@ops", operator: true, rights: rights, cookies: m.cookies(m.opsIn(person), "/ops/")})
	}
	for person, merchant := range map[string]int64{storeOwner: store, storeClerk: store, noodlesOwner: noodles, managerPerson: noodles, outsider: 0} {
		all = append(all, actor{name: person + "'s phone", merchant: merchant, phone: true, cookies: m.cookies(m.inChat(person), "/m/")})
	}
	return all
}

// platformMay tells what a role of operators may do.
func platformMay(r access.Role, p access.Permission) bool {
	across, err := access.Across(access.Member(access.Seat{Name: "x@ops", Roles: []access.Role{r}}))
	return err == nil && across.May(p)
}

// in is the person's desktop, signed in at one of the person's merchants.
func (m *matrix) in(person string, merchant int64) *client {
	if m.desks[person] == nil {
		m.desks[person] = m.signsIn(person, merchant)
	}
	return m.desks[person]
}

func (m *matrix) signsIn(person string, merchant int64) *client {
	for _, shop := range sandbox.Merchants {
		if slices.ContainsFunc(shop.Members, func(c sandbox.CastMember) bool { return c.Person == person && c.Bound }) && shop.ID != merchant {
			return m.signedIn(person, decimal(int(merchant)))
		}
	}
	return m.signedIn(person)
}

// inChat is a phone that has said whose it is.
func (m *matrix) inChat(person string) *client {
	c := m.phone(person)
	c.get("/m/handover/0193a0a0-0000-7000-8000-000000000000").is(http.StatusNotFound)
	return c
}

// managerPerson is kefu01@1900000109, who gets a role of the merchant's own beside the ready one.
const managerPerson = "p-wangxiaoyan"

// manager is a member by a role of the merchant's own.
func (m *matrix) manager() actor {
	rights := []access.Permission{access.TradeRead, access.MemberRead, access.MemberWrite, access.RoleWrite, access.AuditRead}
	role := m.ownRole(noodles, "店长", rights...)
	_, err := m.db.PG().Exec(m.t.Context(), `INSERT INTO account_roles SELECT merchant_id, id, $1 FROM login_accounts
		WHERE merchant_id = $2 AND login = 'kefu01'`, role, noodles)
	must(m.t, err)
	return actor{name: "kefu01@1900000109 (own role)", merchant: noodles, member: true, rights: rights,
		cookies: m.cookies(m.in(managerPerson, noodles), "/")}
}

func (m *matrix) cookies(c *client, path string) []*http.Cookie {
	at := must1(url.Parse(m.url + path))
	return c.http.Jar.Cookies(at)
}
