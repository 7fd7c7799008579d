package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// fillFlow gives the merchant's BASIC account so many rows, over eleven months: half as many transfers of two
// rows each, a settled trade and its fee. They stand behind what the account has, with its balance going on,
// and daily sums, account and books in step. The rows of the transfers' other accounts are left out, and the
// hashes are no chain: no page shows either.
func fillFlow(ctx context.Context, w *world, rows int) error {
	fmt.Println("writing", rows, "rows of the fund flow")
	began := time.Now()
	err := w.owner.InTx(ctx, func(tx db.Tx) error {
		restore, err := dropIndexes(ctx, tx)
		if err != nil {
			return err
		}
		for _, sql := range flowFill {
			if _, err := tx.PG().Exec(ctx, sql, pagesMerchant, rows/2, began); err != nil {
				return fmt.Errorf("%w: %.60s", err, sql)
			}
		}
		return execAll(ctx, tx, restore)
	})
	if err != nil {
		return fmt.Errorf("fill fund flow: %w", err)
	}
	if _, err := w.owner.PG().Exec(ctx, "VACUUM ANALYZE transfers, entries, account_days"); err != nil {
		return err
	}
	fmt.Println("written in", time.Since(began).Round(time.Second))
	return nil
}

// dropIndexes takes away what would have to be kept in order row by row, and tells how to build it again.
func dropIndexes(ctx context.Context, tx db.Tx) (restore []string, err error) {
	rows, err := tx.PG().Query(ctx, `
		SELECT coalesce('ALTER TABLE ' || x.indrelid::regclass || ' DROP CONSTRAINT ' || c.conname, 'DROP INDEX ' || x.indexrelid::regclass),
			coalesce('ALTER TABLE ' || x.indrelid::regclass || ' ADD CONSTRAINT ' || c.conname || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(x.indexrelid))
		FROM pg_index x LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.contype IN ('p', 'u')
		WHERE x.indrelid IN ('transfers'::regclass, 'entries'::regclass)`)
	if err != nil {
		return nil, err
	}
	away := []string{"SET LOCAL maintenance_work_mem = '1GB'", "SET LOCAL work_mem = '512MB'", "ALTER TABLE entries DISABLE TRIGGER whole_transfers"}
	var drop, build string
	if _, err = pgx.ForEachRow(rows, []any{&drop, &build}, func() error {
		away, restore = append(away, drop), append(restore, build)
		return nil
	}); err != nil {
		return nil, err
	}
	return append(restore, "ALTER TABLE entries ENABLE TRIGGER whole_transfers"), execAll(ctx, tx, away)
}

func execAll(ctx context.Context, tx db.Tx, statements []string) error {
	for _, sql := range statements {
		if _, err := tx.PG().Exec(ctx, sql); err != nil {
			return fmt.Errorf("%w: %.60s", err, sql)
		}
	}
	return nil
}

// flowFill are the statements; their parameters are the merchant, how many transfers, and now.
var flowFill = []string{
	"SELECT 1 FROM books WHERE merchant_id = $1::bigint AND $2::bigint > 0 AND $3::timestamptz IS NOT NULL FOR UPDATE", `
	CREATE TEMP TABLE fill ON COMMIT DROP AS SELECT g, id, at, x, fee, a.seq + 2 * g AS seq, a.balance + sum(x - fee) OVER (ORDER BY g) AS balance
		FROM generate_series(1, $2::bigint) g CROSS JOIN (SELECT seq, balance FROM accounts WHERE merchant_id = $1::bigint AND account = 'BASIC') a,
		LATERAL (SELECT $3::timestamptz - make_interval(secs => ($2::bigint - g) * 28800000.0 / $2::bigint) AS at, 1000 + g % 997 * 91 AS x,
			(SELECT transfers FROM books WHERE merchant_id = $1::bigint) + g AS id) t, LATERAL (SELECT (x * 6 + 500) / 1000 AS fee) f`, `
	INSERT INTO transfers (merchant_id, id, amount, booked_at, kind, business_key, business_no, voucher_no, applicant, note, accounts, seqs)
		SELECT $1::bigint, id, x, at, 'settle', no, no, 'BENCH' || lpad(g::text, 15, '0'), 'system', '', '{BASIC,BASIC}', ARRAY[seq - 1, seq]
		FROM fill, LATERAL (SELECT '4200888888' || lpad(g::text, 18, '0') AS no) n WHERE $2::bigint > 0 AND $3::timestamptz IS NOT NULL ORDER BY g`, `
	INSERT INTO entries (merchant_id, transfer_id, leg, account, seq, amount, balance_after, booked_at, row_type, hash)
		SELECT $1::bigint, id, leg, 'BASIC', f.seq - 2 + leg, amount, after, at, type, decode(repeat('0f', 32), 'hex')
		FROM fill f, LATERAL (VALUES (1::smallint, x, balance + fee, 'trade'), (2::smallint, -fee, balance, 'trade_fee')) l (leg, amount, after, type)
		WHERE $2::bigint > 0 AND $3::timestamptz IS NOT NULL ORDER BY g, leg`, `
	INSERT INTO account_days AS d (merchant_id, account, day, row_type, ins, in_amount, outs, out_amount)
		SELECT $1::bigint, 'BASIC', (at AT TIME ZONE 'Asia/Shanghai')::date, type, sum(ins), sum(ins * x), sum(outs), sum(outs * fee)
		FROM fill, (VALUES ('trade', 1, 0), ('trade_fee', 0, 1)) t (type, ins, outs) WHERE $2::bigint > 0 AND $3::timestamptz IS NOT NULL GROUP BY 3, 4
		ON CONFLICT (merchant_id, account, day, row_type) DO UPDATE SET ins = d.ins + excluded.ins, in_amount = d.in_amount + excluded.in_amount,
			outs = d.outs + excluded.outs, out_amount = d.out_amount + excluded.out_amount`, `
	UPDATE accounts SET seq = seq + 2 * $2::bigint, balance = (SELECT balance FROM fill ORDER BY g DESC LIMIT 1)
		WHERE merchant_id = $1::bigint AND account = 'BASIC' AND $3::timestamptz IS NOT NULL`, `
	UPDATE books SET transfers = transfers + $2::bigint, booked_at = greatest(booked_at, $3::timestamptz) WHERE merchant_id = $1::bigint`,
}
