package withdrawal

import (
	"context"

	"zhanggui/internal/db"
)

// numberedSQL writes the number of a withdrawal.
const numberedSQL = `w.merchant_id || to_char(w.day, 'YYYYMMDD') || '60' || lpad(w.n::text, 8, '0')`

// What must hold. Each names the rows that break it.
var invariants = []string{
	// T_WITHDRAW is what the open withdrawals come to.
	`SELECT format('T_WITHDRAW of %s stands at %s, its open withdrawals come to %s', merchant_id, coalesce(a.balance, 0), coalesce(w.amount, 0))
	FROM (SELECT merchant_id, balance FROM accounts WHERE account = 'T_WITHDRAW') a
	FULL JOIN (SELECT merchant_id, sum(amount) AS amount FROM withdrawals WHERE state IN ('INIT', 'CREATE_SUCCESS') GROUP BY 1) w USING (merchant_id)
	WHERE coalesce(a.balance, 0) <> coalesce(w.amount, 0) LIMIT $1`,
	// Every withdrawal is in the books as it stands, each move once and whole, from its account and to where it returned.
	`SELECT format('withdrawal %s of %s is %s of %s: in the books %s accepted, %s paid, %s failed, %s returned', w.n, w.merchant_id, w.state, w.amount,
		coalesce(t.accepted, 0), coalesce(t.paid, 0), coalesce(t.failed, 0), coalesce(t.returned, 0)) ||
		format('; from %s to %s, in the books from %s to %s', w.account, w.returned_to, t.source, t.home)
	FROM withdrawals w LEFT JOIN (SELECT merchant_id, business_key, sum(amount) FILTER (WHERE kind = 'withdrawal') AS accepted,
			sum(amount) FILTER (WHERE kind = 'withdrawal.paid') AS paid, sum(amount) FILTER (WHERE kind = 'withdrawal.failed') AS failed,
			sum(amount) FILTER (WHERE kind = 'withdrawal.returned') AS returned, min(accounts[1]) FILTER (WHERE kind = 'withdrawal') AS source,
			min(accounts[2]) FILTER (WHERE kind IN ('withdrawal.failed', 'withdrawal.returned')) AS home
		FROM transfers WHERE kind IN ('withdrawal', 'withdrawal.paid', 'withdrawal.failed', 'withdrawal.returned') GROUP BY 1, 2) t
		ON t.merchant_id = w.merchant_id AND t.business_key = ` + numberedSQL + `
	WHERE coalesce(t.accepted, 0) <> w.amount OR coalesce(t.paid, 0) <> CASE WHEN w.state IN ('SUCCESS', 'REFUND') THEN w.amount ELSE 0 END
		OR coalesce(t.failed, 0) <> CASE WHEN w.state IN ('FAIL', 'CLOSE') THEN w.amount ELSE 0 END
		OR coalesce(t.returned, 0) <> CASE w.state WHEN 'REFUND' THEN w.amount ELSE 0 END
		OR w.amount > 0 AND t.source IS DISTINCT FROM w.account OR coalesce(t.home, '') <> w.returned_to LIMIT $1`,
	// Nothing is in the books without its withdrawal.
	`SELECT format('transfer %s %s of %s has no withdrawal', t.kind, t.business_key, t.merchant_id)
	FROM transfers t LEFT JOIN withdrawals w ON w.merchant_id = t.merchant_id AND w.n = right(t.business_key, 8)::bigint
		AND t.business_key = ` + numberedSQL + `
	WHERE t.kind IN ('withdrawal', 'withdrawal.paid', 'withdrawal.failed', 'withdrawal.returned') AND w.merchant_id IS NULL LIMIT $1`,
	// A withdrawal stands where its one payment stands, and every payment has its withdrawal.
	`SELECT format('withdrawal %s of %s is %s of %s, its payment is %s of %s', coalesce(w.n::text, p.number), coalesce(w.merchant_id, p.merchant_id),
		w.state, w.amount, p.state, p.amount)
	FROM (SELECT *, 'W' || ` + numberedSQL + ` AS number FROM withdrawals w WHERE amount > 0) w
	FULL JOIN (SELECT * FROM bank_payments WHERE kind = 'payout') p ON p.merchant_id = w.merchant_id AND p.number = w.number
	WHERE w.n IS NULL OR p.number IS NULL OR w.amount <> p.amount OR w.state <> CASE p.state WHEN 'waiting' THEN 'INIT' WHEN 'sending' THEN CASE w.state WHEN 'CREATE_SUCCESS' THEN w.state ELSE 'INIT' END
		WHEN 'sent' THEN 'CREATE_SUCCESS' WHEN 'paid' THEN 'SUCCESS' WHEN 'failed' THEN 'FAIL' WHEN 'returned' THEN 'REFUND' ELSE 'CLOSE' END LIMIT $1`,
	// What goes to the bank by itself was opened by the super admin.
	`SELECT format('automatic withdrawal of %s is on and not open as a product', s.merchant_id)
	FROM automatic_withdrawals s WHERE s.active AND NOT EXISTS (SELECT FROM product_openings o WHERE o.merchant_id = s.merchant_id
		AND o.code = 'auto_withdrawal' AND o.state = 'open') LIMIT $1`,
}

// Verify checks withdrawals against the books and their payments.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "withdrawals", Table: "withdrawals", Hold: invariants}.Check(ctx, q)
}
