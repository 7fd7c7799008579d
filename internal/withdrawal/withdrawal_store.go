package withdrawal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const columns = `w.merchant_id, w.n, w.amount, w.made_at, w.moved_at, w.account_id, w.day::text, coalesce(w.promised::text, ''), w.kind, w.state,
	w.account, w.returned_to, w.out_request_no, w.remark, w.bank_memo, w.actor, w.reason`

func (w *Withdrawal) targets() []any {
	return []any{&w.Merchant, &w.N, &w.Amount, &w.MadeAt, &w.MovedAt, &w.AccountID, &w.Day, &w.Promised, &w.Kind, &w.State,
		&w.Account, &w.ReturnedTo, &w.RequestNo, &w.Remark, &w.Memo, &w.Actor, &w.Reason}
}

func scan(row pgx.CollectableRow) (w Withdrawal, err error) { return w, row.Scan(w.targets()...) }

// nextN is the count of the merchant's next withdrawal. Whoever asks holds the merchant.
func nextN(ctx context.Context, tx db.Tx, m int64) (n int64, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT coalesce(max(n), 0) + 1 FROM withdrawals WHERE merchant_id = $1", m).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("withdrawals of %d: %w", m, err)
	}
	return n, nil
}

// byRequest reads the withdrawals that stand under the merchant's own numbers.
func byRequest(ctx context.Context, tx db.Tx, m int64, numbers []string) (map[string]Withdrawal, error) {
	known := map[string]Withdrawal{}
	if len(numbers) == 0 {
		return known, nil
	}
	rows, err := tx.PG().Query(ctx, "SELECT "+columns+" FROM withdrawals w WHERE merchant_id = $1 AND out_request_no = ANY ($2)", m, numbers)
	if err != nil {
		return nil, fmt.Errorf("withdrawals of %d: %w", m, err)
	}
	all, err := pgx.CollectRows(rows, scan)
	for _, w := range all {
		known[w.RequestNo] = w
	}
	return known, err
}

func add(ctx context.Context, tx db.Tx, w Withdrawal) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO withdrawals (merchant_id, n, amount, made_at, moved_at, account_id, day, promised, kind, state, account, out_request_no, remark,
			bank_memo, actor, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7::text::date, nullif($8, '')::date, $9, $10, $11, $12, $13, $14, $15, $16)`,
		w.Merchant, w.N, w.Amount, w.MadeAt, w.MovedAt, w.AccountID, w.Day.String(), w.Promised.String(), w.Kind, w.State, w.Account, w.RequestNo,
		w.Remark, w.Memo, w.Actor, w.Reason)
	if err != nil {
		return fmt.Errorf("withdrawal %s: %w", w.No(), err)
	}
	return nil
}

// lock reads a withdrawal for a change; none is fault.ErrNotFound.
func lock(ctx context.Context, tx db.Tx, m int64, no string) (Withdrawal, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+columns+" FROM withdrawals w WHERE merchant_id = $1 AND n = $2 FOR UPDATE", m, count(no))
	if err != nil {
		return Withdrawal{}, fmt.Errorf("withdrawal %s: %w", no, err)
	}
	w, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && w.No() != no {
		return Withdrawal{}, fault.ErrNotFound
	}
	return w, err
}

// save writes where a withdrawal stands.
func save(ctx context.Context, tx db.Tx, w Withdrawal) error {
	_, err := tx.PG().Exec(ctx, "UPDATE withdrawals SET state = $3, moved_at = $4, returned_to = $5, reason = $6 WHERE merchant_id = $1 AND n = $2",
		w.Merchant, w.N, w.State, w.MovedAt, w.ReturnedTo, w.Reason)
	if err != nil {
		return fmt.Errorf("withdrawal %s: %w", w.No(), err)
	}
	return nil
}

// ranOn tells whether the morning's run of a day is done.
func ranOn(ctx context.Context, tx db.Tx, m int64, day clock.Day) (ran bool, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT EXISTS (SELECT FROM withdrawals WHERE merchant_id = $1 AND day = $2::text::date AND kind = 'automatic')",
		m, day.String()).Scan(&ran)
	if err != nil {
		return false, fmt.Errorf("run of %d on %s: %w", m, day, err)
	}
	return ran, nil
}

// active lists the merchants whose basic account goes to the bank by itself.
func active(ctx context.Context, tx db.Tx) ([]int64, error) {
	rows, err := tx.PG().Query(ctx, "SELECT merchant_id FROM automatic_withdrawals WHERE active ORDER BY merchant_id")
	if err != nil {
		return nil, fmt.Errorf("automatic withdrawals: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func settingOf(ctx context.Context, q db.Querier, m int64) (s Setting, err error) {
	err = q.QueryRow(ctx, "SELECT active, retained FROM automatic_withdrawals WHERE merchant_id = $1", m).Scan(&s.Active, &s.Retained)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("automatic withdrawal of %d: %w", m, err)
	}
	return s, nil
}

func saveSetting(ctx context.Context, tx db.Tx, m int64, s Setting, by string, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO automatic_withdrawals (merchant_id, retained, changed_at, active, changed_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (merchant_id) DO UPDATE SET retained = excluded.retained, changed_at = excluded.changed_at, active = excluded.active,
			changed_by = excluded.changed_by`, m, s.Retained, at, s.Active, by)
	if err != nil {
		return fmt.Errorf("automatic withdrawal of %d: %w", m, err)
	}
	return nil
}

// outlook reads the setting with how the basic account stands, and how it stood before a day began; ErrLegacy
// where there is none.
func outlook(ctx context.Context, q db.Querier, m int64, today clock.Day) (o Outlook, rest *time.Time, err error) {
	err = q.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM product_openings o WHERE o.merchant_id = $1 AND o.code = $3 AND o.state = 'open'),
			coalesce(s.active, false), coalesce(s.retained, 0), s.changed_at, coalesce(s.changed_by, ''), a.balance, h.payouts_from,
			coalesce((SELECT balance_after FROM entries e WHERE e.merchant_id = $1 AND e.account = 'BASIC' AND e.booked_at < $2
				ORDER BY booked_at DESC, seq DESC LIMIT 1), 0)
		FROM accounts a JOIN merchants h USING (merchant_id) LEFT JOIN automatic_withdrawals s USING (merchant_id)
		WHERE a.merchant_id = $1 AND a.account = 'BASIC' AND a.closed_at IS NULL`, m, today.Start(), Code).
		Scan(&o.Opened, &o.Active, &o.Retained, &o.ChangedAt, &o.ChangedBy, &o.Balance, &rest, &o.dayEnd)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, nil, ErrLegacy
	}
	if err != nil {
		return o, nil, fmt.Errorf("automatic withdrawal of %d: %w", m, err)
	}
	return o, rest, nil
}
