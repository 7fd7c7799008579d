package opening

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// Lines are the merchant's accounts with what they were opened with.
func Lines(ctx context.Context, q db.Querier, p access.Platform, merchant int64) ([]Line, error) {
	if err := p.Require(access.OpsBooksRead); err != nil {
		return nil, err
	}
	return lines(ctx, q, merchant)
}

func lines(ctx context.Context, q db.Querier, merchant int64) ([]Line, error) {
	rows, err := q.Query(ctx, `
		SELECT c.account, c.balance, c.seq > 0, t.business_no, t.amount, t.note, t.applicant, t.booked_at
		FROM accounts c LEFT JOIN transfers t ON t.merchant_id = c.merchant_id AND t.kind = 'opening' AND t.business_key = c.account
		WHERE c.merchant_id = $1 AND c.account = ANY ($2) AND (c.closed_at IS NULL OR t.id IS NOT NULL) ORDER BY array_position($2, c.account)`, merchant, texts(accounts))
	if err != nil {
		return nil, fmt.Errorf("opening balances of %d: %w", merchant, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		var no, document, by *string
		var amount *money.Fen
		var at *time.Time
		if err = row.Scan(&l.Account, &l.Balance, &l.Moved, &no, &amount, &document, &by, &at); err == nil && no != nil {
			l.Opened = &Opened{No: *no, Amount: *amount, Document: *document, By: *by, At: *at}
		}
		return l, err
	})
}

func texts(accounts []ledger.Account) []string {
	all := make([]string, len(accounts))
	for i, a := range accounts {
		all[i] = string(a)
	}
	return all
}
