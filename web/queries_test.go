package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// queriesMax is the most statements that a page may take.
const queriesMax = 3

// exportsWritten are files that stand in the log before they are read.
var exportsWritten = map[string]int{"/account/audit.csv": 1, "/ops/audit.csv": 1}

func TestNoPageTakesMoreThanThreeQueries(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	c := p.signedIn("p-sumingyue")
	for _, r := range routes {
		if r.Method != http.MethodGet || r.Kind != page && r.Kind != api || strings.Contains(r.Path, "{") || r.Path == "/login" {
			continue // /login makes something: a code
		}
		a := c.do(http.MethodGet, example(r), nil)
		n, err := strconv.Atoi(a.header.Get("X-Statements"))
		if err != nil || n > queriesMax+exportsWritten[r.Path] {
			t.Errorf("%s takes %d statements (%v)", r.Path, n, err)
		}
	}
}
