package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

const seatColumns = `a.merchant_id, a.id, a.login, a.real_name, a.name_masked, a.id_type, a.id_number,
	a.state = 'suspended' OR m.state = 'suspended', m.short_name, m.legal_name, m.kind = 'service_provider',
	coalesce(b.openid, ''), b.compared,
	ARRAY(SELECT role FROM account_roles r
		WHERE r.merchant_id = a.merchant_id AND r.account_id = a.id ORDER BY role), ` + customColumn

// customColumn is those of the account's roles that its merchant made.
const customColumn = `(SELECT coalesce(json_agg(json_build_object('code', c.code, 'name', c.name, 'permissions', c.permissions)
		ORDER BY c.code), '[]') FROM account_roles r JOIN roles c ON c.merchant_id = r.merchant_id AND c.code = r.role
		WHERE r.merchant_id = a.merchant_id AND r.account_id = a.id)`

const seatTables = ` FROM login_accounts a
	JOIN merchants m ON m.merchant_id = a.merchant_id
	LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id `

// fields are where a row of seatColumns goes.
func (s *seat) fields() []any {
	return []any{&s.MerchantID, &s.AccountID, &s.Login, &s.RealName, &s.NameMasked, &s.IDType, &s.IDNumber,
		&s.Suspended, &s.ShortName, &s.LegalName, &s.Provider, &s.OpenID, &s.Compared, &s.Roles, &s.Custom}
}

func scanSeat(row pgx.CollectableRow) (s seat, err error) {
	err = row.Scan(s.fields()...)
	return s, err
}

// seatsOf lists the seats that a WeChat is bound to, suspended ones included: an operator's, or those
// in merchants.
func seatsOf(ctx context.Context, q db.Querier, openid string, platform bool) ([]seat, error) {
	rows, err := q.Query(ctx, "SELECT "+seatColumns+seatTables+
		"WHERE b.openid = $1 AND (a.merchant_id = 0) = $2 ORDER BY m.short_name, a.merchant_id", openid, platform)
	if err != nil {
		return nil, fmt.Errorf("seats of a WeChat: %w", err)
	}
	return pgx.CollectRows(rows, scanSeat)
}

// seatOf reads one seat; fault.ErrNotFound where there is none.
func seatOf(ctx context.Context, q db.Querier, merchant int64, account uuid.UUID) (seat, error) {
	return oneSeat(ctx, q, "WHERE a.merchant_id = $1 AND a.id = $2", merchant, account)
}

// lockSeat reads one seat and holds its account until the transaction ends.
func lockSeat(ctx context.Context, tx db.Tx, merchant int64, account uuid.UUID) (seat, error) {
	return oneSeat(ctx, tx.PG(), "WHERE a.merchant_id = $1 AND a.id = $2 FOR UPDATE OF a", merchant, account)
}

func oneSeat(ctx context.Context, q db.Querier, where string, args ...any) (seat, error) {
	rows, err := q.Query(ctx, "SELECT "+seatColumns+seatTables+where, args...)
	if err != nil {
		return seat{}, fmt.Errorf("seat: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSeat)
	if errors.Is(err, pgx.ErrNoRows) {
		return seat{}, fault.ErrNotFound
	}
	if err != nil {
		return seat{}, fmt.Errorf("seat: %w", err)
	}
	return s, nil
}

// takenBy tells whether another account of the merchant has this WeChat.
func takenBy(ctx context.Context, q db.Querier, merchant int64, openid string, but uuid.UUID) (bool, error) {
	var taken bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM wechat_bindings
		WHERE merchant_id = $1 AND openid = $2 AND account_id <> $3)`, merchant, openid, but).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("bindings of a WeChat: %w", err)
	}
	return taken, nil
}
