package views

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"zhanggui/internal/words"
)

// declared finds the kinds of transfers that packages declare, ledger's own among them.
var declared = regexp.MustCompile(`(?m)^(?:const )?\s*Kind\w*\s+(?:ledger\.)?Kind\s+= "([a-z.]+)"`)

func TestEveryEventThatMovesMoneyHasItsWord(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	source := os.DirFS("../internal")
	err := fs.WalkDir(source, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(source, path)
		for _, m := range declared.FindAllSubmatch(text, -1) {
			if strings.Contains(string(m[0]), "ledger.") || strings.HasPrefix(path, "ledger/") {
				kinds[string(m[1])] = true
			}
		}
		return err
	})
	if err != nil || len(kinds) < 20 {
		t.Fatalf("%d kinds found, %v", len(kinds), err)
	}
	for kind := range kinds {
		if !words.Has(t.Context(), "ledger.kind."+kind) {
			t.Errorf("%s has no word", kind)
		}
	}
}
