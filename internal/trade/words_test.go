package trade_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zhanggui/internal/trade/bill"
	"zhanggui/internal/words"
)

var code = regexp.MustCompile(`"(trade\.(?:bill|conflict|filter|view|page|upload|export|refund|file|import)_[a-z_]*[a-z])"`)

func TestEveryRefusalHasItsWords(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, pattern := range []string{"*.go", "bill/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(raw), -1) {
				seen++
				if !strings.HasSuffix(name, "_test.go") && !words.Has(ctx, "fault."+m[1]) {
					t.Errorf("%s: no words for %s", name, m[1])
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d codes were found", seen)
	}
}

func TestEveryWordABillUsesHasItsWords(t *testing.T) {
	t.Parallel()
	for prefix, all := range map[string][]string{"trade.state.": bill.TradeStates, "trade.type.": bill.TradeTypes,
		"trade.refund_state.": bill.RefundStates, "trade.refund_type.": bill.RefundTypes} {
		for _, w := range all {
			if !words.Has(ctx, prefix+w) {
				t.Errorf("no words for %s%s", prefix, w)
			}
		}
	}
}
