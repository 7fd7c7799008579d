package limit

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Posting is the yardstick for the books: transfers from CHANNEL to UNSETTLED, written by hand as one SQL
// function that knows nothing but this one event. It writes the same rows as the ledger: transfers, entries,
// balances, daily sums, the merchant's counter, and a hash for each entry, though not a chain. It refuses
// nothing: it trusts that keys are new and money is there.
type Posting struct {
	pool  *pgxpool.Pool
	call  string
	queue chan asked
}

type asked struct {
	merchant int64
	key      string
	amount   int64
	done     chan error
}

// postingSQL makes the function. All arrays are of one length, a transfer an element.
const postingSQL = `
CREATE OR REPLACE FUNCTION limit_post(ms bigint[], ks text[], xs bigint[], at timestamptz, d date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM books WHERE merchant_id = ANY (ms) ORDER BY merchant_id FOR NO KEY UPDATE;
  WITH t AS (
    SELECT u.m, u.k, u.x, b.transfers + row_number() OVER w AS id, row_number() OVER w AS n, sum(u.x) OVER w AS run
    FROM unnest(ms, ks, xs) WITH ORDINALITY AS u (m, k, x, o) JOIN books b ON b.merchant_id = u.m
    WINDOW w AS (PARTITION BY u.m ORDER BY u.o)
  ), legs AS (
    SELECT t.m, t.id, l.leg, l.account, a.seq + t.n AS seq, l.sign * t.x AS amount, a.balance + l.sign * t.run AS balance, l.row_type
    FROM t CROSS JOIN (VALUES (1::smallint, 'CHANNEL', -1, ''), (2::smallint, 'UNSETTLED', 1, 'trade')) AS l (leg, account, sign, row_type)
    JOIN accounts a ON a.merchant_id = t.m AND a.account = l.account
  ), booked AS (
    INSERT INTO transfers (merchant_id, id, amount, booked_at, kind, business_key, business_no, voucher_no, applicant, note, accounts, seqs)
    SELECT t.m, t.id, t.x, at, 'trade', t.k, t.k, t.k, 'system', '', '{CHANNEL,UNSETTLED}', ARRAY[c.seq + t.n, u.seq + t.n]
    FROM t JOIN accounts c ON c.merchant_id = t.m AND c.account = 'CHANNEL' JOIN accounts u ON u.merchant_id = t.m AND u.account = 'UNSETTLED'
  ), sums AS (
    SELECT m, count(*) AS n, sum(x) AS x FROM t GROUP BY m
  ), balances AS (
    UPDATE accounts a SET balance = a.balance + CASE a.account WHEN 'CHANNEL' THEN -s.x ELSE s.x END, seq = a.seq + s.n
    FROM sums s WHERE a.merchant_id = s.m AND a.account IN ('CHANNEL', 'UNSETTLED')
  ), days AS (
    INSERT INTO account_days AS y (merchant_id, account, day, row_type, ins, in_amount, outs, out_amount)
    SELECT m, 'UNSETTLED', d, 'trade', n, x, 0, 0 FROM sums ORDER BY m
    ON CONFLICT (merchant_id, account, day, row_type) DO UPDATE SET ins = y.ins + excluded.ins, in_amount = y.in_amount + excluded.in_amount
  ), counted AS (
    UPDATE books b SET transfers = b.transfers + s.n, booked_at = at FROM sums s WHERE b.merchant_id = s.m
  )
  INSERT INTO entries (merchant_id, transfer_id, leg, account, seq, amount, balance_after, booked_at, row_type, hash)
  SELECT m, id, leg, account, seq, amount, balance, at, row_type,
    sha256(convert_to(concat_ws('|', seq, at, id, row_type, amount, balance), 'UTF8')) FROM legs ORDER BY m, id, leg;
END $$`

// OpenPosting makes the function in the database, as its owner; Write calls it through the pool.
func OpenPosting(ctx context.Context, owner, pool *pgxpool.Pool) (*Posting, error) {
	return open(ctx, owner, pool, postingSQL, "SELECT limit_post($1, $2, $3, $4, $5::text::date)")
}

func open(ctx context.Context, owner, pool *pgxpool.Pool, function, call string) (*Posting, error) {
	for _, sql := range []string{"DROP TRIGGER IF EXISTS whole_transfers ON entries", function} {
		if _, err := owner.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	return &Posting{pool: pool, call: call, queue: make(chan asked, 4096)}, nil
}

func (p *Posting) many(ctx context.Context, merchants []int64, keys []string, amounts []int64) error {
	at := time.Now()
	_, err := p.pool.Exec(ctx, p.call, merchants, keys, amounts, at, at.Format(time.DateOnly))
	return err
}

// Together posts one transfer through the writer that Write runs.
func (p *Posting) Together(ctx context.Context, merchant int64, key string, amount int64) error {
	a := asked{merchant, key, amount, make(chan error, 1)}
	select {
	case p.queue <- a:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-a.done
}

// Write drains what waits, up to 500 at a time, until ctx ends.
func (p *Posting) Write(ctx context.Context) {
	for {
		var all []asked
		select {
		case a := <-p.queue:
			all = append(all, a)
		case <-ctx.Done():
			return
		}
		for len(all) < 500 && len(p.queue) > 0 {
			all = append(all, <-p.queue)
		}
		ms, ks, xs := make([]int64, len(all)), make([]string, len(all)), make([]int64, len(all))
		for i, a := range all {
			ms[i], ks[i], xs[i] = a.merchant, a.key, a.amount
		}
		err := p.many(ctx, ms, ks, xs)
		for _, a := range all {
			a.done <- err
		}
	}
}
