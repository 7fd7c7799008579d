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
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
)

// Payment is a payment as pages show it.
type Payment struct {
	Number   string
	Try      int
	State    payout.State
	Amount   money.Fen
	Bank     string
	Tail     string
	Memo     string
	Reason   string
	MadeAt   time.Time
	SentAt   *time.Time
	EndedAt  *time.Time
	Returned *time.Time
}

// Shown is a line with what pages say about it.
type Shown struct {
	Line
	Reason   string     // of its newest payment
	Memo     string     // on the bank's statement
	Transfer int64      // its number in the books; 0: none
	Rest     *time.Time // nothing is paid to the settlement card before it; nil: it is
	Payments []Payment  // newest first; only on its own page
}

const shownColumns = lineColumns + `,
	coalesce(p.reason, ''), coalesce(p.memo, ''), coalesce(t.id, 0)`

const shownFrom = ` FROM (SELECT * FROM settlement_lines WHERE merchant_id = $1) l
	LEFT JOIN (SELECT number, reason, memo FROM bank_payments WHERE merchant_id = $1) p ON p.number = l.bank_no
	LEFT JOIN (SELECT id, business_key FROM transfers WHERE merchant_id = $1 AND kind = 'batch') t ON l.system = 'legacy' AND t.business_key = l.day::text`

func (s *Shown) targets() []any { return append(s.Line.targets(), &s.Reason, &s.Memo, &s.Transfer) }

// Read is one line with its payments, and how long payouts rest; none is fault.ErrNotFound.
func Read(ctx context.Context, q db.Querier, m int64, day clock.Day) (s Shown, err error) {
	targets := append(s.targets(), &s.Rest, &s.Payments)
	err = q.QueryRow(ctx, "SELECT "+shownColumns+`, (SELECT payouts_from FROM merchants WHERE merchant_id = $1),
			(SELECT json_agg(json_build_object('Number', b.number, 'Try', b.try, 'State', b.state, 'Amount', b.amount, 'Bank', b.bank, 'Tail', b.tail,
				'Memo', b.memo, 'Reason', b.reason, 'MadeAt', b.made_at, 'SentAt', b.sent_at, 'EndedAt', b.ended_at, 'Returned', b.returned_at)
				ORDER BY b.try DESC) FROM bank_payments b WHERE b.merchant_id = $1 AND b.day = $2::text::date)`+
		shownFrom+` WHERE l.day = $2::text::date`, m, day.String()).Scan(targets...)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, fault.ErrNotFound
	}
	if err != nil {
		return s, fmt.Errorf("line %s of %d: %w", day, m, err)
	}
	return s, nil
}

// list reads lines, newest first, and whether more follow.
func list(ctx context.Context, q db.Querier, m int64, f Filter) ([]Shown, bool, error) {
	rows, err := q.Query(ctx, "SELECT "+shownColumns+shownFrom+`
		WHERE ($2 = '' OR l.day >= $2::date) AND ($3 = '' OR l.day <= $3::date) AND ($4 = '' OR l.state = $4) AND ($5 = '' OR l.day < $5::date)
		ORDER BY l.day DESC LIMIT $6`,
		m, f.From.String(), f.To.String(), string(f.State), f.Before.String(), f.Limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("settlements of %d: %w", m, err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Shown, err error) { return s, row.Scan(s.targets()...) })
	return all[:min(f.Limit, len(all))], len(all) > f.Limit, err
}

// Counted is an order of a line, as its page lists it.
type Counted struct {
	TransactionID string
	OutTradeNo    string
	SuccessTime   time.Time
	Total         money.Fen // settle amount
	GivenBack     money.Fen // by now
	Charged       money.Fen // by now
}

// Orders lists the orders of a legacy line, the newest first, after the one given, and whether more follow.
func Orders(ctx context.Context, q db.Querier, m int64, day clock.Day, after Place, limit int) ([]Counted, bool, error) {
	rows, err := q.Query(ctx, `
		SELECT transaction_id, out_trade_no, success_time, settlement_total, given_back + taken_back, charged FROM trades
		WHERE merchant_id = $1 AND line_day = $2::text::date AND ($3::timestamptz IS NULL OR (success_time, transaction_id) < ($3, $4))
		ORDER BY success_time DESC, transaction_id DESC LIMIT $5`, m, day.String(), after.at(), after.No, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("orders of line %s: %w", day, err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Counted])
	return all[:min(limit, len(all))], len(all) > limit, err
}

// standing reads a merchant's terms with the progress of a cut that runs.
func standing(ctx context.Context, q db.Querier, m int64) (s Standing, err error) {
	err = q.QueryRow(ctx, `SELECT account_system, settlement_cycle, settlement_bank, settlement_account_tail, payouts_from,
			coalesce(j.done, 0), coalesce(j.total, 0)
		FROM merchants LEFT JOIN LATERAL (SELECT max(done_units) AS done, max(total_units) AS total FROM jobs
			WHERE jobs.merchant_id = $1 AND kind IN ('settlement.cut', 'settlement.due') AND state = 'open' AND total_units > 0) j ON true
		WHERE merchant_id = $1`, m).Scan(&s.System, &s.Cycle, &s.Bank, &s.Tail, &s.PayoutsFrom, &s.Done, &s.Total)
	if err != nil {
		return s, fmt.Errorf("standing of %d: %w", m, err)
	}
	return s, nil
}
