package upgrade

import (
	"context"

	"zhanggui/internal/db"
)

// What must hold. Each names the rows that break it.
var invariants = []string{
	// An upgraded merchant has no available balance, and nothing can come to it; a legacy one has no other.
	`SELECT format('AVAILABLE of %s, who is upgraded, holds %s, closed %s', m.merchant_id, a.balance, a.closed_at)
	FROM merchants m JOIN accounts a ON a.merchant_id = m.merchant_id AND a.account = 'AVAILABLE'
	WHERE m.account_system = 'upgraded' AND (a.balance <> 0 OR a.closed_at IS NULL) LIMIT $1`,
	`SELECT format('%s of %s, who is not upgraded, is there and holds %s', a.account, m.merchant_id, a.balance)
	FROM merchants m JOIN accounts a ON a.merchant_id = m.merchant_id AND a.account IN ('BASIC', 'OPERATION')
	WHERE m.account_system = 'legacy' AND m.merchant_id <> 0 LIMIT $1`,
	`SELECT format('AVAILABLE of %s is closed, and no upgrade closed it', a.merchant_id)
	FROM accounts a LEFT JOIN upgrades u ON u.merchant_id = a.merchant_id
	WHERE a.account = 'AVAILABLE' AND a.closed_at IS NOT NULL AND u.merchant_id IS NULL LIMIT $1`,
	// Whose upgrade is kept, is upgraded.
	`SELECT format('%s upgraded at %s and is on the %s accounts, settled %s', u.merchant_id, u.upgraded_at, m.account_system, m.settlement_cycle)
	FROM upgrades u JOIN merchants m ON m.merchant_id = u.merchant_id
	WHERE m.account_system <> 'upgraded' LIMIT $1`,
	// The books have it once, with what it moved.
	`SELECT format('upgrade of %s moved %s, the books have %s in transfer %s', merchant_id, coalesce(u.amount, 0), coalesce(t.amount, 0), t.id)
	FROM (SELECT merchant_id, amount, transfer_id FROM upgrades WHERE amount > 0) u
	FULL JOIN (SELECT merchant_id, id, amount FROM transfers WHERE kind = 'upgrade') t USING (merchant_id)
	WHERE u.amount IS DISTINCT FROM t.amount OR u.transfer_id IS DISTINCT FROM t.id LIMIT $1`,
	// Nothing waits for an account that is closed.
	`SELECT format('top-up %s of %s waits for %s, which is closed', p.n, p.merchant_id, p.account)
	FROM topups p JOIN accounts a ON a.merchant_id = p.merchant_id AND a.account = p.account
	WHERE p.state = 'waiting' AND a.closed_at IS NOT NULL LIMIT $1`,
	`SELECT format('alert of %s watches %s, which is closed', b.merchant_id, b.account)
	FROM balance_alerts b JOIN accounts a ON a.merchant_id = b.merchant_id AND a.account = b.account WHERE a.closed_at IS NOT NULL LIMIT $1`,
}

// Verify checks upgrades against merchants, accounts and books.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "upgrades", Table: "upgrades", Hold: invariants}.Check(ctx, q)
}
