package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// textMax bounds what a browser may write into the log.
const textMax = 400

// Write adds the entry; it stands when the transaction commits.
func Write(ctx context.Context, tx db.Tx, e Entry) error {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("audit details: %w", err)
	}
	if e.Details == nil {
		details = []byte("{}")
	}
	var account *uuid.UUID
	if e.Account != uuid.Nil {
		account = &e.Account
	}
	_, err = tx.PG().Exec(ctx, `
		INSERT INTO audit_rows (merchant_id, id, at, wall_at, actor, account_id, action, object,
			outcome, reason, address, agent, session, details)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.Merchant, db.NewID(), e.At, clock.Wall(), e.Actor, account, e.Action, cut(e.Object),
		e.Outcome, e.Reason, cut(e.From.Address), cut(e.From.Agent), e.From.Session, details)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
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
