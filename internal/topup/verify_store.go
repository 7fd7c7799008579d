package topup

import (
	"context"

	"zhanggui/internal/db"
)

// What must hold. Each names the rows that break it.
var invariants = []string{
	// What arrived is one transfer of its amount onto its account, under the bank's number and its own.
	`SELECT format('top-up %s of %s is %s of %s onto %s, its transfer is %s of %s over %s', p.n, p.merchant_id, p.state, p.amount, p.account, t.kind, t.amount, t.accounts)
	FROM topups p LEFT JOIN transfers t ON t.merchant_id = p.merchant_id AND t.id = p.transfer_id
	WHERE (p.arrived_at IS NOT NULL) <> (t.id IS NOT NULL) OR t.id IS NOT NULL AND (t.kind <> 'topup' OR t.amount <> p.amount
		OR t.business_key <> p.transfer_no OR right(t.business_no, 8) <> lpad(p.n::text, 8, '0') OR t.accounts <> ARRAY['BANK', p.account]) LIMIT $1`,
	// Every transfer of the bank's is a top-up.
	`SELECT format('transfer %s of %s is no top-up', t.business_key, t.merchant_id)
	FROM transfers t LEFT JOIN topups p ON p.merchant_id = t.merchant_id AND p.transfer_id = t.id
	WHERE t.kind = 'topup' AND p.n IS NULL LIMIT $1`,
}

// Verify checks what arrived against the books.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "top-ups", Table: "topups", Hold: invariants}.Check(ctx, q)
}
