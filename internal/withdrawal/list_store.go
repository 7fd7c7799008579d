package withdrawal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
)

func list(ctx context.Context, q db.Querier, m int64, f Filter, size int) ([]Withdrawal, bool, error) {
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := q.Query(ctx, "SELECT "+columns+` FROM withdrawals w
		WHERE merchant_id = $1 AND n < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR out_request_no = $4 OR n = $5) AND ($6 = '' OR account = $6)
			AND ($7 = '' OR kind = $7) AND ($8 = '' OR day >= $8::text::date) AND ($9 = '' OR day <= $9::text::date)
		ORDER BY n DESC LIMIT $10`, m, before, string(f.State), f.No, count(f.No), string(f.Account), string(f.Kind), f.From.String(), f.To.String(), size+1)
	if err != nil {
		return nil, false, fmt.Errorf("withdrawals of %d: %w", m, err)
	}
	all, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, false, fmt.Errorf("withdrawals of %d: %w", m, err)
	}
	if f.No != "" {
		all = numbered(all, f.No)
	}
	return all[:min(size, len(all))], len(all) > size, nil
}

// numbered leaves out whose count alone fits a number.
func numbered(all []Withdrawal, no string) (fit []Withdrawal) {
	for _, w := range all {
		if w.No() == no || w.RequestNo == no {
			fit = append(fit, w)
		}
	}
	return fit
}

func get(ctx context.Context, q db.Querier, m int64, no string) (s Shown, err error) {
	var state *string
	var out, back *time.Time
	var outSeq, backSeq int64
	targets := append(s.targets(), &s.Bank, &s.Tail, &s.SentAt, &s.EndedAt, &s.BackAt, &state, &s.Rest, &out, &outSeq, &back, &backSeq)
	err = q.QueryRow(ctx, "SELECT "+columns+`, coalesce(nullif(p.bank, ''), h.settlement_bank), coalesce(nullif(p.tail, ''), h.settlement_account_tail),
			p.sent_at, p.ended_at, p.returned_at, p.state, h.payouts_from,
			t.booked_at, coalesce(t.seqs[array_position(t.accounts, w.account)], 0), b.booked_at, coalesce(b.seqs[array_position(b.accounts, w.returned_to)], 0)
		FROM withdrawals w JOIN merchants h USING (merchant_id)
		LEFT JOIN bank_payments p ON p.merchant_id = w.merchant_id AND p.number = $3
		LEFT JOIN transfers t ON t.merchant_id = w.merchant_id AND t.kind = 'withdrawal' AND t.business_key = $4
		LEFT JOIN transfers b ON b.merchant_id = w.merchant_id AND b.kind IN ('withdrawal.failed', 'withdrawal.returned') AND b.business_key = $4
		WHERE w.merchant_id = $1 AND w.n = $2`, m, count(no), bankMark+no, no).Scan(targets...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && s.No() != no {
		return Shown{}, fault.ErrNotFound
	}
	if err != nil {
		return s, fmt.Errorf("withdrawal %s: %w", no, err)
	}
	s.Waiting = state != nil && *state == "waiting"
	if out != nil {
		s.FlowNo = ledger.FlowNo(m, s.Account, clock.DayOf(*out), outSeq)
	}
	if back != nil {
		s.BackNo = ledger.FlowNo(m, s.ReturnedTo, clock.DayOf(*back), backSeq)
	}
	return s, nil
}

// prepare reads the accounts that can be withdrawn from, and the card in use with its rest.
func prepare(ctx context.Context, q db.Querier, m int64) (all []Source, bank, tail string, rest *time.Time, err error) {
	rows, err := q.Query(ctx, `SELECT a.account, a.balance, h.settlement_bank, h.settlement_account_tail, h.payouts_from
		FROM accounts a JOIN merchants h USING (merchant_id)
		WHERE a.merchant_id = $1 AND a.closed_at IS NULL AND a.account = ANY ($2) ORDER BY array_position($2, a.account)`, m, accountTexts())
	if err != nil {
		return nil, "", "", nil, fmt.Errorf("accounts of %d: %w", m, err)
	}
	var s Source
	_, err = pgx.ForEachRow(rows, []any{&s.Account, &s.Balance, &bank, &tail, &rest}, func() error { all = append(all, s); return nil })
	return all, bank, tail, rest, err
}

func accountTexts() []string {
	all := make([]string, len(Accounts))
	for i, a := range Accounts {
		all[i] = string(a)
	}
	return all
}
