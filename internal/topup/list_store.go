package topup

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// shown is a row with its state of the moment $2.
const shown = `merchant_id, n, amount, account, CASE WHEN state = 'waiting' AND lapses_at <= $2 THEN 'lapsed' ELSE state END, reference,
	asked_by, asker_id, created_at, lapses_at, arrived_at, transfer_id, seq, transfer_no, payer_name, bank`

// List reads top-ups of the merchant, newest first. more tells whether others follow; the cursor is the
// last one's N.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, now time.Time, size int) (list []TopUp, more bool, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := q.Query(ctx, "SELECT "+shown+` FROM topups
		WHERE merchant_id = $1 AND n < $3 AND ($4 = '' OR account = $4)
			AND ($5 = '' OR $5 = CASE WHEN state = 'waiting' AND lapses_at <= $2 THEN 'lapsed' ELSE state END)
			AND ($6 = '' OR transfer_no = $6 OR n = $7)
		ORDER BY n DESC LIMIT $8`, s.Merchant(), now, before, f.Account, f.State, f.Number, count(f.Number), size+1)
	if err != nil {
		return nil, false, fmt.Errorf("top-ups: %w", err)
	}
	if list, err = pgx.CollectRows(rows, scan); err != nil {
		return nil, false, fmt.Errorf("top-ups: %w", err)
	}
	if f.Number != "" {
		list = numbered(list, f.Number)
	}
	if len(list) <= size {
		return list, false, nil
	}
	return list[:size], true, nil
}

// numbered leaves out whose count alone fits a number.
func numbered(list []TopUp, no string) (fit []TopUp) {
	for _, t := range list {
		if t.No() == no || t.TransferNo == no {
			fit = append(fit, t)
		}
	}
	return fit
}

// Look asks for the merchant's top-ups that are called so, by us or by the bank; no more than max.
func Look(r *db.Reads, s access.Scope, number string, now time.Time, max int, found *[]TopUp) {
	if s.Require(access.FundsRead) != nil {
		return
	}
	r.Ask("SELECT "+shown+" FROM topups WHERE merchant_id = $1 AND (transfer_no = $3 AND transfer_no <> '' OR n = $4) ORDER BY n DESC LIMIT $5",
		[]any{s.Merchant(), now, number, count(number), max}, func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, scan)
			*found = numbered(list, number)
			return err
		})
}

// Get reads one top-up of the merchant by its number; fault.ErrNotFound where there is none.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string, now time.Time) (TopUp, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return TopUp{}, err
	}
	t, found, err := one(q.Query(ctx, "SELECT "+shown+" FROM topups WHERE merchant_id = $1 AND n = $3", s.Merchant(), now, count(no)))
	if err == nil && (!found || t.No() != no) {
		err = fault.ErrNotFound
	}
	return t, err
}

// OfTransfer is the top-up that a transfer of the bank became, for whoever runs the simulated bank.
func OfTransfer(ctx context.Context, q db.Querier, merchant int64, transferNo string) (TopUp, error) {
	t, found, err := byTransfer(ctx, q, merchant, transferNo)
	if err == nil && !found {
		err = fault.ErrNotFound
	}
	return t, err
}
