package web

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/words"
)

var write = flag.Bool("write", false, "write docs/ACCESS.md instead of comparing it")

const accessDocument = "../docs/ACCESS.md"

func TestTheDocumentOfWhoMayDoWhatIsUpToDate(t *testing.T) {
	t.Parallel()
	want := accessPage(t)
	if *write {
		must(t, os.WriteFile(accessDocument, []byte(want), 0o644))
	}
	if have, err := os.ReadFile(accessDocument); err != nil || string(have) != want {
		t.Errorf("docs/ACCESS.md is out of date (%v): go test ./web -run Document -write", err)
	}
}

// accessPage is the page, from the tables that the program obeys.
func accessPage(t *testing.T) string {
	t.Helper()
	ctx := t.Context()
	var b strings.Builder
	b.WriteString(`# Who may do what

From the tables that the program itself obeys: permissions and ready roles in internal/access, the acts that the
phone confirms, the routes in web. A test writes this page: ` + "`go test ./web -run Document -write`" + `.

## Permissions and ready roles
| permission | what it allows |`)
	for _, r := range access.Roles {
		fmt.Fprintf(&b, " %s |", words.T(ctx, "role."+string(r)))
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(access.Roles)) + "\n")
	for _, p := range access.Permissions {
		fmt.Fprintf(&b, "| %s `%s` | %s |", words.T(ctx, "permission."+string(p)), p, words.T(ctx, "permission."+string(p)+".what"))
		for _, r := range access.Roles {
			mark := ""
			for _, held := range r.Permissions() {
				if held == p {
					mark = "✓"
				}
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteString("\n")
	}
	actsOf(t, &b)
	b.WriteString("\n## Routes\n`public` is anybody, `member` anybody signed in, `seated` somebody who may have to bind a WeChat first, `phone` a person in WeChat, `operator` an operator; everything else is a permission.\n\n| route | kind | who |\n|---|---|---|\n")
	for _, r := range Routes(false) {
		fmt.Fprintf(&b, "| `%s %s` | %s | %s |\n", r.Method, r.Path, r.Kind, r.Permission)
	}
	return b.String()
}

// actsOf lists what runs only when a phone says yes.
func actsOf(t *testing.T, b *strings.Builder) {
	t.Helper()
	b.WriteString("\n## Acts that the phone confirms\n| act | permission | a second person by rule |\n|---|---|---|\n")
	acts := newPortal(t).known
	for _, code := range acts.Codes() {
		a, _ := acts.Find(code)
		second := ""
		if a.Approvable {
			second = "✓"
		}
		fmt.Fprintf(b, "| %s `%s` | %s | %s |\n", confirm.ActionName(t.Context(), code), code, cmp.Or(string(a.Needs), "own"), second)
	}
}
