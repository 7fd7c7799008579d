// Package zhanggui_test keeps the rules of the house for the whole repository.
package zhanggui_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"zhanggui/internal/house"
)

var read = sync.OnceValues(func() (*house.Tree, error) { return house.Read(os.DirFS(".")) })

func tree(t *testing.T) *house.Tree {
	t.Helper()
	all, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// scopeMakers are the places where a right to a merchant's data begins. A new one is a decision.
var scopeMakers = map[string][]string{
	"Member": {"internal/identity.Scope"},
	"Phone":  {"internal/confirm.scope", "internal/staff.adminOf"},
	"Job": {"cmd/zhanggui.importFile", "cmd/zhanggui.newOperatorTool", "internal/ledger.CountHandler", "internal/platform.DailyVerification", "internal/product.decide",
		"internal/seed.load", "internal/seed.moves", "internal/seed.opensOperation", "internal/seed.payerScope", "internal/trade.resume", "internal/transfer.payRows", "internal/withdrawal.RunDay"},
	"Across": {"cmd/zhanggui.newOperatorTool", "internal/platform.DailyVerification", "internal/platform.decode", "internal/product.reviewed", "internal/rollout.decode", "web.operator"},
}

func TestTheHouseKeepsItsRules(t *testing.T) {
	t.Parallel()
	all := tree(t)
	for rule, breaches := range map[string][]house.Breach{
		"imports go one way":                         all.Imports(),
		"files and functions stay small":             all.Sizes(),
		"every package says what it decides":         all.Undocumented(),
		"banned calls are absent":                    all.Calls(),
		"only the clock asks for the time":           all.Clock(),
		"SQL is fixed, and time comes from outside":  all.SQL(),
		"money is never a fraction":                  all.Floats(),
		"each table has one writer":                  all.TwoWriters(),
		"scopes are made where it was decided":       all.Scopes(scopeMakers),
		"the text speaks of the product, finished":   all.Text(),
		"templates hold no inline scripts or styles": all.Markup(),
		"all words are in the catalogue":             house.Missing(all.Words(), catalogue(t)),
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			for _, b := range breaches {
				t.Error(b)
			}
		})
	}
}

// catalogue lists the ids of the product's own language.
func catalogue(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("internal/words/zh-CN/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	all := map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return slices.Collect(maps.Keys(all))
}
