package merchant

import (
	"context"
	"fmt"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/vault"
)

// Open opens a merchant under a number nobody has; ErrTaken where somebody does.
func Open(ctx context.Context, tx db.Tx, v *vault.Vault, n New, c Changed) error {
	taken, err := Taken(ctx, tx.PG(), n.ID)
	switch {
	case err != nil:
		return err
	case taken:
		return ErrTaken
	}
	if err := Create(ctx, tx, v, n, c.At); err != nil {
		return err
	}
	return remember(ctx, tx, n.ID, c)
}

// Taken tells whether a merchant has the number.
func Taken(ctx context.Context, q db.Querier, id int64) (taken bool, err error) {
	err = q.QueryRow(ctx, "SELECT EXISTS (SELECT FROM merchants WHERE merchant_id = $1)", id).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("merchant %d: %w", id, err)
	}
	return taken, nil
}

// NextID proposes the number after the highest one.
func NextID(ctx context.Context, q db.Querier) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT least(greatest(max(merchant_id), $1) + 1, 9999999999) FROM merchants", firstID).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("next merchant number: %w", err)
	}
	return id, nil
}

// firstID stands before the first number that is proposed.
const firstID = 1_900_000_000

// Set suspends or resumes a merchant. It refuses with ErrState where it stands so already.
func Set(ctx context.Context, tx db.Tx, id int64, c Changed) error {
	state, from := "suspended", "active"
	if c.Change == Resumed {
		state, from = from, state
	}
	tag, err := tx.PG().Exec(ctx, `
		UPDATE merchants SET state = $2 WHERE merchant_id = $1 AND merchant_id <> 0 AND state = $3`, id, state, from)
	if err != nil {
		return fmt.Errorf("state of merchant %d: %w", id, err)
	}
	if tag.RowsAffected() == 1 {
		return remember(ctx, tx, id, c)
	}
	if _, err := Get(ctx, tx.PG(), id); err != nil {
		return err
	}
	return ErrState
}

func remember(ctx context.Context, tx db.Tx, id int64, c Changed) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO merchant_states (merchant_id, id, change, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, db.NewID(), c.Change, c.Reason, c.Actor, c.At)
	if err != nil {
		return fmt.Errorf("changes of merchant %d: %w", id, err)
	}
	return nil
}

// CheckParent refuses a provider that a sub-merchant cannot be opened under.
func CheckParent(ctx context.Context, q db.Querier, id int64) error {
	var fits bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM merchants
		WHERE merchant_id = $1 AND kind = 'service_provider' AND state = 'active')`, id).Scan(&fits)
	if err != nil {
		return fmt.Errorf("service provider %d: %w", id, err)
	}
	if !fits {
		return fault.New("merchant.no_provider").On("parent_mchid")
	}
	return nil
}
