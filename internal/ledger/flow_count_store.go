package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

func insertCount(ctx context.Context, tx db.Tx, c FlowCount) error {
	_, err := tx.PG().Exec(ctx, "INSERT INTO flow_counts (merchant_id, id, account_id, query, asked_at) VALUES ($1, $2, $3, $4, $5)",
		c.MerchantID, c.ID, c.AccountID, c.Query, c.AskedAt)
	if err != nil {
		return fmt.Errorf("ask for a count: %w", err)
	}
	return nil
}

// Count reads a question and, once it is there, its answer.
func Count(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID) (c FlowCount, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return c, err
	}
	err = q.QueryRow(ctx, `SELECT merchant_id, id, account_id, query, ins, in_amount, outs, out_amount, asked_at, finished_at
		FROM flow_counts WHERE merchant_id = $1 AND id = $2`, s.Merchant(), id).
		Scan(&c.MerchantID, &c.ID, &c.AccountID, &c.Query, &c.Ins, (*int64)(&c.InAmount), &c.Outs, (*int64)(&c.OutAmount), &c.AskedAt, &c.FinishedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, fault.ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("count %s: %w", id, err)
	}
	return c, nil
}

// countAll adds all rows of a filter up, however many there are.
func countAll(ctx context.Context, q db.Querier, s access.Scope, f FlowFilter) (t FlowTotals, err error) {
	c, sql := totalsOf(s.Merchant(), f, math.MaxInt64)
	if err := q.QueryRow(ctx, sql, c.args...).Scan(t.fields()...); err != nil {
		return t, fmt.Errorf("count fund flow: %w", err)
	}
	return t, nil
}

func finishCount(ctx context.Context, tx db.Tx, c FlowCount, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `UPDATE flow_counts SET ins = $3, in_amount = $4, outs = $5, out_amount = $6, finished_at = $7
		WHERE merchant_id = $1 AND id = $2 AND finished_at IS NULL`, c.MerchantID, c.ID, c.Ins, int64(c.InAmount), c.Outs, int64(c.OutAmount), at)
	if err != nil {
		return fmt.Errorf("answer count %s: %w", c.ID, err)
	}
	return nil
}
