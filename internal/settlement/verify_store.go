package settlement

import (
	"context"

	"zhanggui/internal/db"
)

// What must hold. Each names the rows that break it.
var invariants = []string{
	// T_SETTLE is what the open lines come to.
	`SELECT format('T_SETTLE of %s stands at %s, its open lines come to %s', merchant_id, coalesce(a.balance, 0), coalesce(l.net, 0))
	FROM (SELECT merchant_id, balance FROM accounts WHERE account = 'T_SETTLE') a
	FULL JOIN (SELECT merchant_id, sum(net) AS net FROM settlement_lines WHERE state IN ('cut', 'sent', 'failed', 'returned') GROUP BY 1) l
		USING (merchant_id)
	WHERE coalesce(a.balance, 0) <> coalesce(l.net, 0) LIMIT $1`,
	// A line's sums are its orders'. Of their fees some may have been given back since.
	`SELECT format('line %s of %s: %s orders of %s, its orders are %s of %s', l.day, l.merchant_id, l.count, l.gross, coalesce(t.count, 0), coalesce(t.gross, 0))
	FROM settlement_lines l LEFT JOIN (SELECT merchant_id, line_day AS day, count(*) AS count, sum(settlement_total) AS gross,
			sum(given_back) AS refunds, sum(charged) AS fee FROM trades WHERE line_day IS NOT NULL GROUP BY 1, 2) t USING (merchant_id, day)
	WHERE l.system = 'legacy' AND l.state <> 'cancelled' AND (l.count <> coalesce(t.count, 0) OR l.gross <> coalesce(t.gross, 0)
		OR l.refunds <> coalesce(t.refunds, 0) OR l.fee < coalesce(t.fee, 0)) LIMIT $1`,
	// A line carries what went into it, and each goes into one.
	`SELECT format('line %s of %s carries %s and fees of %s, into it went %s and %s', l.day, l.merchant_id, l.carried_pool, l.carried_fee,
		coalesce(b.pool, 0), coalesce(b.fee, 0))
	FROM settlement_lines l LEFT JOIN (SELECT merchant_id, into_day AS day, sum(gross - refunds - taken + carried_pool) AS pool, sum(fee + carried_fee) AS fee
		FROM settlement_lines WHERE into_day IS NOT NULL GROUP BY 1, 2) b USING (merchant_id, day)
	WHERE l.system = 'legacy' AND l.state <> 'cancelled' AND (l.carried_pool <> coalesce(b.pool, 0) OR l.carried_fee <> coalesce(b.fee, 0)) LIMIT $1`,
	// Every order in a line has the line.
	`SELECT format('order %s of %s is in line %s, which is not there', t.transaction_id, t.merchant_id, t.line_day)
	FROM trades t LEFT JOIN settlement_lines l ON l.merchant_id = t.merchant_id AND l.day = t.line_day AND l.system = 'legacy' AND l.state <> 'cancelled'
	WHERE t.line_day IS NOT NULL AND l.day IS NULL LIMIT $1`,
	// Every settled order is in exactly one transfer or one line; one of which nothing was left is in none.
	`SELECT format('order %s of %s is settled: in the books %s, in line %s', t.transaction_id, t.merchant_id, s.id IS NOT NULL, t.line_day)
	FROM trades t LEFT JOIN transfers s ON s.merchant_id = t.merchant_id AND s.kind = 'settle' AND s.business_key = t.transaction_id
	WHERE t.settled_at IS NOT NULL AND ((s.id IS NOT NULL AND t.line_day IS NOT NULL)
		OR (s.id IS NULL AND t.line_day IS NULL AND (t.settlement_total <> t.given_back OR t.charged <> 0))) LIMIT $1`,
	`SELECT format('settlement %s of %s has no settled order', s.business_key, s.merchant_id)
	FROM transfers s LEFT JOIN trades t ON t.merchant_id = s.merchant_id AND t.transaction_id = s.business_key AND t.settled_at IS NOT NULL
	WHERE s.kind = 'settle' AND t.merchant_id IS NULL LIMIT $1`,
	// A line's transfer is what it says it took out of the pool; a line with nothing left has none, also where the
	// upgrade took it over.
	`SELECT format('line %s of %s took %s, its transfer is %s', l.day, l.merchant_id, l.gross - l.refunds - l.taken + l.carried_pool, coalesce(t.amount, 0))
	FROM settlement_lines l LEFT JOIN transfers t ON t.merchant_id = l.merchant_id AND t.kind = 'batch' AND t.business_key = l.day::text
	CROSS JOIN LATERAL (SELECT l.state IN ('carried', 'cutting') OR l.state = 'credited' AND l.net <= 0 AS without) n
	WHERE l.system = 'legacy' AND ((n.without AND t.id IS NOT NULL)
		OR (NOT n.without AND t.amount IS DISTINCT FROM l.gross - l.refunds - l.taken + l.carried_pool)) LIMIT $1`,
	`SELECT format('transfer of line %s of %s, which is not there', t.business_key, t.merchant_id)
	FROM transfers t LEFT JOIN settlement_lines l ON l.merchant_id = t.merchant_id AND l.day::text = t.business_key AND l.system = 'legacy'
	WHERE t.kind = 'batch' AND l.merchant_id IS NULL LIMIT $1`,
	// What an upgraded merchant's days say is what its books say.
	`SELECT format('day %s of %s: %s less fee %s went to BASIC, the books say %s less %s', l.day, l.merchant_id, l.gross - l.refunds, l.fee,
		coalesce(d.income, 0), coalesce(d.fee, 0))
	FROM settlement_lines l LEFT JOIN (SELECT merchant_id, day, sum(in_amount) FILTER (WHERE row_type = 'trade') AS income,
			sum(out_amount) FILTER (WHERE row_type = 'trade_fee') AS fee FROM account_days WHERE account = 'BASIC' GROUP BY 1, 2) d USING (merchant_id, day)
	WHERE l.system = 'upgraded' AND (l.gross - l.refunds <> coalesce(d.income, 0) OR l.fee <> coalesce(d.fee, 0)) LIMIT $1`,
	// A line stands where its newest payment stands.
	`SELECT format('line %s of %s is %s, its payment %s is %s', l.day, l.merchant_id, l.state, p.number, p.state)
	FROM settlement_lines l JOIN LATERAL (SELECT number, state, amount FROM bank_payments b
		WHERE b.merchant_id = l.merchant_id AND b.day = l.day ORDER BY try DESC LIMIT 1) p ON true
	WHERE l.bank_no <> p.number OR l.net <> p.amount OR l.state <> CASE p.state WHEN 'waiting' THEN 'cut' WHEN 'sending' THEN 'cut' ELSE p.state END
		AND NOT (l.state = 'credited' AND p.state IN ('failed', 'returned')) LIMIT $1`,
	// Every payment that left or came back is in the books, and nothing else is.
	`SELECT format('payment %s of %s is %s: %s times paid, %s times back in the books', p.number, p.merchant_id, p.state, t.paid, t.back)
	FROM bank_payments p JOIN LATERAL (SELECT count(*) FILTER (WHERE kind IN ('batch.paid', 'card.check')) AS paid,
			count(*) FILTER (WHERE kind IN ('batch.returned', 'card.check.returned')) AS back FROM transfers s
		WHERE s.merchant_id = p.merchant_id AND s.kind IN ('batch.paid', 'batch.returned', 'card.check', 'card.check.returned') AND s.business_key = p.number) t ON true
	WHERE p.kind IN ('settlement', 'check') AND (t.paid <> (p.state IN ('paid', 'returned'))::int OR t.back <> (p.state = 'returned')::int
		AND NOT (p.state = 'failed' AND t.back = 1 AND EXISTS (SELECT FROM settlement_lines l
			WHERE l.merchant_id = p.merchant_id AND l.day = p.day AND l.state = 'credited'))) LIMIT $1`,
}

// Verify checks the settlement record against orders, books and payments.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	return db.Invariants{Of: "settlement", Table: "settlement_lines", Hold: invariants}.Check(ctx, q)
}
