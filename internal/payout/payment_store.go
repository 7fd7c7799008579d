package payout

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const paymentColumns = `number, batch_no, kind, coalesce(day::text, ''), request, amount, try, state, bank, tail, account, memo, reason,
	made_at, sent_at, ended_at, returned_at`

func scanPayment(row pgx.CollectableRow) (p Payment, err error) {
	var request uuid.NullUUID
	err = row.Scan(&p.Number, &p.BatchNo, &p.Purpose, &p.Day, &request, &p.Amount, &p.Try, &p.State, &p.Bank, &p.Tail, &p.Account,
		&p.Memo, &p.Reason, &p.MadeAt, &p.SentAt, &p.EndedAt, &p.ReturnedAt)
	p.Request = request.UUID
	return p, err
}

func addPayment(ctx context.Context, tx db.Tx, m int64, p Payment) error {
	account := p.Account
	if account == nil {
		account = []byte{}
	}
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO bank_payments (merchant_id, number, batch_no, kind, day, request, amount, try, state, bank, tail, account, memo, made_at)
		VALUES ($1, $2, $3, $4, nullif($5, '')::date, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		m, p.Number, p.BatchNo, p.Purpose, p.Day.String(), uuid.NullUUID{UUID: p.Request, Valid: p.Request != uuid.Nil},
		int64(p.Amount), p.Try, p.State, p.Bank, p.Tail, account, p.Memo, p.MadeAt)
	if err != nil {
		return fmt.Errorf("payment %s: %w", p.Number, err)
	}
	return nil
}

// unsent locks the payments of a batch that the bank has not taken yet.
func unsent(ctx context.Context, tx db.Tx, m int64, batch string) ([]Payment, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+paymentColumns+` FROM bank_payments
		WHERE merchant_id = $1 AND batch_no = $2 AND state IN ('waiting', 'sending') ORDER BY number FOR UPDATE`, m, batch)
	if err != nil {
		return nil, fmt.Errorf("batch %s: %w", batch, err)
	}
	return pgx.CollectRows(rows, scanPayment)
}

// lockPayment reads one payment for a change; none is fault.ErrNotFound.
func lockPayment(ctx context.Context, tx db.Tx, m int64, number string) (Payment, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+paymentColumns+` FROM bank_payments
		WHERE merchant_id = $1 AND number = $2 FOR UPDATE`, m, number)
	if err != nil {
		return Payment{}, fmt.Errorf("payment %s: %w", number, err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanPayment)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, fault.ErrNotFound
	}
	return p, err
}

// savePayment writes where a payment stands, and the card it goes to.
func savePayment(ctx context.Context, tx db.Tx, m int64, p Payment) error {
	_, err := tx.PG().Exec(ctx, `
		UPDATE bank_payments SET state = $3, bank = $4, tail = $5, account = $6, reason = $7, sent_at = $8, ended_at = $9, returned_at = $10
		WHERE merchant_id = $1 AND number = $2`,
		m, p.Number, p.State, p.Bank, p.Tail, p.Account, p.Reason, p.SentAt, p.EndedAt, p.ReturnedAt)
	if err != nil {
		return fmt.Errorf("payment %s: %w", p.Number, err)
	}
	return nil
}

// stateOf tells where a payment stands, and its batch.
func stateOf(ctx context.Context, q db.Querier, m int64, number string) (state State, batch string, err error) {
	err = q.QueryRow(ctx, `SELECT state, batch_no FROM bank_payments WHERE merchant_id = $1 AND number = $2`, m, number).Scan(&state, &batch)
	if err != nil {
		return "", "", fmt.Errorf("payment %s: %w", number, err)
	}
	return state, batch, nil
}

// leftAlone finds open payments for which nothing is down to be done.
func leftAlone(ctx context.Context, q db.Querier) ([]left, error) {
	rows, err := q.Query(ctx, `
		SELECT p.merchant_id, p.number, p.batch_no, p.state FROM bank_payments p
		WHERE p.state IN ('waiting', 'sending', 'sent') AND NOT EXISTS (SELECT FROM jobs j WHERE j.merchant_id = p.merchant_id AND j.state = 'open'
			AND (j.kind = $1 AND j.payload ->> 'batch' = p.batch_no OR j.kind = $2 AND j.payload ->> 'number' = p.number))
		ORDER BY p.merchant_id, p.number`, SendKind, AskKind)
	if err != nil {
		return nil, fmt.Errorf("payments that are left alone: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[left])
}
