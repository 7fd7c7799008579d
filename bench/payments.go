package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/bench/limit"
	"zhanggui/internal/access"
	"zhanggui/internal/batch"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
	"zhanggui/internal/postgres"
	"zhanggui/internal/transfer"
	"zhanggui/internal/vault"
)

// What is asked of payments: the shape of G2, with the product's own rules above the ledger.
const (
	payMany, payHot, payHotMany = 0.7, 0.6, 0.8
	payAccepted, payPaid        = 0.35, 0.15 // of a file: checked and kept besides, and booked once more when paid
)

// paymentsBench is the same merchants twice: ours, and those of the function written by hand.
type paymentsBench struct {
	postingBench

	deps     transfer.Deps
	together *batch.Batcher[transfer.Ask, transfer.Outcome]
	lastFile int64 // how many files were run, each of a merchant of its own
	asked    atomic.Int64
}

// one is the one merchant that is asked for at the moment: another takes over well before the limit of a day.
func (b *paymentsBench) one() int64 {
	const turn = int64(transfer.DayMax/paidEach) / 2
	return postingHot - b.asked.Add(1)/turn
}

// measurePayments accepts enterprise payments of many merchants and of one, through the feature's verb and a
// batcher, against one SQL function written by hand.
func measurePayments(ctx context.Context, w *world) (section, error) {
	b := &paymentsBench{postingBench: postingBench{world: w}}
	defer b.close()
	if err := b.open(ctx); err != nil {
		return section{}, err
	}
	writing, stop := context.WithCancel(ctx)
	defer stop()
	go b.limit.Write(writing)
	many := func() int64 { return postingFirst + rand.Int64N(postingMerchants) }
	hot := b.one
	duels := []duel{
		{name: "many merchants ÷ by hand", ours: b.side(many, b.pay), limit: b.side(many, b.byHand), other: "SQL function, batched"},
		{name: "one merchant ÷ by hand", ours: b.side(hot, b.pay), limit: b.side(hot, b.byHand), other: "SQL function, batched"},
		{name: "one merchant ÷ many", ours: b.side(hot, b.pay), limit: b.side(many, b.pay), other: "many merchants"},
	}
	duels = append(duels, b.files()...)
	wants := []float64{payMany, payHot, payHotMany, payAccepted, payPaid}
	s := section{Title: "Payments", Text: []string{fmt.Sprintf("Enterprise payments are accepted: who pays, limits of payee and merchant, the payment, "+
		"its transfer of two entries, and the work that sends it. %d wait at any moment; a batcher in front of the feature's verb accepts what waits in one transaction. "+
		"By hand is one SQL function that writes the same rows, refuses nothing and looks nothing up. "+
		"A file is read, its rows are judged and kept, then accepted %d at a time; until it is paid, each payment is also sent to a channel that answers at once, "+
		"booked and told of. By hand there is neither file nor sending.", inFlight, transfer.ManyMax)}}
	for i, d := range duels {
		d.unit, d.ourName, d.needsDisk = "payments/s", "product", true
		rounds, err := d.fight(ctx, w)
		if err != nil {
			return s, err
		}
		r := ratios(rounds)
		s.Goals = append(s.Goals, goal{"payments, " + d.name, fmt.Sprintf("≥ %g", wants[i]),
			fmt.Sprintf("%.2f [%.2f–%.2f]", r.Median, r.Min, r.Max), r.Median >= wants[i]})
		s.Duels = append(s.Duels, fought{d, rounds})
	}
	rows, err := b.rowsWritten(ctx)
	s.Text = append(s.Text, rows)
	return s, err
}

func (b *paymentsBench) open(ctx context.Context) error {
	var pools []*pgxpool.Pool
	for _, name := range []string{"bench_payments", "bench_payments_limit"} {
		if _, err := b.world.asSuper(ctx, "CREATE DATABASE "+name+" OWNER "+postgres.Owner); err != nil {
			return err
		}
		if err := db.Migrate(ctx, b.world.dsn(name), false); err != nil {
			return err
		}
		owner, err := pgxpool.New(ctx, b.world.dsn(name))
		if err != nil {
			return err
		}
		pools, b.pools = append(pools, owner), append(b.pools, owner)
		for _, sql := range []string{fillBooks, fillPaying} {
			if _, err := owner.Exec(ctx, sql, postingFirst, postingHot); err != nil {
				return fmt.Errorf("fill payments: %w", err)
			}
		}
	}
	var err error
	if b.app, err = db.Open(ctx, b.world.dsn("bench_payments"), db.Options{}); err != nil {
		return err
	}
	v, err := vault.Open([]byte(strings.Repeat("7", vault.KeySize)))
	if err != nil {
		return err
	}
	b.deps = transfer.Deps{DB: b.app, Clock: clock.System{}, Vault: v, Channel: promptChannel{}}
	b.together = batch.New(2, b.accept)
	pool, err := pgxpool.New(ctx, b.world.dsn("bench_payments_limit"))
	if err != nil {
		return err
	}
	b.pools = append(b.pools, pool)
	b.limit, err = limit.OpenPayments(ctx, pools[1], pool)
	return err
}

// fillPaying gives every merchant money, the transit account, and the product. No page shows that the money
// came from nowhere.
const fillPaying = `WITH money AS (UPDATE accounts SET balance = 10000000000 WHERE account = 'BASIC' AND merchant_id BETWEEN $1::bigint AND $2::bigint),
	transit AS (
		INSERT INTO accounts (merchant_id, account, hash, opened_at)
		SELECT g, 'T_TRANSFER', sha256(convert_to(format(E'zhanggui books 1\n%s\n%s\n', g, 'T_TRANSFER'), 'UTF8')), '2025-01-01' FROM generate_series($1::bigint, $2::bigint) g)
	INSERT INTO product_openings (merchant_id, n, asked_at, opened_at, code, state, asked_by, version, hash, agreement)
	SELECT g, 1, '2025-01-01', '2025-01-01', 'enterprise_payment', 'open', 'bench', '1', encode(sha256('1'), 'hex'), '1' FROM generate_series($1::bigint, $2::bigint) g`

// accept is what the batcher runs.
func (b *paymentsBench) accept(ctx context.Context, asks []transfer.Ask) (outcomes []transfer.Outcome, err error) {
	err = b.app.InTx(ctx, func(tx db.Tx) error {
		outcomes, err = b.deps.AcceptMany(ctx, tx, asks)
		return err
	})
	return outcomes, err
}

// payee is a person of each payment's own: nobody meets the limits of a payee.
var payee atomic.Int64

const paidEach money.Fen = 30

func (b *paymentsBench) pay(ctx context.Context, merchant int64, _ string, _ int64) error {
	no := fmt.Sprintf("o%d", payee.Add(1))
	o, err := b.together.Do(ctx, merchant, transfer.Ask{Scope: access.Job(merchant, access.System), Number: no, OpenID: no, Check: transfer.NoCheck,
		Amount: paidEach, Description: "bench", Address: "127.0.0.1"})
	if err == nil {
		err = o.Refused
	}
	return err
}

func (b *paymentsBench) byHand(ctx context.Context, merchant int64, _ string, _ int64) error {
	return b.limit.Together(ctx, merchant, fmt.Sprintf("o%d", payee.Add(1)), int64(paidEach))
}
