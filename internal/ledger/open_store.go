package ledger

import (
	"context"
	"fmt"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/merchant"
)

// OpenBooks opens a merchant's books with the accounts its account system has. Doing it again changes nothing.
func OpenBooks(ctx context.Context, tx db.Tx, m int64, system merchant.System, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO books (merchant_id, booked_at, closed) VALUES ($1, $2, $3::date) ON CONFLICT DO NOTHING`,
		m, at, string(clock.DayOf(at).Add(-1)))
	if err != nil {
		return fmt.Errorf("open books of %d: %w", m, err)
	}
	first := Basic
	if system == merchant.Legacy {
		first = Available
	}
	for _, a := range []Account{Unsettled, first} {
		if err := OpenAccount(ctx, tx, m, a, at); err != nil {
			return err
		}
	}
	return nil
}

// OpenAccount opens one account of a merchant, after all that is booked already. Doing it again changes nothing.
func OpenAccount(ctx context.Context, tx db.Tx, m int64, a Account, at time.Time) error {
	hash := genesis(m, a)
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO accounts (merchant_id, account, hash, opened_at)
		VALUES ($1, $2, $3, greatest($4::timestamptz, (SELECT booked_at FROM books WHERE merchant_id = $1))) ON CONFLICT DO NOTHING`,
		m, string(a), hash[:], at)
	if err != nil {
		return fmt.Errorf("open account %s of %d: %w", a, m, err)
	}
	return nil
}

// CloseAccount closes an account for ever: its lines stay, nothing comes or goes any more. The database
// refuses while it holds money. Doing it again changes nothing.
func CloseAccount(ctx context.Context, tx db.Tx, m int64, a Account, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `UPDATE accounts SET closed_at = $3 WHERE merchant_id = $1 AND account = $2 AND closed_at IS NULL`,
		m, string(a), at)
	if err != nil {
		return fmt.Errorf("close account %s of %d: %w", a, m, err)
	}
	return nil
}

// Home is where money goes that comes back to an account it was paid from: there, or to BASIC where that
// account was closed since. Inside a transaction that holds the merchant it stays so.
func Home(ctx context.Context, tx db.Tx, m int64, paid Account) (Account, error) {
	open, err := Balances(ctx, tx.PG(), m)
	if err != nil {
		return "", err
	}
	if _, ok := open[paid]; ok {
		return paid, nil
	}
	return Basic, nil
}
