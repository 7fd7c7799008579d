package words_test

import (
	"testing"

	"zhanggui/internal/words"
)

func TestPlacesAreFilledWithTextsAndFigures(t *testing.T) {
	t.Parallel()
	for want, args := range map[string]words.Args{
		"本页 7 笔，按记账时间从新到旧":          {"Count": 7},
		"本页 8 笔，按记账时间从新到旧":          {"Count": int64(8)},
		"本页 1,234 笔，按记账时间从新到旧":      {"Count": "1,234"},
		"本页 九 笔，按记账时间从新到旧":          {"Count": said("九")},
		"本页 {{.Count}} 笔，按记账时间从新到旧": {"Count": "{{.Count}}"},
	} {
		if got := words.F(t.Context(), "flow.shown", args); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}

// said is a value that says itself.
type said string

func (s said) String() string { return string(s) }
