package product

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/merchant"
)

const (
	columnsBefore = `o.merchant_id, o.n, o.code, o.state, o.asked_by, o.asker_id, o.asked_at, o.confirmation, o.version, `
	columnsAfter  = `, o.hash, o.decided_by, o.decided_at, o.reason, o.opened_at, o.closed_by, o.closed_at`
	columns       = columnsBefore + "o.agreement" + columnsAfter
	listed        = columnsBefore + "''" + columnsAfter // lists leave the text out
)

func scan(row pgx.CollectableRow) (o Opening, err error) {
	err = row.Scan(o.places()...)
	return o, err
}

func (o *Opening) places() []any {
	return []any{&o.Merchant, &o.N, &o.Code, &o.State, &o.AskedBy, &o.AskerID, &o.AskedAt, &o.Confirmation, &o.Version, &o.Text, &o.SignedHash,
		&o.DecidedBy, &o.DecidedAt, &o.Reason, &o.OpenedAt, &o.ClosedBy, &o.ClosedAt}
}

// IsOpen tells whether the merchant has opened the product. Inside a transaction that holds the merchant it
// stays so.
func IsOpen(ctx context.Context, q db.Querier, merchant int64, code Code) (bool, error) {
	open, err := OpenOf(ctx, q, code, merchant)
	return open[merchant], err
}

// OpenOf tells which of several merchants have opened the product.
func OpenOf(ctx context.Context, q db.Querier, code Code, merchants ...int64) (map[int64]bool, error) {
	rows, err := q.Query(ctx, "SELECT merchant_id FROM product_openings WHERE merchant_id = ANY ($1) AND code = $2 AND state = 'open'", merchants, code)
	if err != nil {
		return nil, fmt.Errorf("product %s: %w", code, err)
	}
	open := make(map[int64]bool, len(merchants))
	var m int64
	if _, err = pgx.ForEachRow(rows, []any{&m}, func() error { open[m] = true; return nil }); err != nil {
		return nil, fmt.Errorf("product %s: %w", code, err)
	}
	return open, nil
}

// Read reads how every product that can be the merchant's stands, and those it once opened.
func (c *Catalogue) Read(ctx context.Context, q db.Querier, s access.Scope, at time.Time) ([]Item, error) {
	return c.read(ctx, q, s.Merchant(), at)
}

func (c *Catalogue) read(ctx context.Context, q db.Querier, id int64, at time.Time) ([]Item, error) {
	m, err := merchant.Get(ctx, q, id)
	if err != nil {
		return nil, err
	}
	f := Facts{Merchant: m, Days: wholeDays(m.OpenedAt, at)}
	last, err := newest(ctx, q, &f, clock.DayOf(at))
	if err != nil {
		return nil, err
	}
	var all []Item
	for _, d := range c.all {
		o, asked := last[d.Code]
		if !asked && !d.For(m.Kind, m.System) {
			continue
		}
		i := Item{Declaration: d, Merchant: m, Conditions: d.conditions(f)}
		if asked {
			i.Last = &o
		}
		all = append(all, i)
	}
	return all, nil
}

const (
	readTradingDays = `SELECT count(DISTINCT day) FROM account_days
		WHERE merchant_id = $1 AND account = 'UNSETTLED' AND row_type = 'trade' AND ins > 0 AND day BETWEEN $2::date AND $3::date`
	readNewest = "SELECT DISTINCT ON (o.code) " + columns + " FROM product_openings o WHERE o.merchant_id = $1 ORDER BY o.code, o.n DESC"
)

// newest reads the newest opening of each product, and on how many days of late the merchant traded, in one round trip.
func newest(ctx context.Context, q db.Querier, f *Facts, today clock.Day) (map[Code]Opening, error) {
	last := map[Code]Opening{}
	var b pgx.Batch
	b.Queue(readTradingDays, f.Merchant.ID, today.Add(-window).String(), today.Add(-1).String()).QueryRow(func(row pgx.Row) error {
		return row.Scan(&f.TradingDays)
	})
	b.Queue(readNewest, f.Merchant.ID).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, scan)
		for _, o := range all {
			last[o.Code] = o
		}
		return err
	})
	if err := q.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("products of %d: %w", f.Merchant.ID, err)
	}
	return last, nil
}

// nextCount is the merchant's next own number. Whoever asks holds the merchant.
func nextCount(ctx context.Context, tx db.Tx, merchant int64) (n int64, err error) {
	err = tx.PG().QueryRow(ctx, "SELECT coalesce(max(n), 0) + 1 FROM product_openings WHERE merchant_id = $1", merchant).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("number an opening of %d: %w", merchant, err)
	}
	return n, nil
}

func insert(ctx context.Context, tx db.Tx, o Opening) error {
	_, err := tx.PG().Exec(ctx, `
		INSERT INTO product_openings (merchant_id, n, code, state, asked_by, asker_id, asked_at, confirmation, version, agreement, hash, opened_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		o.Merchant, o.N, o.Code, o.State, o.AskedBy, o.AskerID, o.AskedAt, o.Confirmation, o.Version, o.Text, o.SignedHash, o.OpenedAt)
	if err != nil {
		return fmt.Errorf("open %s of %d: %w", o.Code, o.Merchant, err)
	}
	return nil
}

// save writes where an opening stands.
func save(ctx context.Context, tx db.Tx, o Opening) error {
	_, err := tx.PG().Exec(ctx, `
		UPDATE product_openings SET state = $3, decided_by = $4, decided_at = $5, reason = $6, opened_at = $7, closed_by = $8, closed_at = $9
		WHERE merchant_id = $1 AND n = $2`,
		o.Merchant, o.N, o.State, o.DecidedBy, o.DecidedAt, o.Reason, o.OpenedAt, o.ClosedBy, o.ClosedAt)
	if err != nil {
		return fmt.Errorf("keep opening %s: %w", o.No(), err)
	}
	return nil
}

// numbered reads an opening by its number; fault.ErrNotFound where there is none.
func numbered(ctx context.Context, q db.Querier, no string) (Opening, error) {
	m, n := place(no)
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM product_openings o WHERE o.merchant_id = $1 AND o.n = $2", m, n)
	if err != nil {
		return Opening{}, fmt.Errorf("opening %s: %w", no, err)
	}
	all, err := pgx.CollectRows(rows, scan)
	switch {
	case err != nil:
		return Opening{}, fmt.Errorf("opening %s: %w", no, err)
	case len(all) == 0 || all[0].No() != no:
		return Opening{}, fault.ErrNotFound
	}
	return all[0], nil
}

// Get reads an opening of the scope's merchant by its number, with the agreement as it was signed.
func Get(ctx context.Context, q db.Querier, s access.Scope, no string) (Opening, error) {
	o, err := numbered(ctx, q, no)
	if err == nil && o.Merchant != s.Merchant() {
		err = fault.ErrNotFound
	}
	return o, err
}

// askerNow tells whether the operator is the person who asked, by paper or WeChat, and whether that one could not
// ask any more.
func askerNow(ctx context.Context, tx db.Tx, m int64, asker, operator uuid.UUID) (own, gone bool, err error) {
	err = tx.PG().QueryRow(ctx, `
		SELECT coalesce(bool_or(p.id IS NOT NULL), false),
			coalesce(bool_or(a.state <> 'active' OR m.state <> 'active' OR NOT EXISTS (SELECT FROM account_roles r
				WHERE r.merchant_id = a.merchant_id AND r.account_id = a.id AND r.role = 'super_admin')), false)
		FROM login_accounts a JOIN merchants m ON m.merchant_id = a.merchant_id
		LEFT JOIN wechat_bindings ab ON ab.merchant_id = a.merchant_id AND ab.account_id = a.id
		LEFT JOIN (SELECT l.id, l.id_index, b.openid FROM login_accounts l
			LEFT JOIN wechat_bindings b ON b.merchant_id = l.merchant_id AND b.account_id = l.id WHERE l.merchant_id = $3 AND l.id = $4) p
			ON p.id_index = a.id_index OR p.openid = ab.openid
		WHERE a.merchant_id = $1 AND a.id = $2`, m, asker, access.PlatformID, operator).Scan(&own, &gone)
	if err != nil {
		return false, false, fmt.Errorf("who asked for an opening of %d: %w", m, err)
	}
	return own, gone, nil
}
