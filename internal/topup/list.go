package topup

import (
	"slices"
	"strconv"

	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
)

// Names of the filter's fields.
const (
	FieldState   = "state"
	FieldAccount = "account"
	FieldNumber  = "no"
	FieldCursor  = "cursor"
	FieldSize    = "size"
)

// PageSizes are the sizes a page of the list can have; the first is the usual.
var PageSizes = []int{20, 50, 100}

// Filter chooses top-ups; the zero value is all of them.
type Filter struct {
	State   State
	Account ledger.Account
	Number  string // of the top-up or of the bank
	Before  int64  // cursor: those whose own count is smaller
}

const numberMax = 64

// ParseFilter reads the address; every field that is wrong is named.
func ParseFilter(asked func(string) string) (Filter, error) {
	var bad fault.Form
	f := Filter{State: State(asked(FieldState)), Account: ledger.Account(asked(FieldAccount)), Number: asked(FieldNumber)}
	if f.State != "" && !slices.Contains(States, f.State) {
		bad.Add(ErrState)
	}
	if f.Account != "" && digits[f.Account] == "" {
		bad.Add(fault.New("topup.account").On(FieldAccount))
	}
	if len(f.Number) > numberMax {
		bad.Add(fault.New("topup.number").On(FieldNumber))
	}
	if text := asked(FieldCursor); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			bad.Add(fault.New("trade.page_cursor").On(FieldCursor))
		}
		f.Before = n
	}
	return f, bad.Err()
}
