package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/money"
)

const (
	keptDays = `
		SELECT coalesce(d.ins, 0), coalesce(d.in_amount, 0), coalesce(d.outs, 0), coalesce(d.out_amount, 0)
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS k (m, a, y, r, n)
		LEFT JOIN account_days d ON d.merchant_id = k.m AND d.account = k.a AND d.day = k.y::date AND d.row_type = k.r ORDER BY k.n`
	keptHeads = `
		SELECT coalesce(h.first_seq, 0), h.previous_hash, coalesce(h.count, 0), h.head, coalesce(h.balance, 0), coalesce(h.key_id, ''), h.signature
		FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS k (m, a, y, n)
		LEFT JOIN ledger_heads h ON h.merchant_id = k.m AND h.account = k.a AND h.day = k.y::date ORDER BY k.n`
	// Accounts that have entries, found by leaps along the key.
	accountsOfEntries = `
		WITH RECURSIVE leap AS (
			(SELECT merchant_id, account FROM entries WHERE merchant_id > $1 AND merchant_id <= $2 ORDER BY merchant_id, account LIMIT 1)
			UNION ALL
			SELECT n.merchant_id, n.account FROM leap l CROSS JOIN LATERAL (SELECT e.merchant_id, e.account FROM entries e
				WHERE (e.merchant_id, e.account) > (l.merchant_id, l.account) AND e.merchant_id <= $2
				ORDER BY e.merchant_id, e.account LIMIT 1) n)
		SELECT l.merchant_id, l.account, x.seq FROM leap l CROSS JOIN LATERAL (SELECT max(e.seq) AS seq FROM entries e
			WHERE e.merchant_id = l.merchant_id AND e.account = l.account) x`
	standingAccounts = `SELECT merchant_id, account, balance, seq, hash FROM accounts WHERE merchant_id > $1 AND merchant_id <= $2
		ORDER BY merchant_id, account`
	countKept = `
		SELECT merchant_id, sum(days)::bigint, sum(heads)::bigint FROM (
			SELECT merchant_id, count(*) AS days, 0 AS heads FROM account_days WHERE merchant_id > $1 AND merchant_id <= $2 GROUP BY 1
			UNION ALL
			SELECT merchant_id, 0, count(*) FROM ledger_heads WHERE merchant_id > $1 AND merchant_id <= $2 GROUP BY 1) k
		GROUP BY 1 ORDER BY 1`
	// A sum or head of a day without entries.
	groundless = `
		SELECT account, day::text, row_type FROM (
			SELECT merchant_id, account, day, row_type FROM account_days WHERE merchant_id = $1
			UNION ALL SELECT merchant_id, account, day, NULL FROM ledger_heads WHERE merchant_id = $1) d
		WHERE (row_type IS NULL AND day > coalesce((SELECT closed FROM books b WHERE b.merchant_id = $1), '-infinity'))
			OR NOT EXISTS (SELECT FROM entries e WHERE e.merchant_id = d.merchant_id AND e.account = d.account
				AND (d.row_type IS NULL OR e.row_type = d.row_type) AND e.booked_at >= (d.day::timestamp AT TIME ZONE 'Asia/Shanghai')
				AND e.booked_at < ((d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'))
		ORDER BY day, account LIMIT 1`
)

// settle compares what was put down of days that are over with what is stored, once there is more than n.
func (c *inspection) settle(ctx context.Context, n int) error {
	if len(c.days) > n {
		if err := c.settleDays(ctx); err != nil {
			return err
		}
	}
	if len(c.heads) > n {
		return c.settleHeads(ctx)
	}
	return nil
}

func (c *inspection) settleDays(ctx context.Context) error {
	var merchants []int64
	var accounts, days, kinds []string
	for _, d := range c.days {
		merchants, accounts = append(merchants, d.book.merchant), append(accounts, string(d.account))
		days, kinds = append(days, string(d.day)), append(kinds, string(d.row))
	}
	rows, err := c.q.Query(ctx, keptDays, merchants, accounts, days, kinds)
	if err != nil {
		return fmt.Errorf("sums of days: %w", err)
	}
	var s sum
	i := 0
	_, err = pgx.ForEachRow(rows, []any{&s.ins, &s.inAmount, &s.outs, &s.outAmount}, func() error {
		if d := c.days[i]; s != d.sum {
			c.name("days", d.book.merchant, d.account, "day %s %s: the sums are %d in %s, %d out %s; the entries come to %d in %s, %d out %s", d.day, d.row,
				s.ins, s.inAmount, s.outs, s.outAmount, d.sum.ins, d.sum.inAmount, d.sum.outs, d.sum.outAmount)
		}
		i++
		return nil
	})
	c.days = c.days[:0]
	if err != nil {
		return fmt.Errorf("sums of days: %w", err)
	}
	return nil
}

func (c *inspection) settleHeads(ctx context.Context) error {
	var merchants []int64
	var accounts, days []string
	for _, h := range c.heads {
		merchants, accounts, days = append(merchants, h.Merchant), append(accounts, string(h.Account)), append(days, string(h.Day))
	}
	rows, err := c.q.Query(ctx, keptHeads, merchants, accounts, days)
	if err != nil {
		return fmt.Errorf("heads: %w", err)
	}
	var h Head
	var previous, head []byte
	i := 0
	_, err = pgx.ForEachRow(rows, []any{&h.FirstSeq, &previous, &h.Count, &head, &h.Balance, &h.KeyID, &h.Signature}, func() error {
		if want := c.heads[i]; h.Count == 0 {
			c.name("heads", want.Merchant, want.Account, "day %s is closed without a signed head: seq %d to %d", want.Day, want.FirstSeq, want.FirstSeq+want.Count-1)
		} else {
			h.Merchant, h.Account, h.Day, h.Previous, h.Head = want.Merchant, want.Account, want.Day, Hash(previous), Hash(head)
			c.head(h, want)
		}
		i++
		return nil
	})
	c.heads = c.heads[:0]
	if err != nil {
		return fmt.Errorf("heads: %w", err)
	}
	return nil
}

// head compares a head with the chain, and looks at its signature.
func (c *inspection) head(h, want Head) {
	switch {
	case c.keys.Verify(h.KeyID, h.Text(), h.Signature) != nil:
		c.name("heads", h.Merchant, h.Account, "day %s: its head is not signed with the key %s", h.Day, h.KeyID)
	case h.FirstSeq != want.FirstSeq || h.Count != want.Count:
		c.name("heads", h.Merchant, h.Account, "day %s: %d entries from seq %d were signed, there are %d from seq %d", h.Day, h.Count, h.FirstSeq, want.Count, want.FirstSeq)
	case h.Previous != want.Previous || h.Head != want.Head:
		c.name("heads", h.Merchant, h.Account, "day %s: seq %d to %d are not the entries that were signed", h.Day, want.FirstSeq, want.FirstSeq+want.Count-1)
	case h.Balance != want.Balance:
		c.name("heads", h.Merchant, h.Account, "day %s: its head says %s, the entries %s", h.Day, h.Balance, want.Balance)
	}
}

// unclaimed names entries beyond those that transfers claim.
func (c *inspection) unclaimed(ctx context.Context, after int64) error {
	rows, err := c.q.Query(ctx, accountsOfEntries, after, c.last)
	if err != nil {
		return fmt.Errorf("accounts with entries: %w", err)
	}
	var merchant, seq int64
	var account string
	_, err = pgx.ForEachRow(rows, []any{&merchant, &account, &seq}, func() error {
		if w := c.book(merchant).walk(Account(account)); seq > w.claimed {
			c.name("stray", merchant, w.account, "seq %d is claimed by no transfer", w.claimed+1)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("accounts with entries: %w", err)
	}
	return nil
}

// standings compares the accounts as they stand with their last entries.
func (c *inspection) standings(ctx context.Context, after int64) error {
	rows, err := c.q.Query(ctx, standingAccounts, after, c.last)
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	var merchant, seq int64
	var account string
	var balance money.Fen
	var hash []byte
	there := map[*walk]bool{}
	_, err = pgx.ForEachRow(rows, []any{&merchant, &account, &balance, &seq, &hash}, func() error {
		w := c.book(merchant).walk(Account(account))
		there[w] = true
		if balance != w.balance || seq != w.seq {
			c.name("account", merchant, w.account, "stands at %s after seq %d, its entries come to %s after seq %d", balance, seq, w.balance, w.seq)
		} else if Hash(hash) != w.hash {
			c.name("account", merchant, w.account, "does not stand at the hash of its seq %d", w.seq)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	for _, m := range slices.Sorted(maps.Keys(c.books)) {
		for _, a := range slices.Sorted(maps.Keys(c.books[m].accounts)) {
			if w := c.books[m].accounts[a]; !there[w] {
				c.name("account", m, a, "is gone, its entries come to %s after seq %d", w.balance, w.seq)
			}
		}
	}
	return nil
}

// tooMany names sums and heads of days that have no entries.
func (c *inspection) tooMany(ctx context.Context, after int64) error {
	rows, err := c.q.Query(ctx, countKept, after, c.last)
	if err != nil {
		return fmt.Errorf("days and heads: %w", err)
	}
	var merchant, days, heads int64
	var suspects []int64
	_, err = pgx.ForEachRow(rows, []any{&merchant, &days, &heads}, func() error {
		if b := c.book(merchant); days > b.days || heads > b.heads {
			suspects = append(suspects, merchant)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("days and heads: %w", err)
	}
	for _, m := range suspects {
		if err := c.groundless(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (c *inspection) groundless(ctx context.Context, merchant int64) error {
	var account, day string
	var row *string
	err := c.q.QueryRow(ctx, groundless, merchant).Scan(&account, &day, &row)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		c.name("groundless", merchant, "", "there are more sums or heads of days than its entries give")
	case err != nil:
		return fmt.Errorf("days and heads of %d: %w", merchant, err)
	case row != nil:
		c.name("groundless", merchant, Account(account), "day %s %s: there are sums without entries", day, *row)
	default:
		c.name("groundless", merchant, Account(account), "day %s: a head is signed without entries, or before the day was closed", day)
	}
	return nil
}
