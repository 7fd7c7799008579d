package transfer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// List reads payments of the merchant, newest first. more tells whether others follow; the cursor is the last
// one's N.
func List(ctx context.Context, q db.Querier, s access.Scope, f Filter, size int) (list []Payment, more bool, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := q.Query(ctx, "SELECT "+columns+` FROM enterprise_payments
		WHERE merchant_id = $1 AND n < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR number = $4 OR payment_no = $4 OR n = $5)
			AND ($6 = '' OR openid = $6) AND ($7 = '' OR day >= $7::text::date) AND ($8 = '' OR day <= $8::text::date)
		ORDER BY n DESC LIMIT $9`, s.Merchant(), before, f.State, f.No, count(f.No), f.OpenID, f.From, f.To, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("payments: %w", err)
	}
	if list, err = pgx.CollectRows(rows, scan); err != nil {
		return nil, false, fmt.Errorf("payments: %w", err)
	}
	if f.No != "" {
		list = numbered(list, f.No)
	}
	if len(list) <= size {
		return list, false, nil
	}
	return list[:size], true, nil
}

// numbered leaves out whose count alone fits a number.
func numbered(list []Payment, no string) (fit []Payment) {
	for _, p := range list {
		if p.No() == no || p.Number == no || p.PaymentNo == no {
			fit = append(fit, p)
		}
	}
	return fit
}

// Look asks for the merchant's payment that is called so, by the merchant or by us.
func Look(r *db.Reads, s access.Scope, number string, found *[]Payment) {
	if s.Require(access.FundsRead) != nil {
		return
	}
	r.Ask("SELECT "+columns+" FROM enterprise_payments WHERE merchant_id = $1 AND (number = $2 OR n = $3)",
		[]any{s.Merchant(), number, count(number)}, func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, scan)
			*found = numbered(list, number)
			return err
		})
}

// Booked are the places of a payment's lines in the books.
type Booked struct{ FlowNo, BackNo string }

// Get reads one payment of the merchant by its number, with its lines of the books; fault.ErrNotFound where
// there is none.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string) (Payment, Booked, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return Payment{}, Booked{}, err
	}
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM enterprise_payments WHERE merchant_id = $1 AND n = $2", s.Merchant(), count(no))
	if err != nil {
		return Payment{}, Booked{}, fmt.Errorf("payment: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && p.No() != no {
		return Payment{}, Booked{}, fault.ErrNotFound
	}
	if err != nil {
		return Payment{}, Booked{}, fmt.Errorf("payment: %w", err)
	}
	b, err := places(ctx, q, p)
	return p, b, err
}

// places finds a payment's lines.
func places(ctx context.Context, q db.Querier, p Payment) (b Booked, err error) {
	rows, err := q.Query(ctx, `SELECT kind, booked_at, coalesce(seqs[array_position(accounts, CASE kind WHEN $2 THEN $3 ELSE $4 END)], 0)
		FROM transfers WHERE merchant_id = $1 AND kind IN ($2, $5) AND business_key = $6`,
		p.Merchant, KindAccepted, p.PaidFrom, p.ReturnedTo, KindReturned, p.No())
	if err != nil {
		return b, fmt.Errorf("lines of payment %s: %w", p.No(), err)
	}
	var kind ledger.Kind
	var at time.Time
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&kind, &at, &seq}, func() error {
		if kind == KindAccepted {
			b.FlowNo = ledger.FlowNo(p.Merchant, p.PaidFrom, clock.DayOf(at), seq)
		} else {
			b.BackNo = ledger.FlowNo(p.Merchant, p.ReturnedTo, clock.DayOf(at), seq)
		}
		return nil
	})
	return b, err
}

// Standing is how a merchant stands to pay: for pages. What really pays is decided when it does.
type Standing struct {
	Open    bool           // the product
	Account ledger.Account // that would pay now
	Balance money.Fen
	Paid    money.Fen // today
}

// Stand reads it.
func Stand(ctx context.Context, q db.Querier, s access.Scope, at time.Time) (st Standing, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return st, err
	}
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM product_openings WHERE merchant_id = $1 AND code = $2 AND state = 'open'), account, balance,
			coalesce((SELECT amount FROM enterprise_payment_limits WHERE merchant_id = $1 AND openid = '' AND day >= $3::text::date), 0)
		FROM accounts WHERE merchant_id = $1 AND closed_at IS NULL AND account IN ('OPERATION', 'BASIC', 'AVAILABLE')
		ORDER BY array_position(ARRAY['OPERATION', 'BASIC', 'AVAILABLE'], account) LIMIT 1`, s.Merchant(), Code, clock.DayOf(at)).Scan(
		&st.Open, &st.Account, &st.Balance, &st.Paid)
	if errors.Is(err, pgx.ErrNoRows) {
		return st, nil
	}
	if err != nil {
		return st, fmt.Errorf("how %d stands to pay: %w", s.Merchant(), err)
	}
	return st, nil
}

// Short is what the account lacks for an amount; nothing when it covers it.
func (s Standing) Short(amount money.Fen) money.Fen { return max(amount-s.Balance, 0) }

// Payee is somebody who was paid before.
type Payee struct {
	OpenID string
	Masked string
	At     time.Time
}

// payeesShown is how many payees a form proposes.
const payeesShown = 8

// Payees lists whom the merchant paid lately, the newest first.
func Payees(ctx context.Context, q db.Querier, s access.Scope) ([]Payee, error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `SELECT openid, coalesce((SELECT masked FROM enterprise_payments p WHERE p.merchant_id = l.merchant_id AND p.openid = l.openid
			ORDER BY n DESC LIMIT 1), ''), due_at
		FROM enterprise_payment_limits l WHERE merchant_id = $1 AND openid <> '' ORDER BY due_at DESC, openid LIMIT $2`, s.Merchant(), payeesShown)
	if err != nil {
		return nil, fmt.Errorf("payees: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Payee])
}

// Files lists the merchant's newest files.
func Files(ctx context.Context, q db.Querier, s access.Scope, before uuid.UUID, size int) (list []File, more bool, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	rows, err := q.Query(ctx, "SELECT "+fileColumns+` FROM payment_files
		WHERE merchant_id = $1 AND ($2 = '00000000-0000-0000-0000-000000000000'::uuid OR (uploaded_at, id) <
			(SELECT uploaded_at, id FROM payment_files WHERE merchant_id = $1 AND id = $2))
		ORDER BY uploaded_at DESC, id DESC LIMIT $3`, s.Merchant(), before, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("files of payments: %w", err)
	}
	if list, err = pgx.CollectRows(rows, scanFile); err != nil || len(list) <= size {
		return list, false, err
	}
	return list[:size], true, nil
}

// GetFile reads one file with the sums of its payments.
func GetFile(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID) (f File, sums FileSums, err error) {
	if err = s.Require(access.FundsRead); err != nil {
		return f, sums, err
	}
	if f, err = getFile(ctx, q, s.Merchant(), id); err != nil {
		return f, sums, err
	}
	sums, err = fileSums(ctx, q, f)
	return f, sums, err
}

// FileRows reads rows of a file with what they became, after a line; faultyOnly leaves out those without a fault.
func FileRows(ctx context.Context, q db.Querier, s access.Scope, id uuid.UUID, after int32, faultyOnly bool, size int) (list []Row, more bool, err error) {
	if err := s.Require(access.FundsRead); err != nil {
		return nil, false, err
	}
	rows, err := q.Query(ctx, "SELECT "+rowColumns+`, coalesce(p.day::text, ''), coalesce(p.state, ''), coalesce(p.number, ''), coalesce(p.payment_no, ''),
			coalesce(p.code, ''), coalesce(p.reason, ''), p.ended_at
		FROM payment_file_rows r LEFT JOIN enterprise_payments p ON p.merchant_id = r.merchant_id AND p.n = r.n
		WHERE r.merchant_id = $1 AND r.file_id = $2 AND r.line > $3 AND (NOT $4 OR r.faults <> '[]'::jsonb) ORDER BY r.line LIMIT $5`,
		s.Merchant(), id, after, faultyOnly, size+1)
	if err != nil {
		return nil, false, fmt.Errorf("rows of payments: %w", err)
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) { return scanResult(row, s.Merchant()) })
	if err != nil || len(list) <= size {
		return list, false, err
	}
	return list[:size], true, nil
}

func scanResult(row pgx.CollectableRow, m int64) (r Row, err error) {
	var faults []byte
	p := Payment{Merchant: m}
	err = row.Scan(&r.Line, &r.Number, &r.OpenID, &r.Masked, &r.Amount, &r.Typed, &r.Description, &r.Decided, &faults, &r.N, &r.name,
		&p.Day, &p.State, &p.Number, &p.PaymentNo, &p.Code, &p.Reason, &p.EndedAt)
	if err != nil {
		return r, err
	}
	if r.N != nil {
		p.N, r.Payment = *r.N, &p
	}
	r.Faults, err = readFaults(faults)
	return r, err
}
