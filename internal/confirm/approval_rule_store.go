package confirm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
)

// hold says whether a rule that is read must stay as it is until the transaction ends.
type hold string

const (
	looking hold = ""
	holding hold = " FOR SHARE OF r"
)

const ruleColumns = `SELECT r.action, coalesce(r.from_fen, 0), r.checkers, a.login || '@' || a.merchant_id, r.changed_at
	FROM approval_rules r JOIN login_accounts a ON a.merchant_id = r.merchant_id AND a.id = r.changed_by
	WHERE r.merchant_id = $1`

func scanRule(row pgx.CollectableRow) (r Rule, err error) {
	err = row.Scan(&r.Action, &r.From, &r.Checkers, &r.ChangedBy, &r.ChangedAt)
	return r, err
}

func listRules(ctx context.Context, q db.Querier, merchant int64) ([]Rule, error) {
	rows, err := q.Query(ctx, ruleColumns+" ORDER BY r.action", merchant)
	if err != nil {
		return nil, fmt.Errorf("approval rules: %w", err)
	}
	return pgx.CollectRows(rows, scanRule)
}

func readRule(ctx context.Context, q db.Querier, merchant int64, action string, h hold) (Rule, bool, error) {
	rows, err := q.Query(ctx, ruleColumns+" AND r.action = $2"+string(h), merchant, action)
	if err != nil {
		return Rule{}, false, fmt.Errorf("approval rule: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanRule)
	if errors.Is(err, pgx.ErrNoRows) {
		return Rule{}, false, nil
	}
	if err != nil {
		return Rule{}, false, fmt.Errorf("approval rule: %w", err)
	}
	return r, true, nil
}

func saveRule(ctx context.Context, tx db.Tx, s access.Scope, r RuleChange, now time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO approval_rules (merchant_id, action, from_fen, checkers, changed_by, changed_at)
		VALUES ($1, $2, nullif($3::bigint, 0), $4, $5, $6)
		ON CONFLICT (merchant_id, action) DO UPDATE SET from_fen = excluded.from_fen,
			checkers = excluded.checkers, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		s.Merchant(), r.Action, r.From, r.Checkers, s.Actor().Account, now)
	if err != nil {
		return fmt.Errorf("save approval rule: %w", err)
	}
	return nil
}

func removeRule(ctx context.Context, tx db.Tx, merchant int64, action string) error {
	tag, err := tx.PG().Exec(ctx, "DELETE FROM approval_rules WHERE merchant_id = $1 AND action = $2", merchant, action)
	if err != nil {
		return fmt.Errorf("remove approval rule: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrRuleNone
	}
	return nil
}
