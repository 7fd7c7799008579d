package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// memberColumns take the business clock's now as $2, and the wall time before which sessions idled out
// as $3.
const memberColumns = `SELECT a.merchant_id, a.id, a.login, a.name_masked, a.id_type, a.id_masked, a.mobile_masked,
		ARRAY(SELECT role FROM account_roles r
			WHERE r.merchant_id = a.merchant_id AND r.account_id = a.id ORDER BY role), ` + customColumn + `,
		a.state = 'suspended', b.bound_at, w.id, w.asked_at, w.lapses_at, coalesce(s.live, 0), s.seen_at, a.created_at
	FROM login_accounts a
	LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id
	LEFT JOIN binding_requests w ON w.merchant_id = a.merchant_id AND w.account_id = a.id AND w.state = 'waiting'
		AND w.lapses_at > $2
	LEFT JOIN LATERAL (SELECT count(*)::int AS live, max(seen_at) AS seen_at FROM sessions s
		WHERE s.merchant_id = a.merchant_id AND s.account_id = a.id AND s.seen_at > $3 AND s.expires_at > $3 + interval '30 minutes') s ON true
	WHERE a.merchant_id = $1 AND `

func scanMember(row pgx.CollectableRow) (m Member, err error) {
	err = row.Scan(&m.Merchant, &m.ID, &m.Name, &m.NameMasked, &m.IDType, &m.IDMasked, &m.MobileMasked, &m.Roles, &m.Custom,
		&m.Suspended, &m.BoundAt, &m.Request, &m.RequestAt, &m.RequestUntil, &m.Sessions, &m.SeenAt, &m.CreatedAt)
	return m, err
}

// memberAsked names one member, by id or by the login's name in lower case.
type memberAsked struct {
	merchant  int64
	id        uuid.UUID
	name      string
	now, wall time.Time
}

func memberOf(ctx context.Context, q db.Querier, asked memberAsked) (Member, error) {
	rows, err := q.Query(ctx, memberColumns+"(a.id = $4 OR lower(a.login) = $5)",
		asked.merchant, asked.now, asked.wall.Add(-sessionIdle), asked.id, asked.name)
	if err != nil {
		return Member{}, fmt.Errorf("member: %w", err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, scanMember)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, fault.ErrNotFound
	}
	if err != nil {
		return m, fmt.Errorf("member: %w", err)
	}
	return m, nil
}

func listMembers(ctx context.Context, q db.Querier, s access.Scope, f MemberFilter, now, wall time.Time) ([]Member, bool, error) {
	order := "DESC"
	if f.After != uuid.Nil {
		order = "ASC"
	}
	rows, err := q.Query(ctx, memberColumns+`
		($4 = '' OR position(lower($4) IN lower(a.login)) > 0)
		AND ($5 = '' OR EXISTS (SELECT FROM account_roles f
			WHERE f.merchant_id = a.merchant_id AND f.account_id = a.id AND f.role = $5))
		AND ($6 = '00000000-0000-0000-0000-000000000000'::uuid OR a.id < $6)
		AND ($7 = '00000000-0000-0000-0000-000000000000'::uuid OR a.id > $7)
		AND CASE $8 WHEN '' THEN true WHEN 'suspended' THEN a.state = 'suspended' ELSE a.state = 'active'
			AND $8 = CASE WHEN b.account_id IS NOT NULL THEN 'active' WHEN w.id IS NOT NULL THEN 'waiting' ELSE 'unbound' END END
		ORDER BY a.id `+order+` LIMIT $9`,
		s.Merchant(), now, wall.Add(-sessionIdle), f.Text, f.Role, f.Before, f.After, f.State, f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("members: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanMember)
	if err != nil {
		return nil, false, fmt.Errorf("members: %w", err)
	}
	more := len(all) > f.Limit
	all = all[:min(f.Limit, len(all))]
	if f.After != uuid.Nil {
		slices.Reverse(all)
	}
	return all, more, nil
}

// SuperAdminName is what the merchant's super admin is called, masked.
func (g *Gate) SuperAdminName(ctx context.Context, s access.Scope) (name string, err error) {
	err = g.db.PG().QueryRow(ctx, `SELECT a.name_masked FROM account_roles r
		JOIN login_accounts a ON a.merchant_id = r.merchant_id AND a.id = r.account_id
		WHERE r.merchant_id = $1 AND r.role = 'super_admin'`, s.Merchant()).Scan(&name)
	return name, noRows(err, nil, "super admin")
}
