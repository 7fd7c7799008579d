package confirm

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/db"
)

// How long things are kept after their end: what was typed and what was never fetched; what never ran.
const (
	formsKept  = 24 * time.Hour
	endedKept  = 30 * 24 * time.Hour
	sweepBatch = 10_000
)

// Sweep lets go of typed forms and secrets a day after their end, and of what never ran after a month;
// the audit log keeps that it was asked.
func (d *Desk) Sweep(ctx context.Context) error {
	now := d.clock.Now()
	return d.db.InTx(ctx, func(tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, `UPDATE confirmations SET form = '', secret = ''
			WHERE (merchant_id, id) IN (SELECT merchant_id, id FROM confirmations
				WHERE ended_at < $1 AND (form <> '' OR secret <> '') LIMIT $2)`, now.Add(-formsKept), sweepBatch)
		if err != nil {
			return fmt.Errorf("sweep forms: %w", err)
		}
		_, err = tx.PG().Exec(ctx, `DELETE FROM confirmations WHERE (merchant_id, id) IN (
			SELECT c.merchant_id, c.id FROM confirmations c
			WHERE c.state <> 'done' AND c.ended_at < $1 AND NOT EXISTS (SELECT FROM approvals p
				WHERE p.merchant_id = c.merchant_id AND p.id = c.id) LIMIT $2)`, now.Add(-endedKept), sweepBatch)
		if err != nil {
			return fmt.Errorf("sweep confirmations: %w", err)
		}
		return nil
	})
}
