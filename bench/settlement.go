package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/postgres"
	"zhanggui/internal/settlement"
)

// What is asked of settlement.
const (
	settlementMerchant = 1_920_000_001 // of the first repetition; each has a merchant of its own
	settlementWant     = 0.35
)

// settlementBench holds what both sides work on.
type settlementBench struct {
	world *world
	dsn   string
	owner *pgxpool.Pool
	app   *db.DB
	rows  []copied // what the last settlement wrote
}

// measureSettlement settles an upgraded merchant's due orders through the job's own verb, and compares it with
// PostgreSQL's COPY of the very rows of transfers and entries it wrote, into tables of the same keys, indexes
// and checks.
func measureSettlement(ctx context.Context, w *world) (section, error) {
	b := &settlementBench{world: w}
	defer b.close()
	if err := b.open(ctx); err != nil {
		return section{}, err
	}
	d := duel{name: "settlement ÷ COPY", unit: "orders/s", ours: b.settle, limit: b.copyRows,
		ourName: "settlement", other: "COPY of the same rows", needsDisk: true, fixed: true}
	rounds, err := d.fight(ctx, w)
	if err != nil {
		return section{}, err
	}
	r := ratios(rounds)
	return section{
		Title: "Settlement",
		Goals: []goal{{fmt.Sprintf("settlement of %d due orders ÷ COPY of the same rows", w.dueOrders), fmt.Sprintf("≥ %.2f", settlementWant),
			fmt.Sprintf("%.2f [%.2f–%.2f]", r.Median, r.Min, r.Max), r.Median >= settlementWant}},
		Text: []string{fmt.Sprintf("Each repetition settles %d orders of a merchant of its own, one by one in transactions of 5,000: "+
			"orders read and locked, a transfer of four entries each with balances and chains of hashes, daily sums, the orders marked, the day's record. "+
			"COPY then writes the same transfers and entries into empty tables with the same keys, indexes and checks, and nothing else: "+
			"it does not read or mark the orders.", w.dueOrders)},
		Duels: []fought{{d, rounds}},
	}, nil
}

func (b *settlementBench) open(ctx context.Context) (err error) {
	if _, err := b.world.asSuper(ctx, "CREATE DATABASE bench_settlement OWNER "+postgres.Owner); err != nil {
		return err
	}
	b.dsn = b.world.dsn("bench_settlement")
	if err := db.Migrate(ctx, b.dsn, false); err != nil {
		return err
	}
	if b.owner, err = pgxpool.New(ctx, b.dsn); err != nil {
		return err
	}
	b.app, err = db.Open(ctx, b.dsn, db.Options{})
	return err
}

func (b *settlementBench) close() {
	if b.owner != nil {
		b.owner.Close()
	}
	if b.app != nil {
		b.app.Close()
	}
}

// settle is our side: all due orders of a new merchant.
func (b *settlementBench) settle(ctx context.Context, i int) (float64, error) {
	merchant, orders := int64(settlementMerchant+i), b.world.dueOrders
	if err := b.fill(ctx, merchant); err != nil {
		return 0, err
	}
	deps := settlement.Deps{DB: b.app, Clock: clock.System{}}
	var done int64
	began := time.Now()
	err := deps.Settle(ctx, merchant, clock.Wall(), func(n int64) error { done = n; return nil })
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	if done != int64(orders) {
		return 0, fmt.Errorf("%d of %d orders were settled", done, orders)
	}
	fmt.Printf("settled %d orders in %s\n", done, took.Round(time.Millisecond))
	return float64(orders) / took.Seconds(), b.remember(ctx, merchant)
}

// fill gives a new merchant its due orders, paid in a day, and the unsettled money they stand for.
func (b *settlementBench) fill(ctx context.Context, merchant int64) error {
	if _, err := b.owner.Exec(ctx, fillBooks, merchant, merchant); err != nil {
		return err
	}
	for _, sql := range []string{`
		INSERT INTO trades (merchant_id, total, settlement_total, coupon, fee, success_time, recorded_at, rate, source,
			transaction_id, out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach, due_at)
		SELECT $1::bigint, x, x, 0, (x * 6 + 500) / 1000, at, at, 60, 'channel', '4200999999' || lpad(g::text, 18, '0'), 'BENCH' || lpad(g::text, 15, '0'),
			'JSAPI', 'SUCCESS', 'CMB_DEBIT', 'wx', 'oBench', '', '', '日用百货 组合装', '', at + interval '5 minutes'
		FROM generate_series(1, $2::bigint) g, LATERAL (SELECT 1000 + g % 997 * 91 AS x,
			date_trunc('second', $3::timestamptz - make_interval(secs => 90000 - g * 86400.0 / $2)) AS at) t`, `
		UPDATE accounts SET balance = (SELECT sum(settlement_total) FROM trades WHERE merchant_id = $1::bigint)
		WHERE merchant_id = $1::bigint AND account = 'UNSETTLED' AND $2::bigint > 0 AND $3::timestamptz IS NOT NULL`} {
		if _, err := b.owner.Exec(ctx, sql, merchant, b.world.dueOrders, clock.Wall()); err != nil {
			return fmt.Errorf("fill due orders: %w", err)
		}
	}
	_, err := b.owner.Exec(ctx, "VACUUM ANALYZE trades")
	return err
}

// remember reads back what was booked.
func (b *settlementBench) remember(ctx context.Context, merchant int64) error {
	b.rows = nil
	for _, table := range []string{"transfers", "entries"} {
		err := b.raw(ctx, func(conn *pgx.Conn) error {
			var text bytes.Buffer
			_, err := conn.PgConn().CopyTo(ctx, &text, fmt.Sprintf("COPY (SELECT * FROM %s WHERE merchant_id = %d) TO STDOUT", table, merchant))
			b.rows = append(b.rows, copied{table, text.Bytes()})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// copyRows is the limit: the same rows through COPY into new tables, again until it has run long enough.
func (b *settlementBench) copyRows(ctx context.Context, _ int) (float64, error) {
	var took time.Duration
	times := 0
	err := b.raw(ctx, func(conn *pgx.Conn) error {
		for ; took < sideMin; times++ {
			once, err := copyOnce(ctx, conn, b.rows)
			if err != nil {
				return err
			}
			took += once
		}
		return nil
	})
	return float64(times*b.world.dueOrders) / took.Seconds(), err
}

// copyOnce copies rows into empty tables like those they come from and tells how long that took.
func copyOnce(ctx context.Context, conn *pgx.Conn, rows []copied) (time.Duration, error) {
	for _, c := range rows {
		sql := fmt.Sprintf("DROP TABLE IF EXISTS copy_%s; CREATE TABLE copy_%[1]s (LIKE %[1]s INCLUDING ALL)", c.table)
		if _, err := conn.PgConn().Exec(ctx, sql).ReadAll(); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	for _, c := range rows {
		if _, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(c.text), "COPY copy_"+c.table+" FROM STDIN"); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (b *settlementBench) raw(ctx context.Context, f func(conn *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, b.dsn)
	if err != nil {
		return err
	}
	return errors.Join(f(conn), conn.Close(ctx))
}
