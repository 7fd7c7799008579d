package home

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/inbox"
)

// look speaks of running imports that somebody uploaded: only those are sure to come to an end.
const look = `
	SELECT m.settlement_cycle,
		coalesce((SELECT a.name_masked FROM account_roles r
			JOIN login_accounts a ON a.merchant_id = r.merchant_id AND a.id = r.account_id
			WHERE r.merchant_id = m.merchant_id AND r.role = 'super_admin'), ''),
		(SELECT coalesce(json_agg(i), '[]') FROM (
			SELECT i.id, i.file_name AS file, i.finished_at IS NOT NULL AS ended FROM trade_imports i
			WHERE $3 AND i.merchant_id = m.merchant_id AND (i.state IN ('queued', 'running') AND i.account_id IS NOT NULL
				OR (i.state IN ('refused', 'failed') AND i.queued_at > $4 AND NOT EXISTS (SELECT FROM trade_imports l
					WHERE l.merchant_id = i.merchant_id AND l.queued_at > i.queued_at AND l.file_name = i.file_name)))
			ORDER BY i.queued_at DESC LIMIT $6) i),
		(SELECT json_build_object('count', count(*), 'first', min(b.lapses_at)) FROM binding_requests b
			WHERE b.merchant_id = m.merchant_id AND b.state = 'waiting' AND b.lapses_at > $5
				AND EXISTS (SELECT FROM account_roles r
					WHERE r.merchant_id = m.merchant_id AND r.account_id = $2 AND r.role = 'super_admin')),
		(SELECT json_build_object('count', count(*), 'first', min(c.expires_at)) FROM approvals p
			JOIN confirmations c ON c.merchant_id = p.merchant_id AND c.id = p.id
			WHERE p.merchant_id = m.merchant_id AND $2 = ANY (p.asked) AND p.maker_id <> $2
				AND c.state = 'approving' AND c.expires_at > $5),
		(SELECT count(*) FROM inbox_messages u WHERE u.merchant_id = m.merchant_id AND u.account_id = $2
			AND u.read_at IS NULL AND u.category = 'security'),
		(SELECT coalesce(json_agg(n), '[]') FROM (
			SELECT n.id AS "ID", n.category AS "Category", n.kind AS "Kind", n.args AS "Args", n.link AS "Link",
				n.sent_at AS "SentAt", n.read_at AS "ReadAt" FROM inbox_messages n
			WHERE n.merchant_id = m.merchant_id AND n.account_id = $2 ORDER BY n.id DESC LIMIT $7) n),
		(SELECT json_build_object('System', m.account_system,
			'Balances', (SELECT json_object_agg(c.account, c.balance) FROM accounts c WHERE c.merchant_id = m.merchant_id
				AND c.account IN ('UNSETTLED', 'AVAILABLE', 'BASIC', 'OPERATION', 'DUE')),
			'Days', (SELECT coalesce(json_agg(d), '[]') FROM (
				SELECT d.day AS "Day", d.account AS "Account", d.row_type AS "Row", d.in_amount AS "In", d.out_amount AS "Out"
				FROM account_days d WHERE d.merchant_id = m.merchant_id AND d.account IN ('BASIC', 'FEE_INCOME')
					AND d.day >= $9::date AND d.row_type IN ('trade', 'fee_charged', 'fee_returned')) d),
			'Line', (SELECT json_build_object('Day', s.day, 'State', s.state, 'Net', s.net, 'PayDay', coalesce(s.pay_day::text, ''))
				FROM settlement_lines s WHERE s.merchant_id = m.merchant_id AND s.system = 'legacy' ORDER BY s.day DESC LIMIT 1),
			'Low', (SELECT coalesce(json_agg(l), '[]') FROM (
				SELECT a.account AS "Account", a.threshold AS "Threshold" FROM balance_alerts a
				JOIN accounts c ON c.merchant_id = a.merchant_id AND c.account = a.account
				WHERE a.merchant_id = m.merchant_id AND c.balance < a.threshold ORDER BY a.account) l)) WHERE $8),
		(SELECT json_build_object('System', m.account_system, 'Percentage', o.percentage, 'Paused', o.paused, 'Salt', encode(o.salt, 'base64'),
			'Listed', coalesce((SELECT l.listed FROM rollout_listed l WHERE l.merchant_id = m.merchant_id), '')) FROM rollout o WHERE $10)
	FROM merchants m WHERE m.merchant_id = $1`

// Read looks for the scope's actor, in one query.
func Read(ctx context.Context, q db.Querier, s access.Scope, now time.Time) (View, error) {
	v := View{Messages: []inbox.Row{}}
	var up *offer
	err := q.QueryRow(ctx, look, s.Merchant(), s.Actor().Account, s.May(access.TradeImport), now.Add(-importsKept), now,
		ImportsMax, MessagesMax, s.May(access.FundsRead), clock.DayOf(now).Add(-1).String(),
		s.May(access.AccountUpgrade)).Scan(&v.Cycle, &v.Admin, &v.Imports, &v.Bindings,
		&v.Approvals, &v.Security, &v.Messages, &v.Money, &up)
	if err != nil {
		return v, fmt.Errorf("home: %w", err)
	}
	v.Upgrade = up != nil && up.to(s.Merchant(), v.Cycle)
	return v, nil
}
