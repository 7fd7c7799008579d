package upgrade

import (
	"context"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Counted is money with the number of documents that it is of.
type Counted struct {
	Sum   money.Fen
	Count int64
}

// Flight is what is under way at a moment, and what becomes of it.
type Flight struct {
	Available money.Fen
	Owed      money.Fen // claims that wait for income
	Unsettled Counted   // orders
	AtBank    Counted   // settlement lines handed in
	Unsent    Counted   // cut, and not handed in
	Back      Counted   // lines that the bank sent back or did not pay
	Short     money.Fen // what the pool of unsettled money lacks for its orders and fees
	TopUps    Counted   // announced, and not there
	Transit   map[ledger.Account]money.Fen
	Frozen    money.Fen
	Cutting   bool // a cut runs: the upgrade waits for it
}

// InFlight reads what is under way now.
func InFlight(ctx context.Context, q db.Querier, s access.Scope, now time.Time) (Flight, error) {
	if err := s.Require(access.AccountUpgrade); err != nil {
		return Flight{}, err
	}
	return flight(ctx, q, s.Merchant(), now)
}
