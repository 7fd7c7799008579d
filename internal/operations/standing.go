package operations

import (
	"context"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Standing is how the two accounts stand that money moves between.
type Standing struct {
	Open             bool // the operations account is open
	Basic, Operation money.Fen
	Frozen           money.Fen // budgets of coupons and discounts, which have left their account
}

// Stand reads it.
func Stand(ctx context.Context, q db.Querier, s access.Scope) (Standing, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Standing{}, err
	}
	open, err := ledger.Balances(ctx, q, s.Merchant())
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Basic: open[ledger.Basic], Operation: open[ledger.Operation]}
	_, st.Open = open[ledger.Operation]
	for a, balance := range open {
		if strings.HasPrefix(string(a), string(ledger.Frozen(""))) {
			st.Frozen += balance
		}
	}
	return st, nil
}
