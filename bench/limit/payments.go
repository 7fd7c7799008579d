package limit

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// paymentsSQL is the yardstick for enterprise payments: one function that knows nothing but this event. It
// writes the same rows: the payment, what the limits count of payee and merchant, a transfer from BASIC to
// T_TRANSFER with its entries, balances, daily sum and counter, and the work that sends it. It refuses
// nothing: it trusts that numbers are new, payees are new, and money is there.
const paymentsSQL = `
CREATE OR REPLACE FUNCTION limit_pay(ms bigint[], ks text[], xs bigint[], at timestamptz, d date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM books WHERE merchant_id = ANY (ms) ORDER BY merchant_id FOR NO KEY UPDATE;
  WITH t AS (
    SELECT u.m, u.k, u.x, b.transfers + row_number() OVER w AS id, row_number() OVER w AS n, sum(u.x) OVER w AS run
    FROM unnest(ms, ks, xs) WITH ORDINALITY AS u (m, k, x, o) JOIN books b ON b.merchant_id = u.m
    WINDOW w AS (PARTITION BY u.m ORDER BY u.o)
  ), legs AS (
    SELECT t.m, t.id, l.leg, l.account, a.seq + t.n AS seq, l.sign * t.x AS amount, a.balance + l.sign * t.run AS balance, l.row_type
    FROM t CROSS JOIN (VALUES (1::smallint, 'BASIC', -1, 'payment'), (2::smallint, 'T_TRANSFER', 1, '')) AS l (leg, account, sign, row_type)
    JOIN accounts a ON a.merchant_id = t.m AND a.account = l.account
  ), paid AS (
    INSERT INTO enterprise_payments (merchant_id, n, amount, made_at, due_at, day, state, paid_from, check_name, number, openid, description, address, actor)
    SELECT m, id, x, at, at, d, 'waiting', 'BASIC', 'NO_CHECK', k, k, 'bench', '127.0.0.1', 'system' FROM t
  ), booked AS (
    INSERT INTO transfers (merchant_id, id, amount, booked_at, kind, business_key, business_no, voucher_no, applicant, note, accounts, seqs)
    SELECT t.m, t.id, t.x, at, 'payment', t.k, t.k, t.k, 'system', 'bench', '{BASIC,T_TRANSFER}', ARRAY[c.seq + t.n, u.seq + t.n]
    FROM t JOIN accounts c ON c.merchant_id = t.m AND c.account = 'BASIC' JOIN accounts u ON u.merchant_id = t.m AND u.account = 'T_TRANSFER'
  ), sums AS (
    SELECT m, count(*) AS n, sum(x) AS x FROM t GROUP BY m
  ), balances AS (
    UPDATE accounts a SET balance = a.balance + CASE a.account WHEN 'BASIC' THEN -s.x ELSE s.x END, seq = a.seq + s.n
    FROM sums s WHERE a.merchant_id = s.m AND a.account IN ('BASIC', 'T_TRANSFER')
  ), days AS (
    INSERT INTO account_days AS y (merchant_id, account, day, row_type, ins, in_amount, outs, out_amount)
    SELECT m, 'BASIC', d, 'payment', 0, 0, n, x FROM sums ORDER BY m
    ON CONFLICT (merchant_id, account, day, row_type) DO UPDATE SET outs = y.outs + excluded.outs, out_amount = y.out_amount + excluded.out_amount
  ), counted AS (
    UPDATE books b SET transfers = b.transfers + s.n, booked_at = at FROM sums s WHERE b.merchant_id = s.m
  ), payees AS (
    INSERT INTO enterprise_payment_limits AS l (merchant_id, openid, day, amount, count, due_at)
    SELECT m, k, d, x, 1, at FROM t UNION ALL SELECT m, '', d, x, n, at FROM sums
    ON CONFLICT (merchant_id, openid) DO UPDATE SET amount = l.amount + excluded.amount, count = l.count + excluded.count, due_at = at
  ), work AS (
    INSERT INTO jobs (id, merchant_id, kind, key, lane, payload, due_at, created_at)
    SELECT gen_random_uuid(), m, 'payment.work', min(k), 'payments', '{}', at, at FROM t GROUP BY m
  )
  INSERT INTO entries (merchant_id, transfer_id, leg, account, seq, amount, balance_after, booked_at, row_type, hash)
  SELECT m, id, leg, account, seq, amount, balance, at, row_type,
    sha256(convert_to(concat_ws('|', seq, at, id, row_type, amount, balance), 'UTF8')) FROM legs ORDER BY m, id, leg;
END $$`

// OpenPayments is OpenPosting for enterprise payments.
func OpenPayments(ctx context.Context, owner, pool *pgxpool.Pool) (*Posting, error) {
	return open(ctx, owner, pool, paymentsSQL, "SELECT limit_pay($1, $2, $3, $4, $5::text::date)")
}
