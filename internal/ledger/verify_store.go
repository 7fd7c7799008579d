package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

const (
	pageBooks = `SELECT b.merchant_id, m.account_system, b.transfers, b.booked_at, b.closed::text
		FROM books b JOIN merchants m USING (merchant_id) WHERE b.merchant_id > $1 ORDER BY b.merchant_id LIMIT $2`
	pageMoves = `SELECT merchant_id, id, amount, booked_at, business_no, voucher_no, applicant, note, accounts, seqs
		FROM transfers WHERE (merchant_id, id) > ($1, $2) AND merchant_id <= $3 ORDER BY merchant_id, id LIMIT $4`
	pageEntries = `SELECT seq, transfer_id, amount, balance_after, booked_at, leg, row_type, hash
		FROM entries WHERE merchant_id = $1 AND account = $2 AND seq >= $3 AND seq <= $4 ORDER BY seq`
)

// alongKeys has the database read pages in the order of the key. Every index leads with the merchant, so the
// planner may believe that sorting what another one finds is as quick.
func (c *inspection) alongKeys(ctx context.Context) error {
	_, err := c.q.Exec(ctx, "SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)")
	if err != nil {
		return fmt.Errorf("read along keys: %w", err)
	}
	return nil
}

// readBooks opens the next page of merchants. The last page reaches to the end of all numbers, so that what
// belongs to nobody is found too.
func (c *inspection) readBooks(ctx context.Context, after int64) error {
	c.books = map[int64]*book{}
	rows, err := c.q.Query(ctx, pageBooks, after, merchantsPage)
	if err != nil {
		return fmt.Errorf("books: %w", err)
	}
	var merchant, transfers int64
	var system, closed string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&merchant, &system, &transfers, &at, &closed}, func() error {
		c.last = merchant
		c.books[merchant] = &book{merchant: merchant, known: true, system: system, transfers: transfers, bookedAt: micros(at),
			closed: clock.Day(closed), accounts: map[Account]*walk{}}
		return nil
	})
	if err != nil {
		return fmt.Errorf("books: %w", err)
	}
	if len(c.books) < merchantsPage {
		c.last = math.MaxInt64
	}
	return nil
}

// readMoves reads the next page of transfers, and tells whether there may be more.
func (c *inspection) readMoves(ctx context.Context, after int64, last *move) (more bool, err error) {
	merchant, id := after, int64(math.MaxInt64)
	if last != nil {
		merchant, id = last.book.merchant, last.id
	}
	for _, m := range c.moves {
		for _, w := range m.accounts {
			w.low = 0
		}
	}
	c.moves = c.moves[:0]
	rows, err := c.q.Query(ctx, pageMoves, merchant, id, c.last, movesPage)
	if err != nil {
		return false, fmt.Errorf("transfers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		v := rows.RawValues()
		m := &move{book: c.book(int8Of(v[0])), id: int8Of(v[1]), amount: money.Fen(int8Of(v[2])), at: int8Of(v[3]),
			businessNo: string(v[4]), voucherNo: string(v[5]), applicant: string(v[6]), note: string(v[7])}
		var names []Account
		each(v[8], func(b []byte) { names = append(names, m.book.account(b)) })
		each(v[9], func(b []byte) { m.seqs = append(m.seqs, int8Of(b)) })
		c.claim(m, names)
	}
	if err := rows.Err(); err != nil {
		return false, fmt.Errorf("transfers: %w", err)
	}
	return len(c.moves) == movesPage, nil
}

// account is the account's name, without making it anew where it is known.
func (b *book) account(name []byte) Account {
	if w := b.accounts[Account(name)]; w != nil {
		return w.account
	}
	return Account(name)
}

// readEntries reads the entries that the page's transfers claim, account by account.
func (c *inspection) readEntries(ctx context.Context) error {
	var batch pgx.Batch
	type part struct {
		b *book
		w *walk
	}
	var parts []part
	seen := map[*walk]bool{}
	for _, m := range c.moves {
		for _, w := range m.accounts {
			if !seen[w] {
				seen[w] = true
				parts = append(parts, part{m.book, w})
				batch.Queue(pageEntries, m.book.merchant, string(w.account), w.low, w.claimed)
			}
		}
	}
	answers := c.q.SendBatch(ctx, &batch)
	for _, p := range parts {
		if err := c.readAccount(answers, p.b, p.w); err != nil {
			_ = answers.Close()
			return fmt.Errorf("entries of %s of %d: %w", p.w.account, p.b.merchant, err)
		}
	}
	return answers.Close()
}

func (c *inspection) readAccount(answers pgx.BatchResults, b *book, w *walk) error {
	rows, err := answers.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	var e found
	for rows.Next() {
		v := rows.RawValues()
		e.seq, e.transfer, e.amount, e.balance = int8Of(v[0]), int8Of(v[1]), money.Fen(int8Of(v[2])), money.Fen(int8Of(v[3]))
		e.at, e.leg, e.row, e.hash = int8Of(v[4]), int(binary.BigEndian.Uint16(v[5])), rowOf(v[6]), Hash(v[7])
		c.entry(b, w, &e)
	}
	if rows.Err() == nil && w.seq < w.claimed {
		c.name("gap", b.merchant, w.account, "seq %d is missing: its transfer claims it", w.seq+1)
		w.seq = w.claimed
	}
	return rows.Err()
}

// rowOf is a line's name, without making it anew where it is one of ours.
func rowOf(name []byte) RowType {
	if len(name) == 0 {
		return ""
	}
	if i := slices.IndexFunc(wordings, func(w wording) bool { return string(w.row) == string(name) }); i >= 0 {
		return wordings[i].row
	}
	return RowType(name)
}

// int8Of reads a bigint or a moment as the database sends it.
func int8Of(b []byte) int64 {
	if len(b) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b)) //nolint:gosec // the database's own two's complement
}

// each reads an array of one dimension as the database sends it: a head of 20 bytes, then each element
// led by its length.
func each(b []byte, f func([]byte)) {
	if len(b) < 20 {
		return
	}
	for b = b[20:]; len(b) >= 4; {
		n := int(int32(binary.BigEndian.Uint32(b))) //nolint:gosec // a length, -1 for nothing
		b = b[4:]
		if n < 0 || n > len(b) {
			return
		}
		f(b[:n])
		b = b[n:]
	}
}
