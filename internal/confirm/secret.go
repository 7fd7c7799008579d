package confirm

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// Secret gives what is shown once to the desktop that asked, and lets go of it. A second time is
// fault.ErrNotFound.
func (d *Desk) Secret(ctx context.Context, s access.Scope, session, id uuid.UUID) (Line, error) {
	return d.reveal(ctx, s, id, func(_ db.Tx, c confirmation) error {
		if !c.shownTo(s, session) {
			return fault.ErrNotFound
		}
		return nil
	})
}

// ApprovedSecret is the same where a second person was asked: until the answer came the desktop may have
// been closed, so any session of the asker's account may fetch it.
func (d *Desk) ApprovedSecret(ctx context.Context, s access.Scope, id uuid.UUID) (Line, error) {
	return d.reveal(ctx, s, id, func(tx db.Tx, c confirmation) error {
		if c.AccountID != s.Actor().Account {
			return fault.ErrNotFound
		}
		_, err := readApproval(ctx, tx, c.MerchantID, c.ID)
		return err
	})
}

func (d *Desk) reveal(ctx context.Context, s access.Scope, id uuid.UUID, may func(db.Tx, confirmation) error) (line Line, err error) {
	err = d.db.InTx(ctx, func(tx db.Tx) error {
		c, err := lockConfirmation(ctx, tx, s.Merchant(), id)
		if err != nil {
			return err
		}
		if err := may(tx, c); err != nil {
			return err
		}
		if len(c.Secret) == 0 {
			return fault.ErrNotFound
		}
		text, err := d.vault.Reveal(c.at("secret"), c.Secret)
		if err != nil {
			return fmt.Errorf("secret of confirmation %s: %w", id, err)
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			return fmt.Errorf("secret of confirmation %s: %w", id, err)
		}
		return firstOf(dropSecret(ctx, tx, c), d.trail(ctx, tx, c.entry("confirm.secret", actor(s.Actor())), nil))
	})
	return line, err
}
