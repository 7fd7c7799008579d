package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"zhanggui/internal/fault"
)

func TestARefusalIsKnownByItsCodeHoweverItIsWrapped(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("import: %w", fault.New("trade.sum").On("file").With("line", 7))
	if !fault.Is(err, "trade.sum") || fault.Is(err, "trade.other") || !errors.Is(err, fault.New("trade.sum")) {
		t.Error("the code must decide, and nothing else")
	}
	if r, _ := fault.As(err); r.Field != "file" || r.Args["line"] != 7 || r.Error() != "trade.sum (line=7)" {
		t.Errorf("lost on the way: %+v", r)
	}
}

func TestAddingAFactLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	base := fault.New("x").With("a", 1)
	_ = base.With("b", 2).On("f")
	if len(base.Args) != 1 || base.Field != "" {
		t.Errorf("changed: %+v", base)
	}
}

func TestAFormShowsAllItsRefusalsAndNoneIsNoError(t *testing.T) {
	t.Parallel()
	var f fault.Form
	if f.Add(nil); f.Err() != nil {
		t.Error("an empty form is no error")
	}
	f.Add(fault.New("a").On("one"))
	f.Add(fault.New("b").On("two"))
	if all := fault.All(fmt.Errorf("form: %w", f.Err())); len(all) != 2 || all[1].Field != "two" {
		t.Errorf("got %v", all)
	}
	if fault.All(errors.New("plain")) != nil || len(fault.All(fault.ErrNotFound)) != 1 {
		t.Error("a mistake of ours is no refusal, a single refusal is one")
	}
}
