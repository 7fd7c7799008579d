package settlement

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

const lineColumns = `l.day::text, l.system, l.state, l.count, l.gross, l.refunds, l.taken, l.fee, l.carried_pool, l.carried_fee, l.net,
	l.begun_at, l.cut_at, coalesce(l.cut_day::text, ''), coalesce(l.pay_day::text, ''), coalesce(l.into_day::text, ''), l.batch_no, l.bank_no`

func (l *Line) targets() []any {
	return []any{&l.Day, &l.System, &l.State, &l.Count, &l.Gross, &l.Refunds, &l.Taken, &l.Fee, &l.CarriedPool, &l.CarriedFee, &l.Net,
		&l.BegunAt, &l.CutAt, &l.CutDay, &l.PayDay, &l.IntoDay, &l.BatchNo, &l.BankNo}
}

func scanLine(row pgx.CollectableRow) (l Line, err error) { return l, row.Scan(l.targets()...) }

func systemOf(ctx context.Context, q db.Querier, m int64) (merchant.System, error) {
	who, err := merchant.Get(ctx, q, m)
	return who.System, err
}

// addSettled counts orders of an upgraded merchant in the day on which they went to BASIC.
func addSettled(ctx context.Context, tx db.Tx, m int64, day clock.Day, s sums, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO settlement_lines AS l (merchant_id, day, system, state, count, gross, refunds, fee, net, begun_at)
		VALUES ($1, $2::text::date, 'upgraded', 'settled', $3, $4::bigint, $5::bigint, $6::bigint, $4::bigint - $5::bigint - $6::bigint, $7)
		ON CONFLICT (merchant_id, day) DO UPDATE SET count = l.count + $3, gross = l.gross + $4, refunds = l.refunds + $5,
			fee = l.fee + $6, net = l.net + $4::bigint - $5::bigint - $6::bigint`,
		m, day.String(), s.count, int64(s.gross), int64(s.refunds), int64(s.fees), at)
	if err != nil {
		return fmt.Errorf("day %s of %d: %w", day, m, err)
	}
	return nil
}

// closedOf lists those of the days whose lines take no more orders.
func closedOf(ctx context.Context, tx db.Tx, m int64, days []string) (map[clock.Day]bool, error) {
	rows, err := tx.PG().Query(ctx, `SELECT day::text FROM settlement_lines
		WHERE merchant_id = $1 AND day = ANY ($2::text[]::date[]) AND state <> 'cutting'`, m, days)
	if err != nil {
		return nil, fmt.Errorf("closed days of %d: %w", m, err)
	}
	closed := map[clock.Day]bool{}
	var day string
	_, err = pgx.ForEachRow(rows, []any{&day}, func() error { closed[clock.Day(day)] = true; return nil })
	return closed, err
}

// addCutting counts orders into a line that is being cut; the first opens it.
func addCutting(ctx context.Context, tx db.Tx, m int64, day clock.Day, s sums, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO settlement_lines AS l (merchant_id, day, system, state, count, gross, refunds, fee, begun_at)
		VALUES ($1, $2::text::date, 'legacy', 'cutting', $3, $4, $5, $6, $7)
		ON CONFLICT (merchant_id, day) DO UPDATE SET count = l.count + $3, gross = l.gross + $4, refunds = l.refunds + $5, fee = l.fee + $6`,
		m, day.String(), s.count, int64(s.gross), int64(s.refunds), int64(s.fees), at)
	if err != nil {
		return fmt.Errorf("cut %s of %d: %w", day, m, err)
	}
	return nil
}

// openLines locks the lines that are being cut, and those that wait to be carried on.
func openLines(ctx context.Context, tx db.Tx, m int64) (cutting, carried []Line, err error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+lineColumns+` FROM settlement_lines l
		WHERE merchant_id = $1 AND (state = 'cutting' OR (state = 'carried' AND into_day IS NULL)) ORDER BY day FOR UPDATE`, m)
	if err != nil {
		return nil, nil, fmt.Errorf("open lines of %d: %w", m, err)
	}
	all, err := pgx.CollectRows(rows, scanLine)
	for _, l := range all {
		if l.State == Cutting {
			cutting = append(cutting, l)
		} else {
			carried = append(carried, l)
		}
	}
	return cutting, carried, err
}

// lockLine reads one line for a change; none is fault.ErrNotFound.
func lockLine(ctx context.Context, tx db.Tx, m int64, day clock.Day) (l Line, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT "+lineColumns+` FROM settlement_lines l
		WHERE merchant_id = $1 AND day = $2::text::date FOR UPDATE`, m, day.String()).Scan(l.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, fault.ErrNotFound
	}
	if err != nil {
		return l, fmt.Errorf("line %s of %d: %w", day, m, err)
	}
	return l, nil
}

// saveCut writes a line as it was cut.
func saveCut(ctx context.Context, tx db.Tx, m int64, l Line, at time.Time) error {
	_, err := tx.PG().Exec(ctx, `
		UPDATE settlement_lines SET state = $3, taken = $4, carried_pool = $5, carried_fee = $6, net = $7, cut_at = $8,
			cut_day = $9::text::date, pay_day = nullif($10, '')::date, into_day = nullif($11, '')::date, batch_no = $12, bank_no = $13
		WHERE merchant_id = $1 AND day = $2::text::date AND state = 'cutting'`,
		m, l.Day.String(), l.State, int64(l.Taken), int64(l.CarriedPool), int64(l.CarriedFee), int64(l.Net), at,
		l.CutDay.String(), l.PayDay.String(), l.IntoDay.String(), l.BatchNo, l.BankNo)
	if err != nil {
		return fmt.Errorf("save line %s of %d: %w", l.Day, m, err)
	}
	return nil
}

// carryInto says into which line one goes that waited to be carried.
func carryInto(ctx context.Context, tx db.Tx, m int64, l Line) error {
	_, err := tx.PG().Exec(ctx, `UPDATE settlement_lines SET into_day = $3::text::date
		WHERE merchant_id = $1 AND day = $2::text::date AND state = 'carried' AND into_day IS NULL`, m, l.Day.String(), l.IntoDay.String())
	if err != nil {
		return fmt.Errorf("carry line %s of %d into %s: %w", l.Day, m, l.IntoDay, err)
	}
	return nil
}

// moveLine writes where a line stands at the bank.
func moveLine(ctx context.Context, tx db.Tx, m int64, l Line) error {
	_, err := tx.PG().Exec(ctx, `UPDATE settlement_lines SET state = $3, bank_no = $4, pay_day = nullif($5, '')::date
		WHERE merchant_id = $1 AND day = $2::text::date`, m, l.Day.String(), l.State, l.BankNo, l.PayDay.String())
	if err != nil {
		return fmt.Errorf("move line %s of %d: %w", l.Day, m, err)
	}
	return nil
}

// linesIn lists a merchant's lines that stand in one of the states, oldest first, for a change.
func linesIn(ctx context.Context, tx db.Tx, m int64, states ...State) ([]Line, error) {
	rows, err := tx.PG().Query(ctx, "SELECT "+lineColumns+` FROM settlement_lines l
		WHERE merchant_id = $1 AND state = ANY ($2) ORDER BY day FOR UPDATE`, m, states)
	if err != nil {
		return nil, fmt.Errorf("lines of %d: %w", m, err)
	}
	return pgx.CollectRows(rows, scanLine)
}

// Running tells whether a merchant's lines are being cut right now.
func Running(ctx context.Context, q db.Querier, m int64) (running bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM settlement_lines WHERE merchant_id = $1 AND state = 'cutting')`, m).Scan(&running)
	if err != nil {
		return false, fmt.Errorf("cut of %d: %w", m, err)
	}
	return running, nil
}

// nextTry counts the payments that a line has had.
func nextTry(ctx context.Context, tx db.Tx, m int64, day clock.Day) (try int, err error) {
	err = tx.PG().QueryRow(ctx, `SELECT coalesce(max(try), 0) + 1 FROM bank_payments WHERE merchant_id = $1 AND day = $2::text::date`,
		m, day.String()).Scan(&try)
	if err != nil {
		return 0, fmt.Errorf("tries of %s: %w", day, err)
	}
	return try, nil
}
