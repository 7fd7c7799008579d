package topup

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// PayTo is the platform's own bank account that merchants transfer to.
type PayTo struct{ Name, Bank, Account string }

// Known tells whether the platform has said where to transfer to.
func (p PayTo) Known() bool { return p.Name != "" && p.Bank != "" && p.Account != "" }

// Place is an account that the merchant can send money to, with what the payer writes beside the transfer.
type Place struct {
	Account   ledger.Account
	Reference string
}

// Places are the accounts that the merchant can send money to.
func Places(ctx context.Context, q db.Querier, s access.Scope) ([]Place, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	system, names, err := readPlaces(ctx, q, s.Merchant())
	if err != nil {
		return nil, err
	}
	open := map[ledger.Account]money.Fen{}
	for _, a := range names {
		open[ledger.Account(a)] = 0
	}
	var all []Place
	for _, a := range Accounts(merchant.Merchant{System: system}, open) {
		all = append(all, Place{a, Reference(s.Merchant(), a)})
	}
	return all, nil
}
