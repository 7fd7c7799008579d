package trade

// What must hold between orders, their refunds and the books. Each names the rows that break it.
var bookInvariants = []string{
	// An order is to be settled unless it is settled, a stub, or revoked.
	`SELECT format('order %s of %s, %s, settled %s: due %s', transaction_id, merchant_id, trade_state, settled_at, due_at)
	FROM trades WHERE due_at IS NULL AND settled_at IS NULL AND NOT stub AND trade_state <> 'REVOKED'
		OR due_at IS NOT NULL AND settled_at IS NOT NULL LIMIT $1`,
	// Unsettled money of an upgraded merchant is that of its open orders. A legacy merchant's is a pool, out of
	// which refunds of settled orders are taken too.
	`SELECT format('UNSETTLED of %s stands at %s, its open orders come to %s', m.merchant_id, coalesce(a.balance, 0), coalesce(o.sum, 0))
	FROM merchants m LEFT JOIN accounts a ON a.merchant_id = m.merchant_id AND a.account = 'UNSETTLED'
	LEFT JOIN (SELECT merchant_id, sum(settlement_total - given_back) AS sum FROM trades WHERE due_at IS NOT NULL GROUP BY 1) o
		ON o.merchant_id = m.merchant_id
	WHERE m.account_system = 'upgraded' AND coalesce(a.balance, 0) <> coalesce(o.sum, 0) LIMIT $1`,
	// What refunds took of an order, before it was settled and after, is what its refunds are.
	`SELECT format('order %s of %s: %s and %s given back, its refunds took %s', t.transaction_id, t.merchant_id, t.given_back, t.taken_back, coalesce(r.sum, 0))
	FROM trades t LEFT JOIN (SELECT merchant_id, transaction_id, sum(settlement_refund) AS sum
		FROM bill_refunds WHERE status <> 'FAIL' AND source <> 'NONE' GROUP BY 1, 2) r USING (merchant_id, transaction_id)
	WHERE t.given_back + t.taken_back <> coalesce(r.sum, 0) LIMIT $1`,
	// The fee charged is the rate of what was settled, less what refunds since brought back: of those the bill's own
	// fee is believed, also where it is not the rate of what remains, and of a stub's. An order whose line was
	// cancelled has refunds among given_back that brought their fee before; of it nothing can be said.
	`SELECT format('order %s of %s: %s charged, it should be %s', t.transaction_id, t.merchant_id, t.charged, f.fee)
	FROM trades t LEFT JOIN (SELECT merchant_id, transaction_id, sum(fee_taken) AS fee, sum(settlement_refund) FILTER (WHERE fee_taken = 0) AS feeless
		FROM bill_refunds WHERE status <> 'FAIL' AND source <> 'NONE' GROUP BY 1, 2) r USING (merchant_id, transaction_id)
	CROSS JOIN LATERAL (SELECT CASE WHEN t.settled_at IS NULL THEN 0
		ELSE ((t.settlement_total - t.given_back) * t.rate + 5000) / 10000 END - coalesce(r.fee, 0) AS fee) f
	WHERE t.charged <> f.fee AND t.given_back <= coalesce(r.feeless, 0) LIMIT $1`,
	// Every order that brought money is in the books once, with what it brought, and no other is.
	`SELECT format('order %s of %s brings %s, the books have %s', key, merchant_id, coalesce(t.amount, 0), coalesce(b.amount, 0))
	FROM (SELECT merchant_id, transaction_id AS key, settlement_total AS amount FROM trades WHERE NOT stub AND settlement_total > 0) t
	FULL JOIN (SELECT merchant_id, business_key AS key, amount FROM transfers WHERE kind = 'trade') b USING (merchant_id, key)
	WHERE t.amount IS DISTINCT FROM b.amount LIMIT $1`,
	// Every order that its own row told as revoked has given its money back, and no other has.
	`SELECT format('order %s of %s was revoked: %s, went back in the books: %s', key, merchant_id, t.merchant_id IS NOT NULL, b.merchant_id IS NOT NULL)
	FROM (SELECT merchant_id, transaction_id AS key FROM trades t WHERE settlement_total > 0 AND ` + ownRevoked + `) t
	FULL JOIN (SELECT merchant_id, business_key AS key FROM transfers WHERE kind = 'revoke') b USING (merchant_id, key)
	WHERE t.merchant_id IS NULL OR b.merchant_id IS NULL LIMIT $1`,
	// Every refund that moved money is in the books, and so is what became of it.
	`SELECT format('refund %s of %s (%s): the books have %s of %s', r.refund_id, r.merchant_id, r.status, b.amount, r.settlement_refund + r.fee_taken)
	FROM bill_refunds r LEFT JOIN transfers b ON b.merchant_id = r.merchant_id AND b.kind = 'refund' AND b.business_key = r.refund_id
	WHERE r.source = '' OR r.source <> 'NONE' AND r.settlement_refund + r.fee_taken > 0
		AND b.amount IS DISTINCT FROM r.settlement_refund + r.fee_taken LIMIT $1`,
	`SELECT format('refund %s of %s is %s, the books have not ended it', r.refund_id, r.merchant_id, r.status)
	FROM bill_refunds r LEFT JOIN transfers b ON b.merchant_id = r.merchant_id AND b.business_key = r.refund_id
		AND b.kind = CASE r.status WHEN 'FAIL' THEN 'refund.closed' ELSE 'refund.done' END
	WHERE r.status IN ('SUCCESS', 'PROCESSING', 'FAIL') AND r.source NOT IN ('', 'NONE') AND r.settlement_refund > 0
		AND b.id IS NULL LIMIT $1`,
	// What waits on T_REFUND is what abnormal refunds took, and those in a state nobody knows.
	`SELECT format('T_REFUND of %s stands at %s, the refunds that wait come to %s', merchant_id, coalesce(a.balance, 0), coalesce(r.sum, 0))
	FROM (SELECT merchant_id, balance FROM accounts WHERE account = 'T_REFUND') a
	FULL JOIN (SELECT merchant_id, sum(settlement_refund) AS sum FROM bill_refunds
		WHERE status NOT IN ('SUCCESS', 'PROCESSING', 'FAIL') AND source <> 'NONE' GROUP BY 1) r USING (merchant_id)
	WHERE coalesce(a.balance, 0) <> coalesce(r.sum, 0) LIMIT $1`,
}
