package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/signal"
)

// textMax bounds what a browser may write into the log.
const textMax = 400

// Write adds the entries; they stand when the transaction commits, and are sealed soon after. Entries that
// do not say where they came from get the place of ctx (Came).
func Write(ctx context.Context, tx db.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	for _, e := range entries {
		if err := e.placed(ctx).queue(b); err != nil {
			return err
		}
	}
	if err := tx.PG().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return signal.Notify(ctx, tx, TopicWritten)
}

// queue puts the row and its marker for the sealer into the batch.
func (e Entry) queue(b *pgx.Batch) error {
	if e.Actor == "" || (e.Outcome == Refused) != (e.Reason != "") {
		return fmt.Errorf("audit: %s of %q is %s because of %q, which explains nothing", e.Action, e.Actor, e.Outcome, e.Reason)
	}
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("audit details: %w", err)
	}
	if e.Details == nil {
		details = []byte("{}")
	}
	id := db.NewID()
	b.Queue(`
		INSERT INTO audit_rows (merchant_id, id, at, wall_at, actor, account_id, action, object,
			outcome, reason, address, agent, session, confirmation, details)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		e.Merchant, id, e.At, clock.Wall(), e.Actor, known(e.Account), e.Action, cut(e.Object), e.Outcome, e.Reason,
		cut(e.From.Address), cut(e.From.Agent), e.From.Session, known(e.Confirmation), details)
	b.Queue("INSERT INTO audit_queue (merchant_id, id, at) VALUES ($1, $2, $3)", e.Merchant, id, e.At)
	return nil
}

// known is the id, or NULL for none.
func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// cut bounds a text without breaking a character, and drops what PostgreSQL cannot hold.
func cut(s string) string {
	r := make([]rune, 0, min(len(s), textMax))
	for _, c := range s {
		if c != 0 && c != '\uFFFD' && len(r) < textMax {
			r = append(r, c)
		}
	}
	return string(r)
}
