package transfer

import (
	"context"

	"zhanggui/internal/db"
)

// What must hold. Each names the rows that break it.
var invariants = []string{
	// T_TRANSFER is what the open payments come to.
	`SELECT format('T_TRANSFER of %s stands at %s, its open payments come to %s', merchant_id, coalesce(a.balance, 0), coalesce(p.amount, 0))
	FROM (SELECT merchant_id, balance FROM accounts WHERE account = 'T_TRANSFER') a
	FULL JOIN (SELECT merchant_id, sum(amount) AS amount FROM enterprise_payments WHERE ended_at IS NULL GROUP BY 1) p USING (merchant_id)
	WHERE coalesce(a.balance, 0) <> coalesce(p.amount, 0) LIMIT $1`,
	// Every payment is in the books as it stands: accepted once, and paid, or returned, once.
	`SELECT format('payment %s of %s is %s of %s: in the books %s accepted, %s paid, %s returned', p.n, p.merchant_id, p.state, p.amount,
		coalesce(t.accepted, 0), coalesce(t.paid, 0), coalesce(t.returned, 0))
	FROM (SELECT *, merchant_id || to_char(day, 'YYYYMMDD') || '40' || lpad(n::text, 8, '0') AS no FROM enterprise_payments) p
	LEFT JOIN (SELECT merchant_id, business_key, sum(amount) FILTER (WHERE kind = 'payment') AS accepted,
			sum(amount) FILTER (WHERE kind = 'payment.paid') AS paid, sum(amount) FILTER (WHERE kind = 'payment.returned') AS returned
		FROM transfers WHERE kind IN ('payment', 'payment.paid', 'payment.returned') GROUP BY 1, 2) t
		ON t.merchant_id = p.merchant_id AND t.business_key = p.no
	WHERE coalesce(t.accepted, 0) <> p.amount OR coalesce(t.paid, 0) <> CASE p.state WHEN 'success' THEN p.amount ELSE 0 END
		OR coalesce(t.returned, 0) <> CASE p.state WHEN 'failed' THEN p.amount ELSE 0 END LIMIT $1`,
	// Nothing is in the books without its payment, nor between other accounts or under another name than it says.
	`SELECT format('transfer %s %s of %s by %s went over %s; its payment is %s, made by %s, paid from %s, returned to %s', t.kind, t.business_key,
		t.merchant_id, t.applicant, t.accounts, p.n, p.actor, p.paid_from, p.returned_to)
	FROM transfers t LEFT JOIN enterprise_payments p ON p.merchant_id = t.merchant_id
		AND t.business_key = p.merchant_id || to_char(p.day, 'YYYYMMDD') || '40' || lpad(p.n::text, 8, '0') AND p.n = right(t.business_key, 8)::bigint
	WHERE t.kind IN ('payment', 'payment.paid', 'payment.returned') AND (p.merchant_id IS NULL OR t.kind = 'payment' AND t.applicant <> p.actor
		OR t.accounts <> CASE t.kind WHEN 'payment' THEN ARRAY[p.paid_from, 'T_TRANSFER'] WHEN 'payment.paid' THEN ARRAY['T_TRANSFER', 'CHANNEL']
			ELSE ARRAY['T_TRANSFER', p.returned_to] END) LIMIT $1`,
	// Once the operations account is open, it alone pays.
	`SELECT format('payment %s of %s was paid from %s on %s, with its operations account open since %s', t.business_key, t.merchant_id, t.accounts[1],
		t.booked_at, o.opened_at)
	FROM transfers t JOIN accounts o ON o.merchant_id = t.merchant_id AND o.account = 'OPERATION'
	WHERE t.kind = 'payment' AND t.booked_at > o.opened_at AND t.accounts[1] <> 'OPERATION' LIMIT $1`,
	// The limits stand on the newest day of the payments they count, and count what was paid on it: to each
	// payee, and by the merchant.
	`SELECT format('limits of %s to %s stand on %s at %s of %s; its payments are %s of %s, the newest on %s', merchant_id, openid, l.day, l.count, l.amount,
		p.count, p.amount, p.day)
	FROM enterprise_payment_limits l FULL JOIN (SELECT DISTINCT ON (1, 2) merchant_id, coalesce(openid, '') AS openid, day,
			count(*) FILTER (WHERE state <> 'failed') AS count, coalesce(sum(amount) FILTER (WHERE state <> 'failed'), 0) AS amount
		FROM enterprise_payments GROUP BY GROUPING SETS ((merchant_id, day), (merchant_id, openid, day)) ORDER BY 1, 2, day DESC) p USING (merchant_id, openid)
	WHERE l.day IS DISTINCT FROM p.day OR l.count <> p.count OR l.amount <> p.amount LIMIT $1`,
	// A file that runs has decided what it says, and one that is done has no open payment.
	`SELECT format('file %s of %s is %s: %s decided, %s accepted; its rows say %s and %s, %s are open', f.id, f.merchant_id, f.state, f.decided, f.accepted,
		r.decided, r.accepted, r.open)
	FROM payment_files f JOIN LATERAL (SELECT count(*) FILTER (WHERE w.decided) AS decided, count(w.n) AS accepted,
			count(*) FILTER (WHERE p.ended_at IS NULL AND w.n IS NOT NULL) AS open
		FROM payment_file_rows w LEFT JOIN enterprise_payments p ON p.merchant_id = w.merchant_id AND p.n = w.n
		WHERE w.merchant_id = f.merchant_id AND w.file_id = f.id) r ON true
	WHERE f.decided <> r.decided OR f.accepted <> r.accepted OR (f.state = 'done' AND (r.open > 0 OR r.decided <> f.row_count)) LIMIT $1`,
}

// Verify checks enterprise payments against the books, and the files against their payments.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "payments", Table: "enterprise_payments", Hold: invariants}.Check(ctx, q)
}
