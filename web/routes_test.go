package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"zhanggui/internal/access"
)

func TestARouteWithoutPolicyDoesNotStart(t *testing.T) {
	t.Parallel()
	must(t, checkRoutes(siteMap(true)))
	for name, r := range map[string]route{
		"no policy":          {get, "/x", page, policy{}, (*site).live, ""},
		"a made-up policy":   {get, "/x", page, policy{name: "everybody"}, (*site).live, ""},
		"unknown permission": {get, "/x", page, needs(access.Permission("books.burn")), (*site).live, ""},
		"no handler":         {get, "/x", page, public, nil, ""},
		"no kind":            {get, "/x", "", public, (*site).live, ""},
		"stands twice":       {get, "/livez", ops, open, (*site).live, ""},
	} {
		if checkRoutes(append(siteMap(false), r)) == nil {
			t.Errorf("%s: the site starts", name)
		}
	}
}

// everybody may call these; any other route asks who comes.
var everybody = []string{
	"GET /static/*", "GET /login", "GET /login/tickets/{id}/events", "POST /login/tickets/{id}/session",
	"GET /login/password", "POST /login/password", "POST /logout", "GET /m/oauth",
	"GET /ops", "GET /ops/login", "GET /ops/login/tickets/{id}/events", "POST /ops/login/tickets/{id}/session",
	"GET /ops/login/password", "POST /ops/login/password", "POST /ops/logout", "POST /theme",
	"GET /livez", "GET /readyz",
}

func TestPublicRoutesStandByName(t *testing.T) {
	t.Parallel()
	var public []string
	for _, r := range Routes(false) {
		if r.Permission == "public" {
			public = append(public, r.Method+" "+r.Path)
		}
	}
	if !slices.Equal(public, everybody) {
		t.Fatalf("public are %v,\nwant %v", public, everybody)
	}
}

func TestTheSandboxIsListedAndMountedInDemoAlone(t *testing.T) {
	t.Parallel()
	for _, r := range Routes(false) {
		if strings.HasPrefix(r.Path, "/sandbox") || r.Kind == "sandbox" {
			t.Errorf("%s %s is listed without demo", r.Method, r.Path)
		}
	}
	p := newPortal(t, func(d *Deps) { d.Demo, d.World = false, nil })
	for _, r := range sandboxRoutes {
		if status := p.browser().do(r.Method, example(r), nil).status; status != http.StatusNotFound {
			t.Errorf("%s answers %d without demo", r.name(), status)
		}
	}
}

func TestPostsServedBeforeReadyAreRoutes(t *testing.T) {
	t.Parallel()
	for name := range servedBeforeReady {
		if !slices.ContainsFunc(siteMap(true), func(r route) bool { return r.name() == name }) {
			t.Errorf("%s is no route", name)
		}
	}
}

func TestTheListingNamesEveryParameter(t *testing.T) {
	t.Parallel()
	for _, r := range Routes(true) {
		if r.Method+" "+r.Path != "POST /m/t/{token}" {
			continue
		}
		if want := []string{"token", "decision", "number", "mchid", "shown_to"}; !slices.Equal(r.Params, want) {
			t.Fatalf("params are %v, want %v", r.Params, want)
		}
		if r.Kind != "phone" || r.Permission != "phone" || !slices.Equal(r.In.Path, []string{"token"}) {
			t.Fatalf("listed as %+v", r)
		}
		return
	}
	t.Fatal("not listed")
}

// example is an address of the route, its parts filled with what exists nowhere.
func example(r route) string {
	return strings.NewReplacer("{id}", "0193a0a0-0000-7000-8000-000000000000", "{no}", "4200000000000000000000000000",
		"{token}", strings.Repeat("A", 43), "{person}", "p-nobody", "*", "nothing.css").Replace(r.Path)
}

func TestBookingsWaitUntilTheSeedIsFinished(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn("p-hejingyi") // finance of 云上百货
	p.ready.Store(false)
	for _, r := range siteMap(true) {
		if r.Method != http.MethodPost || r.Kind == sand && !strings.HasPrefix(r.Path, "/sandbox/clock") {
			continue
		}
		status := c.do(r.Method, example(r), nil).status
		if waits := status == http.StatusServiceUnavailable; waits == servedBeforeReady[r.name()] {
			t.Errorf("%s answers %d before the seed is finished", r.name(), status)
		}
	}
	c.do(http.MethodPost, "/inbox/read", nil).is(http.StatusServiceUnavailable).says("演示数据还在准备")
	p.browser().get("/readyz").is(http.StatusServiceUnavailable)
	p.browser().get("/livez").is(http.StatusOK)
	p.signedIn("p-sumingyue").get("/account/profile").is(http.StatusOK)
}
