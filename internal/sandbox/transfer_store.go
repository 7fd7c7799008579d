package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const transferColumns = "number, payment_no, person, openid, amount, asked_at, ended_at, check_name, name, description, status, reason, outcome, contradict, duplicate"

func scanTransfer(row pgx.CollectableRow) (t Transferred, err error) {
	err = row.Scan(&t.Number, &t.PaymentNo, &t.Person, &t.OpenID, &t.Amount, &t.AskedAt, &t.EndedAt, &t.CheckName, &t.Name, &t.Description,
		&t.Status, &t.Reason, &t.outcome, &t.contradict, &t.duplicate)
	return t, err
}

func (s store) transfer(ctx context.Context, q db.Querier, number string) (t Transferred, found bool, err error) {
	rows, err := q.Query(ctx, "SELECT "+transferColumns+" FROM sandbox.transfers WHERE number = $1 FOR UPDATE", number)
	if err != nil {
		return t, false, fmt.Errorf("transfer: %w", err)
	}
	t, err = pgx.CollectExactlyOneRow(rows, scanTransfer)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}

func (s store) addTransfer(ctx context.Context, tx db.Tx, t Transferred) error {
	_, err := tx.PG().Exec(ctx, "INSERT INTO sandbox.transfers ("+transferColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		t.Number, t.PaymentNo, t.Person, t.OpenID, t.Amount, t.AskedAt, t.EndedAt, t.CheckName, t.Name, t.Description, t.Status, t.Reason,
		t.outcome, t.contradict, t.duplicate)
	if err != nil {
		return fmt.Errorf("transfer: %w", err)
	}
	return nil
}

func (s store) moveTransfer(ctx context.Context, tx db.Tx, t Transferred) error {
	_, err := tx.PG().Exec(ctx, "UPDATE sandbox.transfers SET status = $2, reason = $3, ended_at = $4 WHERE number = $1", t.Number, t.Status, t.Reason, t.EndedAt)
	if err != nil {
		return fmt.Errorf("transfer: %w", err)
	}
	return nil
}
