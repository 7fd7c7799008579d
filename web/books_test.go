package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
	"zhanggui/internal/job"
	"zhanggui/internal/trade"
)

// Merchants of the demo that have sample bills.
const (
	noodles  = 1900000109
	store    = 1900000208
	gym      = 1900000307
	provider = 1230000001
	tea      = 1230000101
	books    = 1230000102
)

// People of the demo: at the store one of each role, elsewhere the super admin.
const (
	storeOwner   = "p-sumingyue"
	storeFinance = "p-hejingyi"
	storeReader  = "p-xieanran"
	noodlesOwner = "p-wangjianguo"
	providerHead = "p-chenyuanhang"
	teaOwner     = "p-lisiwen"
)

func sampleBill(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../internal/trade/testdata/bills", "tradebill-"+name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// takes brings a sample bill into the merchant's books.
func (p *portal) takes(merchant int64, name string) trade.Import {
	p.t.Helper()
	raw := sampleBill(p.t, name)
	i, err := trade.ImportFile(p.t.Context(), trade.Deps{DB: p.db, Clock: p.clock}, access.Job(merchant, access.System),
		trade.File{Name: name + ".csv", Size: int64(len(raw)), Body: bytes.NewReader(raw)}, nil)
	must(p.t, err)
	return i
}

// tells puts a message into somebody's inbox.
func (p *portal) tells(merchant int64, role access.Role, category inbox.Category, kind string, args map[string]string, link string) {
	p.t.Helper()
	must(p.t, p.db.InTx(p.t.Context(), func(tx db.Tx) error {
		return inbox.Tell(p.t.Context(), tx, inbox.Message{Merchant: merchant, Role: role, Category: category, Kind: kind,
			Args: args, Link: link, At: p.clock.Now()})
	}))
}

// tellsOfBrowser puts n messages into the store's owner's inbox.
func (p *portal) tellsOfBrowser(n int) {
	for i := range n {
		p.tells(store, access.SuperAdmin, inbox.Security, "new_browser", map[string]string{"Login": "admin01@1900000208",
			"Time": "2026-11-22 11:00:00", "Browser": "Chrome " + decimal(i), "Address": "192.0.2.7"}, "/account/profile")
	}
}

// upload sends a file as the browser's form does; once may be empty.
func (c *client) upload(name string, raw []byte, once string) *answer {
	c.t.Helper()
	return c.uploadTo("/trades/imports", name, raw, once)
}

func (c *client) uploadTo(path, name string, raw []byte, once string) *answer {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if once != "" {
		must(c.t, w.WriteField("_once", once))
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		must(c.t, err)
		_, err = part.Write(raw)
		must(c.t, err)
	}
	must(c.t, w.Close())
	return c.do(http.MethodPost, path, nil, func(r *http.Request) {
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	})
}

// runsImports does what a worker does with the uploads that wait.
func (p *portal) runsImports() {
	p.t.Helper()
	r := job.NewRegistry()
	r.Handle(trade.ImportKind, trade.ImportHandler(trade.Deps{DB: p.db, Clock: p.clock}))
	_, err := job.NewWorker(p.db, p.clock, r, p.hub).DrainDue(p.t.Context())
	must(p.t, err)
}

// within wants the promise about statements of a page kept.
func (a *answer) within(most int) *answer {
	a.t.Helper()
	n, err := strconv.Atoi(a.header.Get("X-Statements"))
	if err != nil || n > most {
		a.t.Errorf("%s made %q statements, promised are %d", a.url, a.header.Get("X-Statements"), most)
	}
	return a
}

// all are the words at each place of a selector.
func (a *answer) all(selector string) []string {
	var all []string
	for _, n := range find(a.doc, selector) {
		all = append(all, textOf(n))
	}
	return all
}

// textOf is a place's words, its spaces made one.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// reads wants a place of the selector that holds the words.
func (a *answer) reads(selector, text string) *answer {
	a.t.Helper()
	all := a.all(selector)
	for _, one := range all {
		if strings.Contains(one, text) {
			return a
		}
	}
	a.t.Errorf("%s: no %s reads %q: %q", a.url, selector, text, all)
	return a
}

// value is what a field of the page holds.
func (a *answer) value(id string) string {
	a.t.Helper()
	return attr(a.one("#"+id), "value")
}

// leads wants a redirect to a path.
func (a *answer) leads(path string) *answer {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != path {
		a.t.Errorf("%s leads to %q, want %q", a.url, got, path)
	}
	return a
}
