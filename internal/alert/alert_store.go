package alert

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

func save(ctx context.Context, tx db.Tx, s access.Scope, set Setting, now time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO balance_alerts AS a (merchant_id, account, threshold, watchers, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (merchant_id, account) DO UPDATE SET threshold = excluded.threshold, watchers = excluded.watchers,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by,
			low_since = CASE WHEN a.threshold = excluded.threshold THEN a.low_since END`,
		s.Merchant(), set.Account, set.Threshold, set.Watchers, now, s.Actor().Name)
	if err != nil {
		return fmt.Errorf("set alert of %s: %w", set.Account, err)
	}
	return nil
}

func remove(ctx context.Context, tx db.Tx, merchant int64, a ledger.Account) (bool, error) {
	tag, err := tx.PG().Exec(ctx, "DELETE FROM balance_alerts WHERE merchant_id = $1 AND account = $2", merchant, a)
	if err != nil {
		return false, fmt.Errorf("remove alert of %s: %w", a, err)
	}
	return tag.RowsAffected() == 1, nil
}

// Carry lets an alert go on watching another account, because its own is closed.
func Carry(ctx context.Context, tx db.Tx, merchant int64, from, to ledger.Account) error {
	_, err := tx.PG().Exec(ctx, "UPDATE balance_alerts SET account = $3 WHERE merchant_id = $1 AND account = $2", merchant, from, to)
	if err != nil {
		return fmt.Errorf("carry alert of %s of %d: %w", from, merchant, err)
	}
	return nil
}

// Lines are the merchant's accounts with what is set for them.
func Lines(ctx context.Context, q db.Querier, s access.Scope) ([]Line, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		SELECT c.account, c.balance, a.threshold, a.watchers, a.low_since, a.changed_at, a.changed_by
		FROM accounts c LEFT JOIN balance_alerts a ON a.merchant_id = c.merchant_id AND a.account = c.account
		WHERE c.merchant_id = $1 AND c.account = ANY ($2) AND c.closed_at IS NULL
		ORDER BY array_position($2, c.account)`, s.Merchant(), texts(watched))
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		var threshold *money.Fen
		var changed *time.Time
		var by *string
		a := Alert{}
		if err = row.Scan(&l.Account, &l.Balance, &threshold, &a.Watchers, &a.LowSince, &changed, &by); err == nil && threshold != nil {
			a.Account, a.Threshold, a.ChangedAt, a.ChangedBy = l.Account, *threshold, *changed, *by
			l.Alert = &a
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

// crossing is a balance that fell below its threshold just now.
type crossing struct {
	Account   ledger.Account
	Threshold money.Fen
	Balance   money.Fen
	Watchers  []uuid.UUID
}

// fallen lists the merchants of whom somebody must be told.
func fallen(ctx context.Context, q db.Querier) ([]int64, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT a.merchant_id FROM balance_alerts a JOIN accounts c ON c.merchant_id = a.merchant_id AND c.account = a.account
		WHERE a.low_since IS NULL AND c.balance < a.threshold AND c.closed_at IS NULL`)
	if err != nil {
		return nil, fmt.Errorf("low balances: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// cross marks a merchant's fallen balances as told. Of two who look at once, one finds them.
func cross(ctx context.Context, tx db.Tx, merchant int64, now time.Time) ([]crossing, error) {
	rows, err := tx.PG().Query(ctx, `
		UPDATE balance_alerts a SET low_since = $2 FROM accounts c
		WHERE a.merchant_id = $1 AND c.merchant_id = a.merchant_id AND c.account = a.account AND a.low_since IS NULL AND c.balance < a.threshold AND c.closed_at IS NULL
		RETURNING a.account, a.threshold, c.balance, a.watchers`, merchant, now)
	if err != nil {
		return nil, fmt.Errorf("mark low balances of %d: %w", merchant, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[crossing])
}

// rise forgets what was told of balances that have come up again.
func rise(ctx context.Context, d *db.DB) error {
	_, err := d.PG().Exec(ctx, `
		UPDATE balance_alerts a SET low_since = NULL FROM accounts c
		WHERE c.merchant_id = a.merchant_id AND c.account = a.account AND a.low_since IS NOT NULL AND c.balance >= a.threshold`)
	if err != nil {
		return fmt.Errorf("risen balances: %w", err)
	}
	return nil
}
