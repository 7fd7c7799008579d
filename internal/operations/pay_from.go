// Package operations decides which account pays for the functions of operations: red packets, enterprise
// payments, coupons and discounts. Once a merchant has opened its operations account, that account alone
// pays for all of them, even while it is empty.
package operations

import (
	"context"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// PayFrom is the account that pays for every function of operations, and for nothing else. It holds the
// merchant, so the answer stays true until the transaction ends. An account that cannot cover a payment
// refuses it with ledger.ErrInsufficient; no other one stands in.
func PayFrom(ctx context.Context, tx db.Tx, merchant int64) (ledger.Account, error) {
	all, err := PayFromEach(ctx, tx, merchant)
	return all[merchant].Account, err
}

// Purse is an account that pays, and what it holds.
type Purse struct {
	Account ledger.Account
	Balance money.Fen
}

// PayFromEach is PayFrom of several merchants at once.
func PayFromEach(ctx context.Context, tx db.Tx, merchants ...int64) (map[int64]Purse, error) {
	if err := ledger.Hold(ctx, tx, merchants...); err != nil {
		return nil, err
	}
	open, err := ledger.BalancesOf(ctx, tx.PG(), merchants...)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]Purse, len(merchants))
	for m, balances := range open {
		a, err := Payer(balances)
		if err != nil {
			return nil, err
		}
		all[m] = Purse{a, balances[a]}
	}
	return all, nil
}

// Payer is the one of a merchant's open accounts that pays for every function of operations.
func Payer(open map[ledger.Account]money.Fen) (ledger.Account, error) {
	for _, a := range []ledger.Account{ledger.Operation, ledger.Basic, ledger.Available} {
		if _, ok := open[a]; ok {
			return a, nil
		}
	}
	return "", ledger.ErrNotOpen.With("Account", string(ledger.Basic))
}
