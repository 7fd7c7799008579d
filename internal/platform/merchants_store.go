package platform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
)

// admins reads each merchant's super admin beside it.
const admins = ` LEFT JOIN merchants p ON p.merchant_id = m.parent_mchid AND m.parent_mchid <> 0
	LEFT JOIN account_roles r ON r.merchant_id = m.merchant_id AND r.role = 'super_admin'
	LEFT JOIN login_accounts a ON a.merchant_id = r.merchant_id AND a.id = r.account_id
	LEFT JOIN wechat_bindings b ON b.merchant_id = a.merchant_id AND b.account_id = a.id`

// listMerchants reads a page, the newest first whichever way it was reached, and whether more follow
// in that way.
func listMerchants(ctx context.Context, q db.Querier, f MerchantFilter, at Place, size int) ([]Merchant, bool, error) {
	order, after := "DESC", "<"
	if at.Newer {
		order, after = "ASC", ">"
	}
	from := at.At
	if at.ID == 0 {
		from = time.Unix(0, 0)
	}
	rows, err := q.Query(ctx, `
		SELECT m.merchant_id, m.kind, m.parent_mchid, coalesce(p.short_name, ''), m.legal_name, m.short_name,
			m.settlement_cycle, m.account_system, m.state = 'suspended', m.opened_at, coalesce(a.login, ''), b.account_id IS NOT NULL
		FROM (SELECT * FROM merchants WHERE merchant_id <> 0
			AND ($1 = '' OR merchant_id::text = $1 OR short_name ILIKE $2 OR legal_name ILIKE $2)
			AND ($3 = '' OR kind = $3) AND ($4 = '' OR state = $4) AND ($5 = 0 OR parent_mchid = $5)
			AND ($7 = 0 OR (opened_at, merchant_id) `+after+` ($6, $7))
			ORDER BY opened_at `+order+`, merchant_id `+order+` LIMIT $8) m`+admins+`
		ORDER BY m.opened_at DESC, m.merchant_id DESC`,
		f.Text, "%"+likeText(f.Text)+"%", f.Kind, f.State, f.Parent, from, at.ID, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("merchants: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Merchant])
	more := len(all) > size
	switch {
	case more && at.Newer:
		all = slices.Delete(all, 0, 1)
	case more:
		all = all[:size]
	}
	return all, more, err
}

// likeText is a text that LIKE takes as it is.
func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// historyMax bounds what the page of a merchant tells of its past.
const historyMax = 20

func readMerchant(ctx context.Context, q db.Querier, id int64, books bool) (MerchantDetail, error) {
	m, err := merchant.Get(ctx, q, id)
	if err != nil {
		return MerchantDetail{}, err
	}
	d := MerchantDetail{Merchant: m}
	err = q.QueryRow(ctx, `
		SELECT coalesce(p.short_name, ''), coalesce(a.login, ''), coalesce(a.name_masked, ''), b.account_id IS NOT NULL,
			(SELECT count(*) FROM login_accounts n WHERE n.merchant_id = m.merchant_id),
			(SELECT count(*) FROM merchants c WHERE c.parent_mchid = m.merchant_id AND c.parent_mchid <> 0),
			(SELECT coalesce(json_agg(json_build_object('Change', s.change, 'Reason', s.reason, 'Actor', s.actor, 'At', s.at)
				ORDER BY s.id DESC), '[]')
				FROM (SELECT * FROM merchant_states WHERE merchant_id = m.merchant_id ORDER BY id DESC LIMIT $2) s),
			(SELECT coalesce(json_agg(json_build_object('Account', t.business_key, 'Amount', t.amount, 'By', t.applicant, 'At', t.booked_at)
				ORDER BY t.id), '[]') FROM transfers t WHERE $3 AND t.merchant_id = m.merchant_id AND t.kind = 'opening')
		FROM merchants m`+admins+` WHERE m.merchant_id = $1`, id, historyMax, books).
		Scan(&d.ParentName, &d.Admin, &d.AdminName, &d.AdminBound, &d.Members, &d.Children, &d.History, &d.Openings)
	if err != nil {
		return d, fmt.Errorf("merchant %d: %w", id, err)
	}
	return d, nil
}
