package operations

import (
	"errors"

	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Shortage says which account cannot cover what a function of operations wants of it. The account is always
// named: money on the other one changes nothing.
type Shortage struct {
	Account ledger.Account
	Balance money.Fen
	Missing money.Fen
}

// The refusals of a shortage, by the account that is short; each sentence says the ways out.
var shorts = map[ledger.Account]*fault.Refusal{
	ledger.Operation: fault.New("operations.short_operation"),
	ledger.Basic:     fault.New("operations.short_basic"),
	ledger.Available: fault.New("operations.short_available"),
}

// Refusal is the shortage as people are told it.
func (s Shortage) Refusal() error {
	r, ok := shorts[s.Account]
	if !ok {
		r = ledger.ErrInsufficient.With("Account", string(s.Account))
	}
	return r.With("Balance", s.Balance.String()).With("Missing", s.Missing.String())
}

// Short puts the ledger's refusal of a debit into the words of operations; every other error stays as it is.
func Short(err error) error {
	if s, ok := ShortageOf(err); ok {
		return s.Refusal()
	}
	return err
}

// ShortageOf reads a shortage out of an error, the ledger's own or one in the words above.
func ShortageOf(err error) (s Shortage, ok bool) {
	r, is := fault.As(err)
	if !is {
		for _, one := range fault.All(err) {
			if s, ok := ShortageOf(one); ok {
				return s, ok
			}
		}
		return s, false
	}
	if errors.Is(r, ledger.ErrInsufficient) {
		name, _ := r.Args["Account"].(string)
		s.Account = ledger.Account(name)
	}
	for account, known := range shorts {
		if errors.Is(r, known) {
			s.Account = account
		}
	}
	if s.Account == "" {
		return s, false
	}
	balance, _ := r.Args["Balance"].(string)
	missing, _ := r.Args["Missing"].(string)
	var wrong, bad error
	s.Balance, wrong = money.Parse(balance)
	s.Missing, bad = money.Parse(missing)
	return s, wrong == nil && bad == nil
}
