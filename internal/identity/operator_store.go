package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const operatorColumns = `SELECT a.id, a.login, a.name_masked, a.id_masked, a.mobile_masked, coalesce(r.role, ''),
		a.state = 'suspended', b.bound_at, w.id, w.lapses_at,
		(SELECT max(s.seen_at) FROM sessions s WHERE s.merchant_id = 0 AND s.account_id = a.id), a.created_at
	FROM login_accounts a
	LEFT JOIN account_roles r ON r.merchant_id = a.merchant_id AND r.account_id = a.id
	LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id
	LEFT JOIN binding_requests w ON w.merchant_id = a.merchant_id AND w.account_id = a.id AND w.state = 'waiting'
	WHERE a.merchant_id = 0 AND `

func scanOperator(row pgx.CollectableRow) (o Operator, err error) {
	err = row.Scan(&o.ID, &o.Name, &o.NameMasked, &o.IDMasked, &o.MobileMasked, &o.Role, &o.Suspended, &o.BoundAt,
		&o.Request, &o.RequestUntil, &o.SeenAt, &o.CreatedAt)
	return o, err
}

func operatorOf(ctx context.Context, q db.Querier, where string, arg any) (Operator, error) {
	rows, err := q.Query(ctx, operatorColumns+where, arg)
	if err != nil {
		return Operator{}, fmt.Errorf("operator: %w", err)
	}
	o, err := pgx.CollectExactlyOneRow(rows, scanOperator)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, fault.ErrNotFound
	}
	if err != nil {
		return o, fmt.Errorf("operator: %w", err)
	}
	return o, nil
}

func listOperators(ctx context.Context, q db.Querier, f OperatorFilter, now, wall time.Time) ([]Operator, bool, error) {
	rows, err := q.Query(ctx, operatorColumns+`
		($1 = '' OR position(lower($1) IN lower(a.login)) > 0) AND ($2 = '' OR r.role = $2)
		AND ($3 = '00000000-0000-0000-0000-000000000000'::uuid OR a.id < $3)
		AND CASE $4 WHEN '' THEN true WHEN 'suspended' THEN a.state = 'suspended' ELSE a.state = 'active'
			AND $4 = CASE WHEN b.account_id IS NOT NULL THEN 'active' WHEN w.lapses_at > $5 THEN 'waiting' ELSE 'unbound' END END
		ORDER BY a.id DESC LIMIT $6`, f.Text, f.Role, f.Before, f.State, now, f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("operators: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanOperator)
	for i := range all {
		all[i].forget(now, wall)
	}
	return all[:min(f.Limit, len(all))], len(all) > f.Limit, err
}

// forget leaves out what is over: a request past its time, a session that idled out.
func (o *Operator) forget(now, wall time.Time) {
	if o.RequestUntil != nil && !now.Before(*o.RequestUntil) {
		o.Request, o.RequestUntil = nil, nil
	}
	if o.SeenAt != nil && wall.Sub(*o.SeenAt) > sessionIdle {
		o.SeenAt = nil
	}
}

func loginTaken(ctx context.Context, q db.Querier, merchant int64, login string) (taken bool, err error) {
	err = q.QueryRow(ctx, "SELECT EXISTS (SELECT FROM login_accounts WHERE merchant_id = $1 AND lower(login) = lower($2))",
		merchant, login).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("login: %w", err)
	}
	return taken, nil
}

func setAccountState(ctx context.Context, tx db.Tx, id uuid.UUID, state string) error {
	n, err := gorm.G[account](tx.Gorm(ctx)).Where("merchant_id = ? AND id = ?", access.PlatformID, id).Update(ctx, "state", state)
	if err == nil && n != 1 {
		err = fault.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("state of operator: %w", err)
	}
	return nil
}

func replaceRole(ctx context.Context, tx db.Tx, id uuid.UUID, r access.Role) error {
	if _, err := gorm.G[role](tx.Gorm(ctx)).Where("merchant_id = ? AND account_id = ?", access.PlatformID, id).Delete(ctx); err != nil {
		return fmt.Errorf("take role: %w", err)
	}
	given := role{MerchantID: access.PlatformID, AccountID: id, Role: r}
	if err := gorm.G[role](tx.Gorm(ctx)).Create(ctx, &given); err != nil {
		return fmt.Errorf("give role: %w", err)
	}
	return nil
}

// startOver takes an operator's WeChat away and opens the password again.
func startOver(ctx context.Context, tx db.Tx, id uuid.UUID, passwordHash string, now time.Time) error {
	b := &pgx.Batch{}
	b.Queue("DELETE FROM wechat_bindings WHERE merchant_id = 0 AND account_id = $1", id)
	b.Queue("DELETE FROM known_browsers WHERE merchant_id = 0 AND account_id = $1", id)
	b.Queue(`UPDATE binding_requests SET state = 'lapsed', answered_at = $2
		WHERE merchant_id = 0 AND account_id = $1 AND state = 'waiting'`, id, now)
	b.Queue("UPDATE login_accounts SET password_hash = $2, card_tries = 0 WHERE merchant_id = 0 AND id = $1", id, passwordHash)
	if err := tx.PG().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("reset operator: %w", err)
	}
	return nil
}
