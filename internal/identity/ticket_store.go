package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/signal"
)

// TableName names the table.
func (ticket) TableName() string { return "login_tickets" }

var forUpdate = clause.Locking{Strength: clause.LockingStrengthUpdate}

// lockTicket reads the ticket of a token and holds it. An unknown token is ErrTicketGone.
func lockTicket(ctx context.Context, tx db.Tx, tokenHash []byte) (ticket, error) {
	t, err := gorm.G[ticket](tx.Gorm(ctx), forUpdate).Where("token_hash = ?", tokenHash).Take(ctx)
	return t, missing(err, ErrTicketGone, "ticket")
}

// lockTicketID reads a ticket and holds it.
func lockTicketID(ctx context.Context, tx db.Tx, id uuid.UUID) (ticket, error) {
	t, err := gorm.G[ticket](tx.Gorm(ctx), forUpdate).Where("id = ?", id).Take(ctx)
	return t, missing(err, fault.ErrNotFound, "ticket")
}

// readTicket reads a ticket as it stands.
func readTicket(ctx context.Context, d *db.DB, id uuid.UUID) (ticket, error) {
	t, err := gorm.G[ticket](d.Gorm(ctx)).Where("id = ?", id).Take(ctx)
	return t, missing(err, fault.ErrNotFound, "ticket")
}

// named is a ticket with the name of the merchant that it leads to, where there is one.
type named struct {
	ticket
	ShortName string
}

// readTickets reads what browsers that show these tickets may know of them; unknown ones are missing.
func readTickets(ctx context.Context, q db.Querier, ids []uuid.UUID) (map[uuid.UUID]named, error) {
	rows, err := q.Query(ctx, `
		SELECT t.id, t.browser_hash, t.platform, t.purpose, t.state, t.reason, t.number, t.contested, t.expires_at,
			t.merchant_id, coalesce(m.short_name, '')
		FROM login_tickets t LEFT JOIN merchants m ON m.merchant_id = t.merchant_id WHERE t.id = ANY($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	found := make(map[uuid.UUID]named, len(ids))
	var t named
	_, err = pgx.ForEachRow(rows, []any{&t.ID, &t.BrowserHash, &t.Platform, &t.Purpose, &t.State, &t.Reason, &t.Number,
		&t.Contested, &t.ExpiresAt, &t.MerchantID, &t.ShortName}, func() error { found[t.ID] = t; return nil })
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	return found, nil
}

// latestTicket reads the youngest ticket of a browser.
func latestTicket(ctx context.Context, d *db.DB, b Browser, p Purpose) (ticket, error) {
	t, err := gorm.G[ticket](d.Gorm(ctx)).
		Where("browser_hash = ? AND purpose = ? AND platform = ?", hashed(b.Secret), p, b.Platform).
		Order("made_at DESC").Take(ctx)
	return t, missing(err, fault.ErrNotFound, "ticket")
}

func insertTicket(ctx context.Context, tx db.Tx, t ticket) error {
	if err := gorm.G[ticket](tx.Gorm(ctx)).Create(ctx, &t); err != nil {
		return fmt.Errorf("open ticket: %w", err)
	}
	return nil
}

// saveTicket keeps what a step changed, if the ticket still stands where the step began, and wakes
// the browser that waits.
func saveTicket(ctx context.Context, tx db.Tx, from State, t ticket) error {
	n, err := gorm.G[ticket](tx.Gorm(ctx)).Where("id = ? AND state = ?", t.ID, from).
		Select("state", "reason", "openid", "contested", "merchant_id", "account_id",
			"consent", "consented_at", "expires_at").
		Updates(ctx, t)
	if err != nil {
		return fmt.Errorf("save ticket: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("save ticket %s: it no longer stands at %s", t.ID, from)
	}
	return signal.Notify(ctx, tx, Topic(t.ID))
}

// waitingTickets counts what an address has open.
func waitingTickets(ctx context.Context, tx db.Tx, address string, now time.Time) (int64, error) {
	n, err := gorm.G[ticket](tx.Gorm(ctx)).
		Where("address = ? AND expires_at > ? AND state IN ('waiting', 'scanned', 'consenting')", address, now).
		Count(ctx, "*")
	if err != nil {
		return 0, fmt.Errorf("count tickets: %w", err)
	}
	return n, nil
}

// missing turns "no row" into the refusal, and names what was being read in other errors.
func missing(err, refusal error, what string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return refusal
	}
	return fmt.Errorf("read %s: %w", what, err)
}

// noRows does the same for SQL written by hand.
func noRows(err, refusal error, what string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return refusal
	}
	return fmt.Errorf("read %s: %w", what, err)
}
