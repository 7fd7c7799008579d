package web

import (
	"strings"
	"testing"
)

func TestAFileThatCannotHoldAllOfAListIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(d *Deps) { d.FileRows = 4 })
	c := p.signedIn(storeOwner)
	p.tellsOfBrowser(4)
	if rows := readCSV(t, c.do("GET", "/inbox.csv?category=security", nil).is(200)); len(rows) != 1+4 {
		t.Errorf("a file as long as it may be has %d lines", len(rows))
	}
	p.tellsOfBrowser(1)
	a := c.do("GET", "/inbox.csv?category=security", nil).is(422)
	if !strings.Contains(a.body, "超过 4 条") || a.header.Get("Content-Disposition") != "" {
		t.Errorf("a part is passed off as the whole: %s", a.body)
	}
}

// Each list that has pages says so to its file: where a file may hold one row, two are refused.
func TestEveryFileOfAListKnowsItsEnd(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(d *Deps) { d.FileRows = 1 })
	ops := p.opsIn(opsAdmin)
	for _, path := range []string{"/ops/merchants.csv", "/ops/operators.csv"} {
		ops.do("GET", path, nil).is(422)
	}
}
