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
	if err := ledger.Hold(ctx, tx, merchant); err != nil {
		return "", err
	}
	open, err := ledger.Balances(ctx, tx.PG(), merchant)
	if err != nil {
		return "", err
	}
	return Payer(open)
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
