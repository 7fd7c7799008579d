package operations

import (
	"context"

	"zhanggui/internal/db"
)

// What must hold. Each names the rows that break it.
var invariants = []string{
	// Every move is one transfer of its amount between its two accounts, and says so under its own number.
	`SELECT format('move %s of %s: its transfer is %s of %s over %s', m.n, m.merchant_id, t.kind, t.amount, t.accounts)
	FROM account_moves m LEFT JOIN transfers t ON t.merchant_id = m.merchant_id AND t.id = m.transfer_id
	WHERE t.id IS NULL OR t.kind <> 'move' OR t.amount <> m.amount OR t.applicant <> m.moved_by OR t.note <> m.note
		OR right(t.business_key, 8) <> lpad(m.n::text, 8, '0') OR t.business_no <> t.business_key
		OR t.accounts <> CASE m.direction WHEN 'to_operation' THEN ARRAY['BASIC', 'OPERATION'] ELSE ARRAY['OPERATION', 'BASIC'] END LIMIT $1`,
	// Every transfer between the two is a move.
	`SELECT format('transfer %s of %s is no move', t.business_key, t.merchant_id)
	FROM transfers t LEFT JOIN account_moves m ON m.merchant_id = t.merchant_id AND m.transfer_id = t.id
	WHERE t.kind = 'move' AND m.n IS NULL LIMIT $1`,
	// The account stands where its product is open, and only there.
	`SELECT format('operations account of %s: open %s, its product %s', merchant_id, a.merchant_id IS NOT NULL, p.merchant_id IS NOT NULL)
	FROM (SELECT merchant_id FROM accounts WHERE account = 'OPERATION') a
	FULL JOIN (SELECT merchant_id FROM product_openings WHERE code = 'operation_account' AND state = 'open') p USING (merchant_id)
	WHERE a.merchant_id IS NULL OR p.merchant_id IS NULL LIMIT $1`,
}

// Verify checks moves against the books, and the operations accounts against who opened them.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "moves", Table: "account_moves", Hold: invariants}.Check(ctx, q)
}
