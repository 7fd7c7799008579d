package transfer

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

const columns = `merchant_id, n, amount, made_at, due_at, sent_at, tried_at, ended_at, account_id, file_id, day::text, file_line, turns,
	state, paid_from, returned_to, check_name, number, openid, masked, description, address, actor, payment_no, code, reason, name`

func scan(row pgx.CollectableRow) (p Payment, err error) {
	err = row.Scan(&p.Merchant, &p.N, &p.Amount, &p.MadeAt, &p.DueAt, &p.SentAt, &p.TriedAt, &p.EndedAt, &p.AccountID, &p.FileID, &p.Day,
		&p.FileLine, &p.Turns, &p.State, &p.PaidFrom, &p.ReturnedTo, &p.Check, &p.Number, &p.OpenID, &p.Masked, &p.Description,
		&p.Address, &p.Actor, &p.PaymentNo, &p.Code, &p.Reason, &p.name)
	return p, err
}

// Each row is looked up by all of its key, and planned at each request: by the merchant alone, as a plan kept
// from when the tables were small would have it, every one of the merchant's rows would be read.
const (
	readNext = `SELECT u.m, coalesce((SELECT max(n) FROM enterprise_payments e WHERE e.merchant_id = u.m), 0) + 1
		FROM unnest($1::bigint[]) AS u (m)`
	readTallies = `SELECT l.merchant_id, l.openid, l.day::text, l.amount, l.count, l.due_at FROM unnest($1::bigint[], $2::text[]) AS u (m, openid)
		CROSS JOIN LATERAL (SELECT * FROM enterprise_payment_limits e WHERE e.merchant_id = u.m AND e.openid = u.openid LIMIT 1) l`
	readKnown = "SELECT " + columns + ` FROM unnest($1::bigint[], $2::text[]) AS u (m, asked)
		CROSS JOIN LATERAL (SELECT * FROM enterprise_payments e WHERE e.merchant_id = u.m AND e.number = u.asked LIMIT 1) p`
)

// texts are words of merchants: their payees, or their numbers.
type texts struct {
	merchants []int64
	words     []string
}

func (t *texts) add(m int64, word string) {
	t.merchants, t.words = append(t.merchants, m), append(t.words, word)
}

// standing reads, in one round trip, the next counts of merchants, what the limits counted so far of them and
// of payees, and the payments that stand under numbers already. Whoever asks holds the merchants.
func standing(ctx context.Context, tx db.Tx, merchants []int64, payees, numbers texts) (map[int64]*stood, error) {
	all := make(map[int64]*stood, len(merchants))
	for _, m := range merchants {
		all[m] = &stood{tallies: map[string]tally{}, known: map[string]Payment{}}
		payees.add(m, "")
	}
	var b pgx.Batch
	b.Queue("SET LOCAL plan_cache_mode = force_custom_plan")
	var m, next int64
	b.Queue(readNext, merchants).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&m, &next}, func() error { all[m].next = next; return nil })
		return err
	})
	var openid string
	var t tally
	b.Queue(readTallies, payees.merchants, payees.words).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&m, &openid, &t.Day, &t.Amount, &t.Count, &t.DueAt}, func() error { all[m].tallies[openid] = t; return nil })
		return err
	})
	b.Queue(readKnown, numbers.merchants, numbers.words).Query(func(rows pgx.Rows) error {
		known, err := pgx.CollectRows(rows, scan)
		for _, p := range known {
			all[p.Merchant].known[p.Number] = p
		}
		return err
	})
	if err := tx.PG().SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("payments of %v: %w", merchants, err)
	}
	return all, nil
}

// insertPayments writes new payments by one statement.
func insertPayments(ctx context.Context, tx db.Tx, all []Payment) error {
	_, err := tx.PG().CopyFrom(ctx, pgx.Identifier{"enterprise_payments"},
		[]string{"merchant_id", "n", "amount", "made_at", "due_at", "account_id", "file_id", "day", "file_line", "state", "paid_from", "check_name",
			"number", "openid", "masked", "description", "address", "actor", "name"},
		pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
			p := all[i]
			name := p.name
			if name == nil {
				name = []byte{}
			}
			return []any{p.Merchant, p.N, p.Amount, p.MadeAt, p.DueAt, p.AccountID, p.FileID, dated(p.Day), p.FileLine, string(p.State),
				string(p.PaidFrom), string(p.Check), p.Number, p.OpenID, p.Masked, p.Description, p.Address, p.Actor, name}, nil
		}))
	if err != nil {
		return fmt.Errorf("accept payments: %w", err)
	}
	return nil
}

// dated is a day as COPY sends it: at midnight of nowhere, so that no time zone moves it.
func dated(d clock.Day) time.Time {
	t, _ := time.Parse(time.DateOnly, d.String())
	return t
}

// holdTallies holds what the limits counted of payees. Whoever changes several does so in this order, lest two
// wait for each other.
const holdTallies = `SELECT FROM enterprise_payment_limits WHERE merchant_id = $1 AND openid = ANY ($2) ORDER BY openid FOR NO KEY UPDATE`

// saveTallies writes what the limits count. The table's own rules refuse what is above a limit.
func saveTallies(ctx context.Context, tx db.Tx, houses map[int64]*house) error {
	var of texts
	var days []string
	var amounts []money.Fen
	var counts []int64
	var dues []time.Time
	for m, h := range houses {
		if h == nil {
			continue // without the product
		}
		for openid, t := range h.tallies {
			if t.touched {
				of.add(m, openid)
				days, dues = append(days, t.Day.String()), append(dues, t.DueAt)
				amounts, counts = append(amounts, t.Amount), append(counts, t.Count)
			}
		}
	}
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO enterprise_payment_limits (merchant_id, openid, day, amount, count, due_at)
		SELECT u.m, u.openid, u.day::date, u.amount, u.count, u.due
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[]) AS u (m, openid, day, amount, count, due)
		ORDER BY u.m, u.openid
		ON CONFLICT (merchant_id, openid) DO UPDATE SET day = excluded.day, amount = excluded.amount, count = excluded.count, due_at = excluded.due_at`,
		of.merchants, of.words, days, amounts, counts, dues)
	if err != nil {
		return fmt.Errorf("limits of payments: %w", err)
	}
	return nil
}

// counted reads what the limits counted so far of a merchant and of one payee. Nobody is held by it: what holds
// is decided when the payment is made.
func counted(ctx context.Context, q db.Querier, m int64, payee string) (stood, error) {
	s := stood{tallies: map[string]tally{}}
	rows, err := q.Query(ctx, readTallies, []int64{m, m}, []string{"", payee})
	if err != nil {
		return s, fmt.Errorf("limits of %d: %w", m, err)
	}
	var openid string
	var t tally
	_, err = pgx.ForEachRow(rows, []any{&m, &openid, &t.Day, &t.Amount, &t.Count, &t.DueAt}, func() error { s.tallies[openid] = t; return nil })
	if err != nil {
		return s, fmt.Errorf("limits of %d: %w", m, err)
	}
	return s, nil
}

// dayLeaves refuses a file whose sum is above what the merchant may still pay today.
func dayLeaves(ctx context.Context, q db.Querier, f File, now time.Time) error {
	var paid money.Fen
	err := q.QueryRow(ctx, `SELECT coalesce(sum(amount), 0)::bigint FROM enterprise_payment_limits
		WHERE merchant_id = $1 AND openid = '' AND day >= $2::text::date`, f.Merchant, clock.DayOf(now)).Scan(&paid)
	if err != nil {
		return fmt.Errorf("paid today by %d: %w", f.Merchant, err)
	}
	if paid+f.Total > DayMax {
		return ErrDay.With("Paid", paid.String())
	}
	return nil
}
