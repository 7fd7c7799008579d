package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const payoutColumns = "number, merchant_id, amount, asked_at, kind, holder, bank, account, memo, status, reason, outcome, contradict, duplicate"

func scanPayout(row pgx.CollectableRow) (p Payout, err error) {
	err = row.Scan(&p.Number, &p.Merchant, &p.Amount, &p.AskedAt, &p.Kind, &p.Holder, &p.Bank, &p.Account, &p.Memo, &p.Status, &p.Reason,
		&p.outcome, &p.contradict, &p.duplicate)
	return p, err
}

func (s store) payout(ctx context.Context, q db.Querier, number string) (p Payout, found bool, err error) {
	rows, err := q.Query(ctx, "SELECT "+payoutColumns+" FROM sandbox.payouts WHERE number = $1 FOR UPDATE", number)
	if err != nil {
		return p, false, fmt.Errorf("payout: %w", err)
	}
	p, err = pgx.CollectExactlyOneRow(rows, scanPayout)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

func (s store) addPayout(ctx context.Context, tx db.Tx, p Payout) error {
	_, err := tx.PG().Exec(ctx, "INSERT INTO sandbox.payouts ("+payoutColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.Number, p.Merchant, p.Amount, p.AskedAt, p.Kind, p.Holder, p.Bank, p.Account, p.Memo, p.Status, p.Reason, p.outcome, p.contradict, p.duplicate)
	if err != nil {
		return fmt.Errorf("payout: %w", err)
	}
	return nil
}

func (s store) movePayout(ctx context.Context, tx db.Tx, p Payout) error {
	_, err := tx.PG().Exec(ctx, "UPDATE sandbox.payouts SET status = $2, reason = $3 WHERE number = $1", p.Number, p.Status, p.Reason)
	if err != nil {
		return fmt.Errorf("payout: %w", err)
	}
	return nil
}

func (s store) payouts(ctx context.Context, limit int) ([]Payout, error) {
	rows, err := s.db.PG().Query(ctx, "SELECT "+payoutColumns+" FROM sandbox.payouts ORDER BY asked_at DESC, number LIMIT $1", limit)
	if err != nil {
		return nil, fmt.Errorf("payouts: %w", err)
	}
	return pgx.CollectRows(rows, scanPayout)
}
