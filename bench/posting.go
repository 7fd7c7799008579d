package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/bench/limit"
	"zhanggui/internal/batch"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/postgres"
)

// What is asked of posting: G1, G2 and G4 of the goals.
const (
	postingMerchants = 1_000 // of the many; the hot one comes after them
	postingFirst     = 1_910_000_000
	postingHot       = postingFirst + postingMerchants
	inFlight         = 256
	pgbenchScale     = 50
	pgbenchClients   = 16

	manyWant, manyLimitWant        = 1.3, 0.7
	hotWant, hotLimitWant, hotMany = 3.0, 0.6, 0.8
	latencyMax                     = 25 * time.Millisecond
	latencyTimesMax                = 2.0
)

// postingBench is the same empty books twice: ours, and those of the program written by hand.
type postingBench struct {
	world    *world
	app      *db.DB
	together *batch.Batcher[ledger.Transfer, ledger.Outcome]
	limit    *limit.Posting
	pools    []*pgxpool.Pool
	number   atomic.Int64
}

// measurePosting books trades of many merchants and of one, through the ledger's verb and its batcher,
// against pgbench and against one SQL function written by hand.
func measurePosting(ctx context.Context, w *world) (section, error) {
	b := &postingBench{world: w}
	defer b.close()
	if err := b.open(ctx); err != nil {
		return section{}, err
	}
	writing, stop := context.WithCancel(ctx)
	defer stop()
	go b.limit.Write(writing)
	many := func() int64 { return postingFirst + rand.Int64N(postingMerchants) }
	hot := func() int64 { return postingHot }
	duels := []duel{
		{name: "many merchants ÷ pgbench", ours: b.side(many, b.ours), limit: b.pgbench, other: "pgbench"},
		{name: "many merchants ÷ by hand", ours: b.side(many, b.ours), limit: b.side(many, b.limit.Together), other: "SQL function, batched"},
		{name: "one merchant ÷ pgbench", ours: b.side(hot, b.ours), limit: b.pgbench, other: "pgbench"},
		{name: "one merchant ÷ by hand", ours: b.side(hot, b.ours), limit: b.side(hot, b.limit.Together), other: "SQL function, batched"},
		{name: "one merchant ÷ many", ours: b.side(hot, b.ours), limit: b.side(many, b.ours), other: "many merchants"},
	}
	wants := []float64{manyWant, manyLimitWant, hotWant, hotLimitWant, hotMany}
	s := section{Title: "Posting", Text: []string{fmt.Sprintf("Each transfer is a paid trade: a row of transfers, two of entries with balance and hash, "+
		"two balances, a daily sum, the merchant's counter. %d wait at any moment; the ledger's batcher books what waits in one transaction. "+
		"pgbench is tpcb-like, scale %d, %d clients, prepared. By hand is one SQL function that knows this event alone and writes the same rows. ",
		inFlight, pgbenchScale, pgbenchClients)}}
	for i, d := range duels {
		d.unit, d.ourName, d.needsDisk = "transfers/s", "ledger", true
		rounds, err := d.fight(ctx, w)
		if err != nil {
			return s, err
		}
		r := ratios(rounds)
		s.Goals = append(s.Goals, goal{"posting, " + d.name, fmt.Sprintf("≥ %.1f", wants[i]),
			fmt.Sprintf("%.2f [%.2f–%.2f]", r.Median, r.Min, r.Max), r.Median >= wants[i]})
		s.Duels = append(s.Duels, fought{d, rounds})
	}
	if err := b.latency(ctx, &s, spreadOf(ours(s.Duels[1].Rounds)).Median/2); err != nil {
		return s, err
	}
	rows, err := b.rowsWritten(ctx)
	s.Text = append(s.Text, rows)
	return s, err
}

func (b *postingBench) open(ctx context.Context) error {
	var owners []*pgxpool.Pool
	for _, name := range []string{"bench_ledger", "bench_ledger_limit", "bench_tpcb"} {
		if _, err := b.world.asSuper(ctx, "CREATE DATABASE "+name+" OWNER "+postgres.Owner); err != nil {
			return err
		}
	}
	for _, name := range []string{"bench_ledger", "bench_ledger_limit"} {
		if err := db.Migrate(ctx, b.world.dsn(name), false); err != nil {
			return err
		}
		owner, err := pgxpool.New(ctx, b.world.dsn(name))
		if err != nil {
			return err
		}
		owners, b.pools = append(owners, owner), append(b.pools, owner)
		if _, err := owner.Exec(ctx, fillBooks, postingFirst, postingHot); err != nil {
			return fmt.Errorf("fill books: %w", err)
		}
	}
	var err error
	if b.app, err = db.Open(ctx, b.world.dsn("bench_ledger"), db.Options{}); err != nil {
		return err
	}
	b.together = batch.New(2, b.post)
	pool, err := pgxpool.New(ctx, b.world.dsn("bench_ledger_limit"))
	if err != nil {
		return err
	}
	b.pools = append(b.pools, pool)
	if b.limit, err = limit.OpenPosting(ctx, owners[1], pool); err != nil {
		return err
	}
	return b.runPgbench(ctx, "-i", "-q", "-s", strconv.Itoa(pgbenchScale))
}

// fillBooks opens the merchants with their books; the two accounts are there, so that the hand-written
// function finds them.
const fillBooks = `WITH m AS (
		INSERT INTO merchants (merchant_id, kind, legal_name, short_name, settlement_cycle, account_system, settlement_account,
			settlement_account_index, settlement_account_tail, appid, opened_at)
		SELECT g, 'direct', '量衡', '量衡', 'T+1', 'upgraded', '', '', '0000', 'wx', '2025-01-01' FROM generate_series($1::bigint, $2::bigint) g
		RETURNING merchant_id
	), b AS (INSERT INTO books (merchant_id, booked_at, closed) SELECT merchant_id, '2025-01-01', '2024-12-31' FROM m)
	INSERT INTO accounts (merchant_id, account, hash, opened_at)
	SELECT merchant_id, a, sha256(convert_to(format(E'zhanggui books 1\n%s\n%s\n', merchant_id, a), 'UTF8')), '2025-01-01'
	FROM m, unnest(ARRAY['UNSETTLED', 'BASIC', 'CHANNEL']) a`

func (b *postingBench) close() {
	for _, p := range b.pools {
		p.Close()
	}
	if b.app != nil {
		b.app.Close()
	}
}

// post is what the batcher runs.
func (b *postingBench) post(ctx context.Context, asks []ledger.Transfer) (outcomes []ledger.Outcome, err error) {
	err = b.app.InTx(ctx, func(tx db.Tx) error {
		outcomes, err = ledger.PostMany(ctx, tx, clock.Wall(), asks)
		return err
	})
	return outcomes, err
}

func paidTrade(merchant int64, key string, amount int64) ledger.Transfer {
	return ledger.Transfer{Merchant: merchant, Kind: "trade", Key: key, BusinessNo: key, VoucherNo: key, Applicant: "system",
		Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -money.Fen(amount)}, {Account: ledger.Unsettled, Amount: money.Fen(amount), Row: ledger.RowTrade}}}
}

func (b *postingBench) ours(ctx context.Context, merchant int64, key string, amount int64) error {
	o, err := b.together.Do(ctx, merchant, paidTrade(merchant, key, amount))
	if err == nil {
		err = o.Refused
	}
	return err
}

// side keeps so many transfers in flight for as long as a side runs.
func (b *postingBench) side(merchant func() int64, post func(ctx context.Context, merchant int64, key string, amount int64) error) side {
	return func(ctx context.Context, _ int) (float64, error) {
		var done atomic.Int64
		var failed atomic.Value
		var all sync.WaitGroup
		began := time.Now()
		for range inFlight {
			all.Go(func() {
				for time.Since(began) < sideMin && ctx.Err() == nil {
					key := fmt.Sprintf("4200%024d", b.number.Add(1))
					if err := post(ctx, merchant(), key, 100+b.number.Load()%900); err != nil {
						failed.Store(err)
						return
					}
					done.Add(1)
				}
			})
		}
		all.Wait()
		if err, ok := failed.Load().(error); ok {
			return 0, err
		}
		return float64(done.Load()) / time.Since(began).Seconds(), nil
	}
}

var (
	pgbenchRate    = regexp.MustCompile(`tps = ([0-9.]+) \(without`)
	pgbenchLatency = regexp.MustCompile(`(?m)^\d+ \d+ (\d+) `)
)

// pgbench runs the yardstick everybody has.
func (b *postingBench) pgbench(ctx context.Context, _ int) (float64, error) {
	out, err := b.pgbenchOutput(ctx, "-c", strconv.Itoa(pgbenchClients), "-j", "2", "-M", "prepared", "-T", "4")
	if err != nil {
		return 0, err
	}
	m := pgbenchRate.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("pgbench said nothing of a rate: %s", out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

func (b *postingBench) runPgbench(ctx context.Context, args ...string) error {
	_, err := b.pgbenchOutput(ctx, args...)
	return err
}

func (b *postingBench) pgbenchOutput(ctx context.Context, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, pgbenchPath(), append(args, b.world.dsn("bench_tpcb"))...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return out, nil
}

// pgbenchPath finds the program where PostgreSQL's others are.
func pgbenchPath() string {
	if folder := os.Getenv("PGBIN"); folder != "" {
		return filepath.Join(folder, "pgbench")
	}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench"); len(found) > 0 {
		return found[len(found)-1]
	}
	return "pgbench"
}
