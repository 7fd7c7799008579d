package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

const weightMax = 60 << 10 // bytes on the wire, to the first useful row

// measureWeight adds up what a browser with an empty cache fetches for a page: the page itself,
// stylesheets, scripts and what they import, pictures, all as compressed as they are sent.
func measureWeight(ctx context.Context, w *world) (section, error) {
	if err := w.useDemo(ctx); err != nil {
		return section{}, err
	}
	p, err := boundMember(ctx, w.base, pagesMerchant, "finance")
	if err != nil {
		return section{}, err
	}
	desk, err := p.signIn(ctx, w.base)
	if err != nil {
		return section{}, err
	}
	s := section{Title: "Weight of pages", Text: []string{
		"Bytes on the wire for a browser with an empty cache, headers left out: the page, its stylesheets, scripts with what they import, and pictures."}}
	for _, page := range []struct {
		name, path string
		by         *browser
	}{{"sign-in page", "/login", newBrowser(w.base, "")}, {"list of orders", "/trades", desk}} {
		sum, parts, err := weigh(ctx, page.by, page.path)
		if err != nil {
			return s, err
		}
		fmt.Printf("%s: %d bytes\n", page.name, sum)
		s.Goals = append(s.Goals, goal{"weight of the " + page.name + ", cold", "≤ 60 KB",
			fmt.Sprintf("%.1f KB", float64(sum)/1024), sum <= weightMax})
		s.Text = append(s.Text, page.name+": "+strings.Join(parts, ", "))
	}
	return s, nil
}

var (
	linked   = regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`)
	imported = regexp.MustCompile(`(?:from|import)\s*\(?["'](\.{0,2}/[^"']+\.js)["']`)
)

// weigh fetches a page and all it leads to, each thing once.
func weigh(ctx context.Context, b *browser, path string) (sum int, parts []string, err error) {
	seen := map[string]bool{}
	queue := []string{path}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		wire, text, err := b.fetch(ctx, next)
		if err != nil {
			return 0, nil, err
		}
		sum += wire
		parts = append(parts, fmt.Sprintf("%s %d", next, wire))
		for _, m := range append(linked.FindAllStringSubmatch(text, -1), imported.FindAllStringSubmatch(text, -1)...) {
			queue = append(queue, resolve(next, m[1]))
		}
	}
	return sum, parts, nil
}

func resolve(from, link string) string {
	base, err := url.Parse(from)
	if err != nil {
		return link
	}
	to, err := base.Parse(link)
	if err != nil {
		return link
	}
	return to.Path
}

// fetch tells how many bytes came over the wire, and the text they stand for.
func (b *browser) fetch(ctx context.Context, path string) (wire int, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.absolute(path), nil)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := b.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return 0, "", fmt.Errorf("%s answers %d", path, resp.StatusCode)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.Header.Get("Content-Encoding") != "gzip" {
		return len(raw), string(raw), err
	}
	unpacked, err := gzip.NewReader(strings.NewReader(string(raw)))
	if err != nil {
		return 0, "", err
	}
	plain, err := io.ReadAll(unpacked)
	return len(raw), string(plain), err
}
