package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
)

// Post books one transfer: PostMany of one, its refusal as the error.
func Post(ctx context.Context, tx db.Tx, at time.Time, t Transfer) (Outcome, error) {
	all, err := PostMany(ctx, tx, at, []Transfer{t})
	if err != nil {
		return Outcome{}, err
	}
	return all[0], all[0].Refused
}

// PostMany books transfers in their order, of one merchant or several, and tells of each what became of
// it: a refused one never fails its neighbours. at is when they happen; what was booked before, and a
// closed day, push it later. The transfers' merchants are held as by Hold until the transaction ends.
func PostMany(ctx context.Context, tx db.Tx, at time.Time, transfers []Transfer) ([]Outcome, error) {
	if len(transfers) == 0 {
		return nil, nil
	}
	for _, t := range transfers {
		if err := t.check(); err != nil {
			return nil, err
		}
	}
	pages, err := openPages(ctx, tx, at, transfers)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(transfers))
	for i, t := range transfers {
		outcomes[i] = pages[t.Merchant].book(t)
	}
	return outcomes, save(ctx, tx, pages)
}

// Hold makes every other move of the merchants' money wait until the transaction ends. Verbs that lock
// rows of their own call it first, so that nobody waits in a ring.
func Hold(ctx context.Context, tx db.Tx, merchants ...int64) error {
	n := 0
	rows, err := tx.PG().Query(ctx, holdBooks, merchants)
	if err != nil {
		return fmt.Errorf("hold books: %w", err)
	}
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("hold books: %w", err)
	}
	if distinct := len(slices.Compact(slices.Sorted(slices.Values(merchants)))); n != distinct {
		return fmt.Errorf("ledger: %d of %d merchants have books", n, distinct)
	}
	return nil
}

const (
	holdBooks = `SELECT merchant_id, transfers, booked_at, closed::text FROM books WHERE merchant_id = ANY ($1)
		ORDER BY merchant_id FOR NO KEY UPDATE`
	readAccounts = `SELECT merchant_id, account, balance, seq, hash, closed_at IS NOT NULL FROM accounts
		WHERE merchant_id = ANY ($1) AND account = ANY ($2)`
	readKnown = `SELECT merchant_id, kind, business_key, id, booked_at FROM known_transfers($1, $2, $3)`
)

// openPages holds the merchants and reads, in one round trip, all that booking the transfers needs.
func openPages(ctx context.Context, tx db.Tx, at time.Time, transfers []Transfer) (map[int64]*page, error) {
	pages := map[int64]*page{}
	accounts := map[Account]bool{Due: true, Basic: true}
	owners, kinds, keys := make([]int64, len(transfers)), make([]string, len(transfers)), make([]string, len(transfers))
	for i, t := range transfers {
		if pages[t.Merchant] == nil {
			pages[t.Merchant] = &page{merchant: t.Merchant, accounts: map[Account]*standing{},
				known: map[event]Outcome{}, sums: map[sumKey]*sum{}}
		}
		for _, l := range t.Legs {
			accounts[l.Account] = true
		}
		owners[i], kinds[i], keys[i] = t.Merchant, string(t.Kind), t.Key
	}
	merchants := slices.Sorted(maps.Keys(pages))
	names := make([]string, 0, len(accounts))
	for a := range accounts {
		names = append(names, string(a))
	}
	var batch pgx.Batch
	batch.Queue(holdBooks, merchants)
	batch.Queue(readAccounts, merchants, names)
	batch.Queue(readKnown, owners, kinds, keys)
	answers := tx.PG().SendBatch(ctx, &batch)
	err := readPages(answers, pages, at)
	if closed := answers.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("open books: %w", err)
	}
	for _, m := range merchants {
		if pages[m].at.IsZero() {
			return nil, fmt.Errorf("ledger: merchant %d has no books", m)
		}
	}
	return pages, nil
}

func readPages(answers pgx.BatchResults, pages map[int64]*page, at time.Time) error {
	rows, err := answers.Query()
	if err != nil {
		return err
	}
	var merchant, n, seq int64
	var last time.Time
	var closed string
	_, err = pgx.ForEachRow(rows, []any{&merchant, &n, &last, &closed}, func() error {
		p := pages[merchant]
		p.transfers = n
		p.date(at, last, clock.Day(closed))
		return nil
	})
	if err != nil {
		return err
	}
	if rows, err = answers.Query(); err != nil {
		return err
	}
	var name string
	var balance money.Fen
	var hash []byte
	var over bool
	_, err = pgx.ForEachRow(rows, []any{&merchant, &name, &balance, &seq, &hash, &over}, func() error {
		pages[merchant].accounts[Account(name)] = &standing{balance: balance, seq: seq, hash: Hash(hash), closed: over}
		return nil
	})
	if err != nil {
		return err
	}
	if rows, err = answers.Query(); err != nil {
		return err
	}
	var kind, key string
	_, err = pgx.ForEachRow(rows, []any{&merchant, &kind, &key, &n, &last}, func() error {
		pages[merchant].known[event{Kind(kind), key}] = Outcome{ID: n, BookedAt: last}
		return nil
	})
	return err
}
