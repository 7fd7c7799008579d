package fault_test

import (
	"testing"

	"zhanggui/internal/fault"
)

func TestAnAccountIsSaidByItsName(t *testing.T) {
	t.Parallel()
	r := fault.New("ledger.insufficient").With("Account", "BASIC").With("Balance", "1.00").With("Missing", "2.00")
	if got, want := r.Say(t.Context()), "基本账户余额不足：现有 1.00 元，还差 2.00 元。"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if r.Args["Account"] != "BASIC" {
		t.Error("saying it changed the refusal")
	}
}
