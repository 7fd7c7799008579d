package identity

import (
	"context"
	"errors"
	"strings"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

func isForbidden(err error) bool {
	var missing fault.Forbidden
	return errors.As(err, &missing)
}

// superAdminOf reads the one super admin of a merchant; none or two is an error.
func superAdminOf(ctx context.Context, q db.Querier, merchant int64) (seat, error) {
	return oneSeat(ctx, q, `JOIN account_roles sa ON sa.merchant_id = a.merchant_id AND sa.account_id = a.id
		WHERE a.merchant_id = $1 AND sa.role = 'super_admin'`, merchant)
}

func logins(list []Member) string {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Name
	}
	return strings.Join(names, " ")
}
