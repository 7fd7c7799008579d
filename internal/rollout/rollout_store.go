package rollout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const readRollout = `SELECT percentage, paused, salt, changed_at, changed_by FROM rollout WHERE merchant_id = 0`

// Read reads how far the offer goes.
func Read(ctx context.Context, q db.Querier) (r Rollout, err error) {
	return scanRollout(q.QueryRow(ctx, readRollout))
}

func scanRollout(row pgx.Row) (r Rollout, err error) {
	if err = row.Scan(&r.Percentage, &r.Paused, &r.Salt, &r.ChangedAt, &r.ChangedBy); err != nil {
		return r, fmt.Errorf("rollout: %w", err)
	}
	return r, nil
}

const readMerchants = `
	SELECT m.merchant_id, m.short_name, m.account_system, m.settlement_cycle, m.state = 'suspended', coalesce(l.listed, ''), coalesce(l.reason, ''),
		u.upgraded_at
	FROM merchants m LEFT JOIN rollout_listed l ON l.merchant_id = m.merchant_id LEFT JOIN upgrades u ON u.merchant_id = m.merchant_id
	WHERE m.merchant_id <> 0`

func (m *Merchant) targets() []any {
	return []any{&m.ID, &m.Name, &m.System, &m.Cycle, &m.Suspended, &m.Listed, &m.Reason, &m.UpgradedAt}
}

// Of reads how one merchant stands to the offer; no such merchant is fault.ErrNotFound.
func Of(ctx context.Context, q db.Querier, id int64) (m Merchant, s Standing, err error) {
	r := Rollout{}
	err = q.QueryRow(ctx, `SELECT r.percentage, r.paused, r.salt, x.* FROM rollout r, (`+readMerchants+` AND m.merchant_id = $1) x`, id).
		Scan(append([]any{&r.Percentage, &r.Paused, &r.Salt}, m.targets()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, "", fault.ErrNotFound
	}
	if err != nil {
		return m, "", fmt.Errorf("rollout to %d: %w", id, err)
	}
	return m, r.Judge(m), nil
}

// Look reads the rollout with all merchants, by their numbers.
func Look(ctx context.Context, q db.Querier, p access.Platform) (State, error) {
	if err := p.Require(access.OpsRolloutRead); err != nil {
		return State{}, err
	}
	return look(ctx, q)
}

func look(ctx context.Context, q db.Querier) (s State, err error) {
	if s.Rollout, err = Read(ctx, q); err != nil {
		return s, err
	}
	rows, err := q.Query(ctx, readMerchants+" ORDER BY m.merchant_id")
	if err != nil {
		return s, fmt.Errorf("merchants of the rollout: %w", err)
	}
	s.Merchants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Merchant, err error) { return m, row.Scan(m.targets()...) })
	return s, err
}

// lock keeps other changes out until the transaction ends.
func lock(ctx context.Context, tx db.Tx) error {
	_, err := scanRollout(tx.PG().QueryRow(ctx, readRollout+" FOR UPDATE"))
	return err
}

// save writes a change down.
func save(ctx context.Context, tx db.Tx, c Change, next Rollout, by string, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `UPDATE rollout SET percentage = $1, paused = $2, changed_at = $3, changed_by = $4 WHERE merchant_id = 0`,
		next.Percentage, next.Paused, at, by)
	if err != nil {
		return fmt.Errorf("change the rollout: %w", err)
	}
	switch {
	case !c.Lists():
		return nil
	case c.Kind == Remove:
		_, err = tx.PG().Exec(ctx, "DELETE FROM rollout_listed WHERE merchant_id = ANY ($1)", c.MchIDs)
	default:
		_, err = tx.PG().Exec(ctx, `
			INSERT INTO rollout_listed (merchant_id, listed_at, listed, reason, listed_by) SELECT id, $2, $3, $4, $5 FROM unnest($1::bigint[]) AS n (id)
			ON CONFLICT (merchant_id) DO UPDATE SET listed_at = excluded.listed_at, listed = excluded.listed, reason = excluded.reason,
				listed_by = excluded.listed_by`, c.MchIDs, at, string(c.Kind), c.Reason, by)
	}
	if err != nil {
		return fmt.Errorf("change the lists of the rollout: %w", err)
	}
	return nil
}
