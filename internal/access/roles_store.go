package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Hold lets changes of who may do what in a merchant come one after another, until the transaction ends.
func Hold(ctx context.Context, tx db.Tx, merchant int64) error {
	var one int
	err := tx.PG().QueryRow(ctx, "SELECT 1 FROM merchants WHERE merchant_id = $1 FOR NO KEY UPDATE", merchant).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("hold merchant %d: %w", merchant, err)
	}
	return nil
}

// RoleRow is a role of a merchant with how many members have it.
type RoleRow struct {
	CustomRole
	Members   int
	ChangedBy string
	ChangedAt time.Time
}

// CustomRoles lists the merchant's own roles by name.
func CustomRoles(ctx context.Context, q db.Querier, merchant int64) ([]CustomRole, error) {
	rows, err := q.Query(ctx, "SELECT code, name, permissions FROM roles WHERE merchant_id = $1 ORDER BY name", merchant)
	if err != nil {
		return nil, fmt.Errorf("roles of %d: %w", merchant, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c CustomRole, err error) {
		err = row.Scan(&c.Code, &c.Name, &c.Permissions)
		return c, err
	})
}

// RoleList lists the merchant's own roles by name, and how many members have each ready role.
func RoleList(ctx context.Context, q db.Querier, s Scope) (own []RoleRow, ready map[Role]int, err error) {
	rows, err := q.Query(ctx, `
		SELECT coalesce(r.code, ar.role), coalesce(r.name, ''), coalesce(r.permissions, '{}'), coalesce(r.changed_by, ''),
			coalesce(r.changed_at, 'epoch'), r.code IS NOT NULL, coalesce(ar.members, 0)
		FROM (SELECT * FROM roles WHERE merchant_id = $1) r
		FULL JOIN (SELECT role, count(*) AS members FROM account_roles WHERE merchant_id = $1 GROUP BY role) ar ON ar.role = r.code
		ORDER BY r.name, ar.role`, s.Merchant())
	if err != nil {
		return nil, nil, fmt.Errorf("roles of %d: %w", s.Merchant(), err)
	}
	ready = map[Role]int{}
	var r RoleRow
	var custom bool
	_, err = pgx.ForEachRow(rows, []any{&r.Code, &r.Name, &r.Permissions, &r.ChangedBy, &r.ChangedAt, &custom, &r.Members}, func() error {
		if custom {
			own = append(own, r)
		} else {
			ready[r.Code] = r.Members
		}
		r = RoleRow{}
		return nil
	})
	return own, ready, err
}

// FindRole reads one of the merchant's own roles; fault.ErrNotFound where there is none.
func FindRole(ctx context.Context, q db.Querier, s Scope, code Role) (r RoleRow, err error) {
	err = q.QueryRow(ctx, `
		SELECT r.code, r.name, r.permissions, r.changed_by, r.changed_at,
			(SELECT count(*) FROM account_roles a WHERE a.merchant_id = r.merchant_id AND a.role = r.code)
		FROM roles r WHERE r.merchant_id = $1 AND r.code = $2`, s.Merchant(), code).
		Scan(&r.Code, &r.Name, &r.Permissions, &r.ChangedBy, &r.ChangedAt, &r.Members)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, fault.ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("role %s: %w", code, err)
	}
	return r, nil
}

// insertRole takes the lowest free number.
func insertRole(ctx context.Context, tx db.Tx, s Scope, c CustomRole, at time.Time) error {
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO roles (merchant_id, code, number, name, permissions, changed_by, changed_at)
		SELECT $1, $2, min(n), $3, $4, $5, $6 FROM generate_series(1, $7::int) n
		WHERE NOT EXISTS (SELECT FROM roles r WHERE r.merchant_id = $1 AND r.number = n) HAVING min(n) IS NOT NULL`,
		s.Merchant(), c.Code, c.Name, c.Permissions, s.Actor().Name, at, RolesMax)
	if err != nil {
		return nameTaken(err, "make role")
	}
	if tag.RowsAffected() == 0 {
		return ErrRolesMax.With("Max", RolesMax)
	}
	return nil
}

func updateRole(ctx context.Context, tx db.Tx, s Scope, c CustomRole, at time.Time) error {
	tag, err := tx.PG().Exec(ctx, `
		UPDATE roles SET name = $3, permissions = $4, changed_by = $5, changed_at = $6
		WHERE merchant_id = $1 AND code = $2`, s.Merchant(), c.Code, c.Name, c.Permissions, s.Actor().Name, at)
	if err != nil {
		return nameTaken(err, "change role")
	}
	if tag.RowsAffected() == 0 {
		return fault.ErrNotFound
	}
	return nil
}

// deleteRole lets go of a role that nobody has, is to keep, or answers by.
func deleteRole(ctx context.Context, tx db.Tx, s Scope, code Role) error {
	tag, err := tx.PG().Exec(ctx, `
		DELETE FROM roles r WHERE r.merchant_id = $1 AND r.code = $2
			AND NOT EXISTS (SELECT FROM account_roles a WHERE a.merchant_id = $1 AND a.role = $2)
			AND NOT EXISTS (SELECT FROM handovers h WHERE h.merchant_id = $1 AND h.state = 'waiting' AND $2 = ANY (h.keeps))
			AND NOT EXISTS (SELECT FROM approval_rules p WHERE p.merchant_id = $1 AND $2 = ANY (p.checkers))`,
		s.Merchant(), code)
	if err != nil {
		return fmt.Errorf("delete role: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrRoleInUse
	}
	return nil
}

const uniqueViolation = "23505"

// nameTaken turns a name that stands already into its refusal.
func nameTaken(err error, what string) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation && pg.ConstraintName == "roles_name" {
		return ErrRoleNameTaken
	}
	return fmt.Errorf("%s: %w", what, err)
}
