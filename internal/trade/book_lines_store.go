package trade

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// ownRevoked are orders that their own row told as revoked before they were settled: they came, and went back.
const ownRevoked = "(t.trade_state = 'REVOKED' AND t.due_at IS NULL AND t.settled_at IS NULL AND NOT t.stub)"

// fileLines are the lines between the summary of import $1 and the books; $2 says that some of its orders were
// known before. A row that the file tells again is only that.
const fileLines = `
	WITH once AS (
		SELECT *, row_number() OVER (PARTITION BY merchant_id, refund_id IS NULL, coalesce(refund_id, transaction_id) ORDER BY line) AS nth
		FROM bill_rows WHERE $3
		UNION ALL SELECT *, 1 FROM bill_rows WHERE NOT $3
	), orders AS (
		SELECT s.* FROM once s WHERE s.refund_id IS NULL AND s.nth = 1
	), refunds AS (
		SELECT s.settlement_refund, s.fee, r.status, r.source, t.stub FROM once s JOIN bill_refunds r USING (merchant_id, refund_id)
		JOIN trades t ON t.merchant_id = r.merchant_id AND t.transaction_id = r.transaction_id
		WHERE s.refund_id IS NOT NULL AND s.nth = 1
	), rates AS (
		SELECT t.merchant_id, t.transaction_id, s.fee - (s.settlement_total * s.rate + 5000) / 10000 AS fee
		FROM orders s JOIN trades t USING (merchant_id, transaction_id)
		WHERE s.fee <> (s.settlement_total * s.rate + 5000) / 10000 AND t.import_id = $1 AND NOT ` + ownRevoked + `
	), given AS (
		SELECT r.merchant_id, r.transaction_id, sum(r.settlement_refund)::bigint AS share, sum(r.fee_back)::bigint AS fee
		FROM once s JOIN bill_refunds r USING (merchant_id, refund_id)
		WHERE s.refund_id IS NOT NULL AND s.nth = 1 AND r.import_id = $1 AND r.status <> 'FAIL' AND r.source <> 'NONE' GROUP BY 1, 2
	), rounded AS (
		SELECT merchant_id, transaction_id, fee FROM rates
		UNION ALL
		SELECT merchant_id, transaction_id, ((t.settlement_total - t.given_back + g.share) * t.rate + 5000) / 10000
			- ((t.settlement_total - t.given_back) * t.rate + 5000) / 10000 - g.fee
		FROM given g JOIN trades t USING (merchant_id, transaction_id) WHERE t.due_at IS NOT NULL
	), lines AS (
		SELECT 'revoked' AS kind, count(*) AS count, sum(s.settlement_total) AS settlement, 0 AS refund, sum(s.fee) AS fee
		FROM orders s JOIN trades t USING (merchant_id, transaction_id) WHERE ($2 OR s.trade_state = 'REVOKED') AND ` + ownRevoked + `
		UNION ALL SELECT CASE WHEN status = 'FAIL' THEN 'failed' ELSE 'void' END, count(*), 0, sum(settlement_refund), sum(fee)
		FROM refunds WHERE status = 'FAIL' OR source = 'NONE' GROUP BY 1
		UNION ALL SELECT 'rounding', count(DISTINCT (merchant_id, transaction_id)), 0, 0, sum(fee) FROM rounded WHERE fee <> 0
		UNION ALL SELECT 'repeated', count(*), sum(CASE WHEN refund_id IS NULL THEN settlement_total ELSE 0 END),
			coalesce(sum(settlement_refund), 0), sum(fee) FROM once WHERE nth > 1
		UNION ALL SELECT 'waiting', count(*), 0, sum(settlement_refund), sum(fee)
		FROM refunds WHERE status NOT IN ('FAIL', 'SUCCESS', 'PROCESSING') AND source <> 'NONE'
		UNION ALL SELECT 'stub', count(*), 0, sum(settlement_refund), sum(fee) FROM refunds WHERE stub AND status <> 'FAIL'
	)
	SELECT kind, count, coalesce(settlement, 0)::bigint, coalesce(refund, 0)::bigint, coalesce(fee, 0)::bigint FROM lines WHERE count > 0`

// readLines finds what a clerk must know to get from the file's summary to the books.
func readLines(ctx context.Context, tx db.Tx, b *booking) error {
	p := &b.report
	rows, err := tx.PG().Query(ctx, fileLines, b.importID, p.KnownTrades > 0, p.KnownTrades+p.KnownRefunds > 0)
	if err != nil {
		return fmt.Errorf("lines of the file: %w", err)
	}
	p.Lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		err = row.Scan((*string)(&l.Kind), &l.Count, &l.Settlement, &l.Refund, &l.Fee)
		return l, err
	})
	if err != nil {
		return fmt.Errorf("lines of the file: %w", err)
	}
	return nil
}
