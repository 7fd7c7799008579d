package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// has checks that the page shows something at a selector: tag, .class, #id, [attr], [attr=value],
// with spaces between ancestors.
func (a *answer) has(selector string) *answer {
	a.t.Helper()
	if len(find(a.doc, selector)) == 0 {
		a.t.Fatalf("%s (%d) has no %s:\n%s", a.url, a.status, selector, a.text())
	}
	return a
}

func (a *answer) lacks(selector string) *answer {
	a.t.Helper()
	if len(find(a.doc, selector)) > 0 {
		a.t.Fatalf("%s has a %s", a.url, selector)
	}
	return a
}

// says checks for words of the page.
func (a *answer) says(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.text(), w) {
			a.t.Fatalf("%s (%d) does not say %q:\n%s", a.url, a.status, w, a.text())
		}
	}
	return a
}

func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s answers %d, want %d: %s", a.url, a.status, status, a.text())
	}
	return a
}

// at checks where the browser ended up.
func (a *answer) at(path string) *answer {
	a.t.Helper()
	if a.url.Path != path {
		a.t.Fatalf("ended at %s (%d), want %s: %s", a.url, a.status, path, a.text())
	}
	return a
}

func (a *answer) one(selector string) *html.Node {
	a.t.Helper()
	a.has(selector)
	return find(a.doc, selector)[0]
}

// text is the page's words, without the spaces between them.
func (a *answer) text() string {
	var b strings.Builder
	for n := range a.doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(strings.TrimSpace(n.Data))
		}
	}
	return b.String()
}

func find(root *html.Node, selector string) []*html.Node {
	found := []*html.Node{root}
	for _, step := range strings.Fields(selector) {
		var next []*html.Node
		for _, from := range found {
			for n := range from.Descendants() {
				if n.Type == html.ElementNode && matches(n, step) {
					next = append(next, n)
				}
			}
		}
		found = next
	}
	return found
}

// matches reads one step of a selector.
func matches(n *html.Node, step string) bool {
	tag, rest := cutStep(step)
	if tag != "" && tag != n.Data {
		return false
	}
	for rest != "" {
		var part string
		kind := rest[0]
		if kind == '[' {
			part, rest, _ = strings.Cut(rest[1:], "]")
			name, want, valued := strings.Cut(part, "=")
			if !hasAttr(n, name) || valued && attr(n, name) != want {
				return false
			}
			continue
		}
		part, rest = cutStep(rest[1:])
		if kind == '.' && !containsWord(attr(n, "class"), part) || kind == '#' && attr(n, "id") != part {
			return false
		}
	}
	return true
}

func cutStep(s string) (head, rest string) {
	if i := strings.IndexAny(s, ".#["); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

func containsWord(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func TestSelectorsFindWhatTheySay(t *testing.T) {
	t.Parallel()
	doc, err := html.Parse(strings.NewReader(`<main class="ph a"><form id="f" data-form="main"><input type="hidden" name="x"></form></main>`))
	must(t, err)
	for selector, want := range map[string]int{
		"main.ph": 1, "main.b": 0, "form[data-form=main] input[type=hidden]": 1, "#f": 1, "[data-form]": 1, "input[name=y]": 0,
	} {
		if n := len(find(doc, selector)); n != want {
			t.Errorf("%s finds %d, want %d", selector, n, want)
		}
	}
}
