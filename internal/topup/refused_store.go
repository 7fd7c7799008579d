package topup

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Refused is money that came and could not be booked.
type Refused struct {
	Merchant   int64     // as the bank named it; it may be nobody's
	Amount     money.Fen // as the bank told it last, like the rest
	AtFirst    money.Fen // what it said at first
	Tries      int64
	FirstAt    time.Time
	LastAt     time.Time
	SettledAt  *time.Time // it was booked later
	TransferNo string
	Account    string
	Reference  string
	PayerName  string
	Bank       string
	Reason     string // fault code
}

// keepRefused remembers what could not be booked, outside of the transaction that refused it: as the bank
// told it last, with the amount it told first. What is refused again is to be looked into again.
func (d Deps) keepRefused(ctx context.Context, merchant int64, a Arrival, reason string) error {
	_, err := d.DB.PG().Exec(ctx, `
		INSERT INTO topup_refusals (merchant_id, amount, first_amount, first_at, last_at, transfer_no, account, reference, payer_name, bank, reason)
		VALUES ($1, $2, $2, $3, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (merchant_id, transfer_no) DO UPDATE SET tries = topup_refusals.tries + 1, last_at = excluded.last_at,
			amount = excluded.amount, account = excluded.account, reference = excluded.reference, payer_name = excluded.payer_name,
			bank = excluded.bank, reason = excluded.reason, settled_at = NULL`,
		merchant, a.Amount, d.Clock.Now(), a.TransferNo, a.Account, a.Reference, a.PayerName, a.Bank, reason)
	if err != nil {
		return fmt.Errorf("keep refused transfer %s: %w", a.TransferNo, err)
	}
	return nil
}

// RefusedPlace is where a page of refused transfers begins; the zero value is the newest.
type RefusedPlace struct {
	At         time.Time
	Merchant   int64
	TransferNo string
}

// Refusals lists money that came and could not be booked, newest first, after a place.
func Refusals(ctx context.Context, q db.Querier, p access.Platform, after RefusedPlace, size int) (list []Refused, more bool, err error) {
	if err := p.Require(access.OpsBooksRead); err != nil {
		return nil, false, err
	}
	rows, err := q.Query(ctx, `
		SELECT merchant_id, amount, first_amount, tries, first_at, last_at, settled_at, transfer_no, account, reference, payer_name, bank, reason
		FROM topup_refusals
		WHERE $1::timestamptz IS NULL OR first_at < $1 OR first_at = $1 AND (merchant_id, transfer_no) > ($2, $3)
		ORDER BY first_at DESC, merchant_id, transfer_no LIMIT $4`, moment(after.At), after.Merchant, after.TransferNo, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("refused transfers: %w", err)
	}
	list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Refused])
	if err != nil || len(list) <= size {
		return list, false, err
	}
	return list[:size], true, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
