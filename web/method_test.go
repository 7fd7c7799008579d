package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zhanggui/internal/db"
)

// digest is the whole content of the database in one text, but for what time alone changes.
func (p *portal) digest() string {
	p.t.Helper()
	ctx, all := p.t.Context(), sha256.New()
	for _, table := range tables(p.t, p.db) {
		var rows string
		query := fmt.Sprintf(`SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') FROM %s t`, table)
		must(p.t, p.db.PG().QueryRow(ctx, query).Scan(&rows))
		fmt.Fprintf(all, "%s\n%s\n", table, rows)
	}
	return hex.EncodeToString(all.Sum(nil))
}

func tables(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.PG().Query(t.Context(), `
		SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
		WHERE table_schema IN ('public', 'sandbox') AND table_type = 'BASE TABLE'
			AND has_table_privilege(format('%I.%I', table_schema, table_name), 'SELECT') ORDER BY 1`)
	must(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		all = append(all, name)
	}
	must(t, rows.Err())
	return all
}

// foreign are the ways in which another site's page, or a wrong method, calls a route.
var foreign = map[string]func(*http.Request){
	"cross-site":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	"same-site":      func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
	"foreign origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	"null origin":    func(r *http.Request) { r.Header.Set("Origin", "null") },
	"text/plain by form": func(r *http.Request) {
		r.Header.Set("Content-Type", "text/plain")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	},
}

func TestPostsOfOtherSitesHaveNoEffect(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	member, phone := p.signedIn("p-sumingyue"), p.phone("p-sumingyue")
	phone.get(p.desk().link).is(http.StatusOK)
	before := p.digest()
	for _, r := range siteMap(true) {
		if r.Method != http.MethodPost {
			continue
		}
		for how, change := range foreign {
			for _, c := range []*client{member, phone} {
				a := c.do(http.MethodPost, example(r), values("decision", "confirm", "duration", "1h"), change)
				if a.status != http.StatusForbidden {
					t.Errorf("%s %s answers %d", how, r.name(), a.status)
				}
			}
		}
	}
	if p.digest() != before {
		t.Error("a post of another site changed something")
	}
	member.get("/account/profile").is(http.StatusOK)
}

func TestOtherMethodsHaveNoEffect(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	member := p.signedIn("p-sumingyue")
	pages := map[string]bool{}
	for _, r := range siteMap(true) {
		if r.Method == http.MethodGet {
			pages[r.Path] = true
		}
	}
	before := p.digest()
	for _, r := range siteMap(true) {
		if r.Method != http.MethodPost {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
			if method == http.MethodGet && (pages[r.Path] || shadowed(r.Path)) {
				continue // a page of its own
			}
			a := member.do(method, example(r)+"?_method=POST", nil, func(r *http.Request) { r.Header.Set("X-HTTP-Method-Override", "POST") })
			headOfPage := method == http.MethodHead && a.status < 500
			if a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound && !headOfPage {
				t.Errorf("%s %s answers %d", method, r.Path, a.status)
			}
		}
	}
	if p.digest() != before {
		t.Error("another method changed something")
	}
}

// shadowed paths also fit a page with a part in its path.
func shadowed(path string) bool {
	return strings.Count(path, "/") == 2 && strings.HasPrefix(path, "/trades/")
}
