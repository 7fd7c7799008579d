package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// unsealedMax is how long a row may wait for its seal before the check names it.
const unsealedMax = 10 * time.Second

// otherwiseSealedSQL finds seals that are not those their signed head tells of: rows were taken away from
// the end of a chain, and others sealed in their place.
const otherwiseSealedSQL = `
	SELECT format('merchant %s seq %s is not what was sealed there: head %s tells of another row', t.merchant_id, t.seq, h.number)
	FROM audit_heads h, unnest(h.merchants, h.seqs, h.hashes) AS t (merchant_id, seq, hash)
	LEFT JOIN audit_seals s ON s.merchant_id = t.merchant_id AND s.seq = t.seq
	WHERE s.hash IS DISTINCT FROM t.hash
	ORDER BY h.number, t.merchant_id LIMIT $1`

// withoutSealSQL finds rows that nobody is going to seal, and markers that wait too long: their row
// is gone, or no sealer is at work.
const withoutSealSQL = `
	(SELECT format('merchant %s: row %s was never sealed and does not wait for it', a.merchant_id, a.id)
	FROM audit_rows a
	WHERE NOT EXISTS (SELECT FROM audit_seals s WHERE s.merchant_id = a.merchant_id AND s.row_id = a.id)
		AND NOT EXISTS (SELECT FROM audit_queue q WHERE q.merchant_id = a.merchant_id AND q.id = a.id)
	LIMIT $1)
	UNION ALL
	(SELECT CASE WHEN a.id IS NULL THEN format('merchant %s: row %s was taken away before it was sealed', q.merchant_id, q.id)
		ELSE format('merchant %s: row %s waits for its seal since %s', q.merchant_id, q.id, a.wall_at) END
	FROM audit_queue q LEFT JOIN audit_rows a ON a.merchant_id = q.merchant_id AND a.id = q.id AND a.at = q.at
	WHERE a.id IS NULL OR a.wall_at < $2
	LIMIT $1)`

// senselessSQL finds rows no verb of ours writes: without an actor, of merchants that do not exist, or
// refused without a reason.
const senselessSQL = `
	SELECT format('merchant %s: row %s %s', a.merchant_id, a.id,
		CASE WHEN a.actor = '' THEN 'has no actor'
			WHEN a.merchant_id <> 0 AND m.merchant_id IS NULL THEN 'is of an unknown merchant'
			ELSE 'is refused without a reason' END)
	FROM audit_rows a LEFT JOIN merchants m USING (merchant_id)
	WHERE a.actor = '' OR (a.merchant_id <> 0 AND m.merchant_id IS NULL)
		OR (a.outcome = 'refused' AND a.reason = '')
	LIMIT $1`

func (c *inspection) otherwiseSealed(ctx context.Context) error {
	return c.nameAll(ctx, otherwiseSealedSQL, problemsMax)
}

func (c *inspection) withoutSeal(ctx context.Context) error {
	return c.nameAll(ctx, withoutSealSQL, problemsMax, clock.Wall().Add(-unsealedMax))
}

func (c *inspection) senseless(ctx context.Context) error {
	return c.nameAll(ctx, senselessSQL, problemsMax)
}

func (c *inspection) nameAll(ctx context.Context, sql string, args ...any) error {
	found, err := list(ctx, c.q, sql, args...)
	for _, problem := range found {
		c.name("%s", problem)
	}
	return err
}

func list(ctx context.Context, q db.Querier, sql string, args ...any) ([]string, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("audit rows: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("audit rows: %w", err)
	}
	return found, nil
}

func countRows(ctx context.Context, q db.Querier) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM audit_rows").Scan(&n); err != nil {
		return 0, fmt.Errorf("audit rows: %w", err)
	}
	return n, nil
}

// Verify counts the rows and names senseless ones, without looking at their seals. Verifier does both.
func Verify(ctx context.Context, q db.Querier) (checked int64, problems []string, err error) {
	if checked, err = countRows(ctx, q); err != nil {
		return 0, nil, err
	}
	problems, err = list(ctx, q, senselessSQL, problemsMax)
	return checked, problems, err
}
