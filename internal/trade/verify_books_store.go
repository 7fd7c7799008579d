package trade

// What must hold between orders, refunds and the books.
var bookInvariants = []string{
	// An order is to be settled unless it is settled, a stub, or revoked.
	`SELECT format('order %s of %s, %s, settled %s: due %s', transaction_id, merchant_id, trade_state, settled_at, due_at)
	FROM trades WHERE due_at IS NULL AND settled_at IS NULL AND NOT stub AND trade_state <> 'REVOKED'
		OR due_at IS NOT NULL AND settled_at IS NOT NULL LIMIT $1`,
	// What the merchant gave back of an order is what its refunds took that did not fail.
	`SELECT format('order %s of %s: given back %s before and %s after its settlement, its refunds took %s', transaction_id, merchant_id,
		t.given_back, t.taken_back, coalesce(r.share, 0))
	FROM trades t LEFT JOIN ` + sharesOf + ` r USING (merchant_id, transaction_id)
	WHERE t.given_back + t.taken_back <> coalesce(r.share, 0) LIMIT $1`,
	// The fee charged of a settled order is the rate of what remains of it. A bill's refund brings its own fee;
	// so does every refund of a stub.
	`SELECT format('order %s of %s: fee charged %s at %s, settled for %s less %s before and %s after, %s given back by bills',
		transaction_id, merchant_id, t.charged, t.rate, t.settlement_total, t.given_back, t.taken_back, coalesce(r.fee, 0))
	FROM trades t LEFT JOIN ` + sharesOf + ` r USING (merchant_id, transaction_id)
	WHERE CASE WHEN t.settled_at IS NULL THEN t.charged NOT IN (0, -coalesce(r.fee, 0))
		ELSE t.charged NOT IN (((t.settlement_total - t.given_back) * t.rate * 2 + 10000) / 20000 - coalesce(r.fee, 0),
			((t.settlement_total - t.given_back - t.taken_back) * t.rate * 2 + 10000) / 20000) END LIMIT $1`,
	// Every order and every refund that moves money has its transfers, with its amount.
	astray + `SELECT merchant_id, 'trade' AS kind, transaction_id AS key, settlement_total AS amount
		FROM trades WHERE NOT stub AND settlement_total > 0
		UNION ALL SELECT merchant_id, 'revoke', transaction_id, settlement_total
		FROM trades WHERE trade_state = 'REVOKED' AND due_at IS NULL AND settled_at IS NULL AND NOT stub AND settlement_total > 0
		UNION ALL SELECT merchant_id, 'refund', refund_id, settlement_refund + fee_taken
		FROM bill_refunds WHERE source <> 'NONE' AND settlement_refund + fee_taken > 0
		UNION ALL SELECT merchant_id, 'refund.done', refund_id, settlement_refund
		FROM bill_refunds WHERE source <> 'NONE' AND status IN ('SUCCESS', 'PROCESSING') AND settlement_refund > 0
		UNION ALL SELECT merchant_id, 'refund.closed', refund_id, settlement_refund + fee_taken
		FROM bill_refunds WHERE source <> 'NONE' AND status = 'FAIL' AND settlement_refund + fee_taken > 0` + astrayEnd,
	// Money on its way to payers is that of refunds that wait.
	`SELECT format('T_REFUND of %s stands at %s, its waiting refunds come to %s', merchant_id, coalesce(a.balance, 0), coalesce(r.share, 0))
	FROM (SELECT merchant_id, balance FROM accounts WHERE account = 'T_REFUND') a FULL JOIN (
		SELECT merchant_id, sum(settlement_refund) AS share FROM bill_refunds
		WHERE source <> 'NONE' AND status NOT IN ('SUCCESS', 'PROCESSING', 'FAIL') GROUP BY 1) r USING (merchant_id)
	WHERE coalesce(a.balance, 0) <> coalesce(r.share, 0) LIMIT $1`,
	// UNSETTLED of an upgraded merchant is what its open orders come to.
	`SELECT format('UNSETTLED of %s stands at %s, its open orders come to %s', merchant_id, coalesce(a.balance, 0), coalesce(t.open, 0))
	FROM merchants m LEFT JOIN (SELECT merchant_id, balance FROM accounts WHERE account = 'UNSETTLED') a USING (merchant_id)
	LEFT JOIN (SELECT merchant_id, sum(settlement_total - given_back) AS open FROM trades WHERE due_at IS NOT NULL GROUP BY 1) t USING (merchant_id)
	WHERE m.account_system = 'upgraded' AND coalesce(a.balance, 0) <> coalesce(t.open, 0) LIMIT $1`,
	`SELECT format('refund %s of %s moved no money yet', refund_id, merchant_id) FROM bill_refunds WHERE source = '' LIMIT $1`,
}

// sharesOf are the refunds of an order that did not fail: what they took, and the fee that came back.
const sharesOf = `(SELECT merchant_id, transaction_id, sum(settlement_refund) AS share, sum(fee_taken) AS fee FROM bill_refunds
		WHERE status <> 'FAIL' AND source <> 'NONE' GROUP BY 1, 2)`

// astray finds documents without their transfer, and transfers without their document. A transfer's amount is
// the sum of its credits: of a forced debit, what was missing too.
const (
	astray = `SELECT format('%s %s of %s: %s by the orders and refunds, %s by the books', kind, key, merchant_id,
			coalesce(d.amount, 0), coalesce(t.amount, 0)) FROM (`
	astrayEnd = `) d FULL JOIN (SELECT merchant_id, kind, business_key AS key, amount FROM transfers
			WHERE kind IN ('trade', 'revoke', 'refund', 'refund.done', 'refund.closed')) t USING (merchant_id, kind, key)
		WHERE d.amount IS DISTINCT FROM t.amount LIMIT $1`
)
