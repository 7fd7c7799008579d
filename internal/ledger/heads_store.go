package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// idleBatch is how many books without entries are closed by one statement.
const idleBatch = 5000

const (
	// Books in which nothing was booked since their last closed day. Those in somebody's hands are left to the others.
	closeIdleSQL = `
		UPDATE books b SET closed = $1::date FROM (
			SELECT merchant_id FROM books WHERE closed < $1::date
				AND booked_at < ((closed + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
			ORDER BY merchant_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) idle
		WHERE b.merchant_id = idle.merchant_id`
	openMerchantsSQL = `SELECT merchant_id FROM books WHERE merchant_id > $1 AND closed < $2::date ORDER BY merchant_id LIMIT $3`
	// The last entry of each account and day, and the one before the day's first.
	openHeadsSQL = `
		SELECT b.merchant_id, a.account, d.day::date::text, e.seq, e.balance_after, e.hash, coalesce(p.seq, 0), p.hash
		FROM books b JOIN accounts a ON a.merchant_id = b.merchant_id AND a.seq > 0
		CROSS JOIN LATERAL (SELECT day, day AT TIME ZONE 'Asia/Shanghai' AS since, (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai' AS until
			FROM generate_series((b.closed + 1)::timestamp, $2::date::timestamp, interval '1 day') AS day) d
		CROSS JOIN LATERAL (SELECT seq, balance_after, hash FROM entries x WHERE x.merchant_id = a.merchant_id AND x.account = a.account
			AND x.booked_at >= d.since AND x.booked_at < d.until ORDER BY x.booked_at DESC, x.seq DESC LIMIT 1) e
		LEFT JOIN LATERAL (SELECT seq, hash FROM entries x WHERE x.merchant_id = a.merchant_id AND x.account = a.account
			AND x.booked_at < d.since ORDER BY x.booked_at DESC, x.seq DESC LIMIT 1) p ON true
		WHERE b.merchant_id = ANY ($1) AND b.closed < $2::date`
	insertHeads = `
		INSERT INTO ledger_heads (merchant_id, account, day, first_seq, previous_hash, count, head, balance, key_id, signature, signed_at)
		SELECT m, a, d::date, f, p, c, h, b, k, s, $11
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[], $8::bigint[], $9::text[],
			$10::bytea[]) AS t (m, a, d, f, p, c, h, b, k, s)`
	closeSQL = `UPDATE books SET closed = $2::date WHERE merchant_id = ANY ($1) AND closed < $2::date`
)

// closeIdle closes the books in which there is nothing to sign.
func closeIdle(ctx context.Context, d *db.DB, last clock.Day) error {
	for {
		tag, err := d.PG().Exec(ctx, closeIdleSQL, string(last), idleBatch)
		if err != nil {
			return fmt.Errorf("close idle books: %w", err)
		}
		if tag.RowsAffected() < idleBatch {
			return nil
		}
	}
}

func openMerchants(ctx context.Context, q db.Querier, last clock.Day, after int64) ([]int64, error) {
	rows, err := q.Query(ctx, openMerchantsSQL, after, string(last), closeBatch)
	if err != nil {
		return nil, fmt.Errorf("books to close: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("books to close: %w", err)
	}
	return all, nil
}

// openHeads reads the heads that are still to be signed.
func openHeads(ctx context.Context, tx db.Tx, merchants []int64, last clock.Day) (heads []Head, err error) {
	rows, err := tx.PG().Query(ctx, openHeadsSQL, merchants, string(last))
	if err != nil {
		return nil, fmt.Errorf("heads to sign: %w", err)
	}
	var (
		m, seq, before int64
		account, day   string
		balance        money.Fen
		hash, previous []byte
	)
	_, err = pgx.ForEachRow(rows, []any{&m, &account, &day, &seq, &balance, &hash, &before, &previous}, func() error {
		h := Head{Merchant: m, Account: Account(account), Day: clock.Day(day), FirstSeq: before + 1, Count: seq - before,
			Head: Hash(hash), Balance: balance, Previous: genesis(m, Account(account))}
		if before > 0 {
			h.Previous = Hash(previous)
		}
		heads = append(heads, h)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("heads to sign: %w", err)
	}
	return heads, nil
}

// saveHeads keeps the heads and closes the days of all the merchants, also of those that have none.
func saveHeads(ctx context.Context, tx db.Tx, heads []Head, merchants []int64, last clock.Day, now time.Time) error {
	var (
		owners, firsts, counts, balances []int64
		accounts, days, keys             []string
		previous, hashes, signatures     [][]byte
		batch                            pgx.Batch
	)
	for _, h := range heads {
		owners, firsts, counts = append(owners, h.Merchant), append(firsts, h.FirstSeq), append(counts, h.Count)
		balances, accounts, days = append(balances, int64(h.Balance)), append(accounts, string(h.Account)), append(days, string(h.Day))
		keys, signatures = append(keys, h.KeyID), append(signatures, h.Signature)
		previous, hashes = append(previous, h.Previous[:]), append(hashes, h.Head[:])
	}
	if len(heads) > 0 {
		batch.Queue(insertHeads, owners, accounts, days, firsts, previous, counts, hashes, balances, keys, signatures, now)
	}
	batch.Queue(closeSQL, merchants, string(last))
	if err := tx.PG().SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("close days: %w", err)
	}
	return nil
}
