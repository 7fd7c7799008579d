package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/inbox"
)

func TestMessagesStandUnderTheirTabs(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellsOfBrowser(3)
	c := p.signedIn(storeOwner)
	all := c.get("/inbox").is(200).within(3)
	all.reads(".views a", "安全提醒（").reads(".views a", "业务通知").reads(".todo b", "在新的浏览器登录").reads(".todo .tag", "未读").has("form[action=/inbox/read]")
	c.get("/inbox?category=funds").is(200).reads(".empty", "没有资金通知").has(".views a[href=/inbox?category=funds][aria-current=true]")
	c.get("/inbox?category=weather").is(404)
	c.get("/inbox?cursor=x").is(422)
}

func TestTheButtonInAMessageReadsItAndLeadsOn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellsOfBrowser(1)
	c := p.signedIn(storeOwner)
	before := len(c.get("/inbox").all(".todo .tag"))
	var id string
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT id::text FROM inbox_messages WHERE args->>'Browser' = 'Chrome 0'`).Scan(&id))
	c.do("POST", "/inbox/"+id+"/read", values()).leads("/account/profile")
	if n := len(c.get("/inbox").all(".todo .tag")); n != before-1 {
		t.Errorf("%d unread, before %d", n, before)
	}
	p.signedIn(storeReader).do("POST", "/inbox/"+id+"/read", values()).is(404)
	c.do("POST", "/inbox/nonsense/read", values()).is(404)
	c.do("POST", "/inbox/read", values()).leads("/inbox")
	c.get("/inbox").lacks(".todo .tag").lacks("form[action=/inbox/read]").lacks(".top .count")
}

func TestALinkOutOfThePortalIsNotFollowed(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tells(store, access.SuperAdmin, inbox.Security, "new_browser", map[string]string{}, "//evil.example/x")
	var id string
	must(t, p.db.PG().QueryRow(t.Context(), `SELECT id::text FROM inbox_messages WHERE link LIKE '//%'`).Scan(&id))
	p.signedIn(storeOwner).do("POST", "/inbox/"+id+"/read", values()).leads("/inbox")
}

func TestPagesOfMessagesFollowEachOtherBothWays(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellsOfBrowser(inbox.PageSize * 2)
	c := p.signedIn(storeOwner)
	first := c.get("/inbox").is(200).lacks(".pager a[rel=prev]")
	second := c.get(attr(first.one(".pager a[rel=next]"), "href")).is(200).within(3)
	back := c.get(attr(second.one(".pager a[rel=prev]"), "href")).is(200)
	if !slices.Equal(back.all(".todo li"), first.all(".todo li")) || slices.Equal(second.all(".todo li"), first.all(".todo li")) {
		t.Error("the pages do not follow each other")
	}
}

func TestTheInboxHasItsTwins(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellsOfBrowser(inbox.PageSize + 5)
	c := p.signedIn(storeOwner)
	var page struct {
		Rows []map[string]any `json:"rows"`
		Next string           `json:"next"`
	}
	a := c.do("GET", "/inbox.json?category=security", nil).is(200).within(2)
	must(t, json.Unmarshal([]byte(a.body), &page))
	if len(page.Rows) != inbox.PageSize || page.Next == "" || page.Rows[0]["category"] != "security" || page.Rows[0]["read_at"] != nil {
		t.Errorf("the twin is %s", a.body)
	}
	next := c.do("GET", "/inbox.json?category=security&cursor="+page.Next, nil).is(200)
	if strings.Contains(next.body, page.Rows[0]["id"].(string)) {
		t.Error("the next page begins again")
	}
	if rows := readCSV(t, c.do("GET", "/inbox.csv", nil).is(200)); len(rows) != inbox.PageSize+5+1 || rows[1][1] != "安全提醒" {
		t.Errorf("the file is %q", rows[:2])
	}
}
