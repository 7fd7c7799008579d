package topup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

const columns = `merchant_id, n, amount, account, state, reference, asked_by, asker_id, created_at, lapses_at, arrived_at,
	transfer_id, seq, transfer_no, payer_name, bank`

func scan(row pgx.CollectableRow) (t TopUp, err error) {
	err = row.Scan(&t.Merchant, &t.N, &t.Amount, &t.Account, &t.State, &t.Reference, &t.AskedBy, &t.AskerID, &t.CreatedAt,
		&t.LapsesAt, &t.ArrivedAt, &t.TransferID, &t.Seq, &t.TransferNo, &t.PayerName, &t.Bank)
	return t, err
}

func one(rows pgx.Rows, err error) (t TopUp, found bool, _ error) {
	if err != nil {
		return t, false, fmt.Errorf("top-up: %w", err)
	}
	t, err = pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return TopUp{}, false, nil
	}
	return t, err == nil, err
}

// claim makes a transfer of the bank the merchant's for ever. It waits for another that claims it at this
// moment, and refuses with ErrContradict what is another merchant's.
func claim(ctx context.Context, tx db.Tx, merchant int64, transferNo string) error {
	tag, err := tx.PG().Exec(ctx, "INSERT INTO bank_transfers (merchant_id, transfer_no) VALUES ($1, $2) ON CONFLICT DO NOTHING", merchant, transferNo)
	switch {
	case err != nil:
		return fmt.Errorf("claim transfer %s: %w", transferNo, err)
	case tag.RowsAffected() == 1:
		return nil
	}
	var owner int64
	if err := tx.PG().QueryRow(ctx, "SELECT merchant_id FROM bank_transfers WHERE transfer_no = $1", transferNo).Scan(&owner); err != nil {
		return fmt.Errorf("owner of transfer %s: %w", transferNo, err)
	}
	if owner != merchant {
		return ErrContradict
	}
	return nil
}

func byTransfer(ctx context.Context, q db.Querier, merchant int64, transferNo string) (TopUp, bool, error) {
	return one(q.Query(ctx, "SELECT "+columns+" FROM topups WHERE merchant_id = $1 AND transfer_no = $2", merchant, transferNo))
}

// announced is the oldest announcement that an amount fulfils: one of exactly that amount, else one that
// left it open.
func announced(ctx context.Context, tx db.Tx, merchant int64, account ledger.Account, amount money.Fen, now time.Time) (TopUp, bool, error) {
	return one(tx.PG().Query(ctx, "SELECT "+columns+` FROM topups
		WHERE merchant_id = $1 AND account = $2 AND state = 'waiting' AND lapses_at > $4 AND amount IN ($3, 0)
		ORDER BY amount DESC, n LIMIT 1 FOR UPDATE`, merchant, account, amount, now))
}

// Redirect lets what was announced for an account and has not come arrive on another, because its own is closed.
func Redirect(ctx context.Context, tx db.Tx, merchant int64, from, to ledger.Account) error {
	_, err := tx.PG().Exec(ctx, "UPDATE topups SET account = $3 WHERE merchant_id = $1 AND account = $2 AND state = 'waiting'", merchant, from, to)
	if err != nil {
		return fmt.Errorf("redirect top-ups of %d: %w", merchant, err)
	}
	return nil
}

// nextCount is the merchant's next own number. Whoever asks holds the merchant's books.
func nextCount(ctx context.Context, tx db.Tx, merchant int64) (n int64, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT coalesce(max(n), 0) + 1 FROM topups WHERE merchant_id = $1", merchant).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("number a top-up of %d: %w", merchant, err)
	}
	return n, nil
}

// save writes a top-up as it stands, with its line's place in the account.
func save(ctx context.Context, tx db.Tx, t *TopUp) error {
	err := tx.PG().QueryRow(ctx, `
		INSERT INTO topups (merchant_id, n, amount, account, state, reference, asked_by, asker_id, created_at, lapses_at, arrived_at,
			transfer_id, seq, transfer_no, payer_name, bank)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
			(SELECT e.seqs[array_position(e.accounts, $4)] FROM transfers e WHERE e.merchant_id = $1 AND e.id = $12), $13, $14, $15)
		ON CONFLICT (merchant_id, n) DO UPDATE SET amount = excluded.amount, state = excluded.state, reference = excluded.reference,
			arrived_at = excluded.arrived_at, transfer_id = excluded.transfer_id, seq = excluded.seq,
			transfer_no = excluded.transfer_no, payer_name = excluded.payer_name, bank = excluded.bank
		RETURNING seq`,
		t.Merchant, t.N, t.Amount, t.Account, t.State, t.Reference, t.AskedBy, t.AskerID, t.CreatedAt, t.LapsesAt, t.ArrivedAt,
		t.TransferID, t.TransferNo, t.PayerName, t.Bank).Scan(&t.Seq)
	if err != nil {
		return fmt.Errorf("keep top-up %d of %d: %w", t.N, t.Merchant, err)
	}
	_, err = tx.PG().Exec(ctx, `UPDATE topup_refusals SET settled_at = $3 WHERE merchant_id = $1 AND transfer_no = $2`,
		t.Merchant, t.TransferNo, t.ArrivedAt)
	if err != nil {
		return fmt.Errorf("settle refused transfer %s: %w", t.TransferNo, err)
	}
	return nil
}
