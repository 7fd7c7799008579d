package upgrade

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

const readFlight = `
	WITH a AS (SELECT coalesce(json_object_agg(account, balance), '{}') AS all FROM accounts
			WHERE merchant_id = $1 AND account NOT IN ('CHANNEL', 'BANK', 'SUSPENSE', 'FEE_INCOME')),
		o AS (SELECT count(*) AS n, coalesce(sum(settlement_total - given_back), 0)::bigint AS sum FROM trades WHERE merchant_id = $1 AND due_at IS NOT NULL),
		l AS (SELECT l.state, l.net, l.fee + l.carried_fee AS fees, coalesce(p.state, '') AS payment FROM settlement_lines l
			LEFT JOIN bank_payments p ON p.merchant_id = l.merchant_id AND p.number = l.bank_no
			WHERE l.merchant_id = $1 AND (l.state IN ('cutting', 'cut', 'sent', 'failed', 'returned') OR l.state = 'carried' AND l.into_day IS NULL)),
		t AS (SELECT count(*) AS n, coalesce(sum(amount), 0)::bigint AS sum FROM topups WHERE merchant_id = $1 AND state = 'waiting' AND lapses_at > $2)
	SELECT (SELECT a.all FROM a), (SELECT o.n FROM o), (SELECT o.sum FROM o),
		count(*) FILTER (WHERE state = 'sent' OR state = 'cut' AND payment <> 'waiting'),
		coalesce(sum(net) FILTER (WHERE state = 'sent' OR state = 'cut' AND payment <> 'waiting'), 0)::bigint,
		count(*) FILTER (WHERE state = 'cut' AND payment = 'waiting'), coalesce(sum(net) FILTER (WHERE state = 'cut' AND payment = 'waiting'), 0)::bigint,
		count(*) FILTER (WHERE state IN ('failed', 'returned')), coalesce(sum(net) FILTER (WHERE state IN ('failed', 'returned')), 0)::bigint,
		coalesce(sum(fees) FILTER (WHERE state = 'carried'), 0)::bigint, coalesce(bool_or(state = 'cutting'), false),
		(SELECT t.n FROM t), (SELECT t.sum FROM t)
	FROM l`

func flight(ctx context.Context, q db.Querier, m int64, now time.Time) (f Flight, err error) {
	var accounts map[ledger.Account]money.Fen
	var open, fees money.Fen
	err = q.QueryRow(ctx, readFlight, m, now).Scan(&accounts, &f.Unsettled.Count, &open, &f.AtBank.Count, &f.AtBank.Sum, &f.Unsent.Count, &f.Unsent.Sum,
		&f.Back.Count, &f.Back.Sum, &fees, &f.Cutting, &f.TopUps.Count, &f.TopUps.Sum)
	if err != nil {
		return f, fmt.Errorf("what is in flight of %d: %w", m, err)
	}
	f.Available, f.Owed, f.Unsettled.Sum = accounts[ledger.Available], -accounts[ledger.Due], accounts[ledger.Unsettled]
	f.Short = max(open+fees-accounts[ledger.Unsettled], 0)
	f.Transit = map[ledger.Account]money.Fen{}
	for _, a := range ledger.Transit() {
		f.Transit[a] = accounts[a]
	}
	for a, balance := range accounts {
		if a.FrozenNumber() != "" {
			f.Frozen += balance
		}
	}
	return f, nil
}

func save(ctx context.Context, tx db.Tx, d Done) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO upgrades (merchant_id, transfer_id, amount, pool, retained, unsettled, unsettled_count, at_bank, at_bank_count, upgraded_at,
			signer_id, confirmation, automatic, signer, version, hash, agreement)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		d.Merchant, d.TransferID, d.Amount, d.Pool, d.Choice.Retained, d.Unsettled, d.UnsettledCount, d.AtBank, d.AtBankCount, d.At,
		d.SignerID, d.Confirmation, d.Choice.Automatic, d.Signer, d.Agreement.Version, d.Agreement.Hash(), d.Agreement.Text)
	if err != nil {
		return fmt.Errorf("keep the upgrade of %d: %w", d.Merchant, err)
	}
	return nil
}

// Read reads the upgrade of the scope's merchant; fault.ErrNotFound where it has not happened.
func Read(ctx context.Context, q db.Querier, s access.Scope) (d Done, err error) {
	if err := s.Require(access.AccountUpgrade); err != nil {
		return d, err
	}
	err = q.QueryRow(ctx, `SELECT merchant_id, transfer_id, amount, pool, retained, unsettled, unsettled_count, at_bank, at_bank_count, upgraded_at,
			signer_id, confirmation, automatic, signer, version, agreement FROM upgrades WHERE merchant_id = $1`, s.Merchant()).
		Scan(&d.Merchant, &d.TransferID, &d.Amount, &d.Pool, &d.Choice.Retained, &d.Unsettled, &d.UnsettledCount, &d.AtBank, &d.AtBankCount, &d.At,
			&d.SignerID, &d.Confirmation, &d.Choice.Automatic, &d.Signer, &d.Agreement.Version, &d.Agreement.Text)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, fault.ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("upgrade of %d: %w", s.Merchant(), err)
	}
	return d, nil
}
