package house

import (
	"fmt"
	"regexp"
	"strings"
)

// promises are words of work that was put off.
var promises = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|not imple` + `mented)\b`)

// foreign are words that speak of where the product is made instead of what it is.
var foreign = regexp.MustCompile(`/wo` + `rk/|/ro` + `ot/|\.\./shared/(PRO` + `DUCT|ARCHI` + `TECTURE|refer` + `ence)|` +
	`proxy\.gol` + `ang|npm` + `js\.org|deb\.deb` + `ian|(?i)\bissue #?[0-9]+\b`)

// unworded are files whose words are not ours.
var unworded = []string{"go.sum", "package-lock.json"}

// Text finds words that have no place in the repository.
func (t *Tree) Text() []Breach {
	var found []Breach
	for _, s := range t.Go {
		if !s.Generated {
			found = append(found, words(s.Path, s.Text)...)
		}
	}
	for _, f := range t.Other {
		if !contains(unworded, f.Path) && !strings.Contains(f.Path, "testdata/") {
			found = append(found, words(f.Path, f.Text)...)
		}
	}
	return found
}

func words(file, text string) []Breach {
	var found []Breach
	for i, line := range strings.Split(text, "\n") {
		if w := promises.FindString(line); w != "" {
			found = append(found, Breach{fmt.Sprintf("%s:%d", file, i+1), "a promise instead of work: " + w})
		}
		if w := foreign.FindString(line); w != "" {
			found = append(found, Breach{fmt.Sprintf("%s:%d", file, i+1), "words that are not the product's: " + w})
		}
	}
	return found
}

func contains(list []string, file string) bool {
	for _, f := range list {
		if f == file {
			return true
		}
	}
	return false
}

// handlers in markup run code the browser's policy forbids.
var scripted = regexp.MustCompile(`(?i)\s(on[a-z]+|style)=|hx-on|\bjs:|<script>|<style`)

// Markup finds inline scripts and styles in templates; the content security policy would drop them.
func (t *Tree) Markup() []Breach {
	var found []Breach
	for _, f := range t.Other {
		if !strings.HasSuffix(f.Path, ".templ") {
			continue
		}
		for i, line := range strings.Split(f.Text, "\n") {
			if w := scripted.FindString(line); w != "" {
				found = append(found, Breach{fmt.Sprintf("%s:%d", f.Path, i+1), "inline script or style:" + w})
			}
		}
	}
	return found
}
