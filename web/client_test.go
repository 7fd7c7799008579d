package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// client is a browser: cookies and pages, no scripts.
type client struct {
	p    *portal
	t    *testing.T
	http *http.Client
}

// browser opens a fresh one.
func (p *portal) browser() *client {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	must(p.t, err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{p: p, t: p.t, http: &http.Client{Jar: jar, CheckRedirect: stay}}
}

// answer is what came back, its body read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
	doc    *html.Node
	url    *url.URL
}

// do sends a request as it is and follows nothing.
func (c *client) do(method, path string, form url.Values, change ...func(*http.Request)) *answer {
	c.t.Helper()
	target := path
	if !strings.HasPrefix(path, "http") {
		target = c.p.url + path
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, target, body)
	must(c.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, f := range change {
		f(r)
	}
	res, err := c.http.Do(r)
	must(c.t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(c.t, err)
	a := &answer{t: c.t, status: res.StatusCode, header: res.Header, body: string(raw), url: res.Request.URL}
	a.doc, err = html.Parse(strings.NewReader(a.body))
	must(c.t, err)
	return a
}

// get opens a page and follows where it leads, as a browser does.
func (c *client) get(path string) *answer {
	c.t.Helper()
	return c.follow(c.do(http.MethodGet, path, nil))
}

// post sends a form and follows.
func (c *client) post(path string, pairs ...string) *answer {
	c.t.Helper()
	return c.follow(c.do(http.MethodPost, path, values(pairs...)))
}

func (c *client) follow(a *answer) *answer {
	c.t.Helper()
	for range 10 {
		if a.status < 300 || a.status > 399 {
			return a
		}
		next, err := a.url.Parse(a.header.Get("Location"))
		must(c.t, err)
		a = c.do(http.MethodGet, next.String(), nil)
	}
	c.t.Fatalf("led around in circles, last at %s", a.url)
	return a
}

// submit sends the page's main form with the hidden fields it has, as the in-app browser does.
func (c *client) submit(a *answer, pairs ...string) *answer {
	c.t.Helper()
	form := a.one("form[data-form=main]")
	sent := values(pairs...)
	for _, in := range find(form, "input[type=hidden]") {
		if _, given := sent[attr(in, "name")]; !given {
			sent.Set(attr(in, "name"), attr(in, "value"))
		}
	}
	to, err := a.url.Parse(attr(form, "action"))
	must(c.t, err)
	return c.follow(c.do(http.MethodPost, to.String(), sent))
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func decimal(n int) string { return strconv.Itoa(n) }
