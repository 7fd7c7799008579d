package identity

import (
	"context"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// approverRole answers for who else may come in: a merchant's super admin, or any platform admin.
func approverRole(merchant int64) access.Role {
	if merchant == access.PlatformID {
		return access.PlatformAdmin
	}
	return access.SuperAdmin
}

// approverWith is the approver whose WeChat asks; fault.ErrNotFound for every other WeChat.
func approverWith(ctx context.Context, q db.Querier, merchant int64, openid string) (seat, error) {
	all, err := approvers(ctx, q, merchant)
	if err != nil {
		return seat{}, err
	}
	for _, s := range all {
		if s.OpenID == openid {
			return s, nil
		}
	}
	return seat{}, fault.ErrNotFound
}

// bindsAlone tells whether nobody is asked for the seat's binding: a super admin answers by the
// settlement account, and the platform's first admin finds nobody to ask.
func bindsAlone(ctx context.Context, q db.Querier, s seat) (bool, error) {
	if !s.platform() {
		return s.has(access.SuperAdmin), nil
	}
	if !s.has(access.PlatformAdmin) {
		return false, nil
	}
	all, err := approvers(ctx, q, s.MerchantID)
	for _, other := range all {
		if other.AccountID != s.AccountID && other.OpenID != "" && !other.Suspended {
			return false, err
		}
	}
	return err == nil, err
}

// sendApprovers writes to those who answer for the seat.
func (g *Gate) sendApprovers(ctx context.Context, tx db.Tx, s seat, n notice) error {
	all, err := approvers(ctx, tx.PG(), s.MerchantID)
	if err != nil {
		return err
	}
	key := n.key
	for _, a := range all {
		n.key = key + ":" + a.AccountID.String()
		if a.Suspended || a.AccountID == s.AccountID {
			continue
		}
		if err := g.send(ctx, tx, s, a.OpenID, n); err != nil {
			return err
		}
	}
	return nil
}
