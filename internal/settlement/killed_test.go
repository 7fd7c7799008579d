package settlement_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/identity"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/payout"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/trade"
	"zhanggui/internal/vault"
)

func TestMain(m *testing.M) {
	if dbtest.BeVictim(settleUntilKilled) {
		return
	}
	os.Exit(m.Run())
}

const (
	ordersALife = 1000 // of each merchant
	killChunk   = 125  // orders a transaction, so that a run has many
)

// payday is the day on which the orders of a life are paid; they are settled on the day after.
func payday(life int) clock.Day { return clock.Day("2026-11-23").Add(life) }

// amountOf is what the i-th order of a life comes to, the same in every process.
func amountOf(life, i int) money.Fen { return money.Fen(1 + (life*7919+i*104729)%50_000) }

// killed is what does the work that is broken off.
type killed struct {
	settlement.Deps
	payouts payout.Deps
}

// killable is settlement as the program that is killed has it, over a bank that says what it is told to pay.
func killable(d *db.DB, now clock.Clock, say func(string)) (killed, error) {
	v, err := vault.Open([]byte(strings.Repeat("7", vault.KeySize)))
	if err != nil {
		return killed{}, err
	}
	gate := identity.New(identity.Parts{DB: d, Clock: now, Vault: v, Hub: signal.NewHub(), Base: "http://127.0.0.1"})
	settle := settlement.Deps{DB: d, Clock: now, Vault: v, Gate: gate}
	return killed{settle, payout.Deps{DB: d, Clock: now, Vault: v, Bank: teller{say},
		Owners: map[payout.Purpose]payout.Owner{payout.ForSettlement: settle.Moved}}}, nil
}

// teller is a bank whose every second answer is lost on its way back.
type teller struct{ say func(string) }

func (b teller) Pay(_ context.Context, batch payout.Batch) error {
	for _, o := range batch.Orders {
		b.say(fmt.Sprintf("pay %s %d", o.Number, o.Amount))
	}
	if len(batch.Orders)%2 == 0 {
		return errLost
	}
	return nil
}

func (teller) Ask(context.Context, string) (payout.Answer, error) {
	return payout.Answer{}, payout.ErrUnknown
}

// settleUntilKilled is the program that is killed: it looks at what the life before left, takes new orders in,
// and settles both merchants while it says that it lives.
func settleUntilKilled(ctx context.Context, dsn, order string, say func(string)) error {
	life, err := strconv.Atoi(order)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	now := clock.At(payday(life).Start().Add(12 * time.Hour))
	deps, err := killable(d, now, say)
	if err != nil {
		return err
	}
	if err := errors.Join(openTwo(ctx, deps.Deps), unbroken(ctx, d)); err != nil {
		return err
	}
	for _, m := range []int64{upgraded, legacy} {
		if err := takeOrders(ctx, d, m, life, now.Now()); err != nil {
			return err
		}
	}
	now.Set(payday(life + 1).Start().Add(settlement.CutAt))
	say("begun")
	ended := make(chan error, 2)
	go func() { ended <- deps.SettleBy(ctx, upgraded, now.Now(), killChunk) }()
	go func() { ended <- cutAndSend(ctx, deps, clock.DayOf(now.Now())) }()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for left := 2; ; {
		select {
		case <-tick.C:
			say("alive")
		case err := <-ended:
			if err != nil && !errors.Is(err, errLost) {
				return err
			}
			if left--; left == 0 {
				say("settled")
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func cutAndSend(ctx context.Context, deps killed, today clock.Day) error {
	if err := deps.CutBy(ctx, legacy, today, killChunk); err != nil {
		return err
	}
	return deps.payouts.HandIn(ctx, legacy, fmt.Sprintf("B%d%s", legacy, today.Start().Format("20060102")))
}

// openTwo opens the merchants in the first life.
func openTwo(ctx context.Context, deps settlement.Deps) error {
	return deps.DB.InTx(ctx, func(tx db.Tx) error {
		var there bool
		if err := tx.PG().QueryRow(ctx, "SELECT EXISTS (SELECT FROM books)").Scan(&there); err != nil || there {
			return err
		}
		opened := payday(0).Start().AddDate(-1, 0, 0)
		for id, system := range map[int64]merchant.System{upgraded: merchant.Upgraded, legacy: merchant.Legacy} {
			n := merchant.New{ID: id, Kind: merchant.Direct, LegalName: "商户有限公司", ShortName: "商户", Cycle: merchant.T1, System: system,
				FeeRate: rate, SettlementBank: "招商银行", SettlementAccount: cardInUse, AppID: "wx1"}
			if err := merchant.Create(ctx, tx, deps.Vault, n, opened); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, id, system, opened); err != nil {
				return err
			}
		}
		return nil
	})
}

// takeOrders books a life's orders, as the channel tells of them.
func takeOrders(ctx context.Context, d *db.DB, m int64, life int, at time.Time) error {
	asks := make([]trade.Paid, ordersALife)
	for i := range asks {
		no := fmt.Sprintf("42%010d%06d%010d", m, life, i)
		asks[i] = trade.Paid{MerchantID: m, TransactionID: no, OutTradeNo: "o" + no, Total: amountOf(life, i), SettlementTotal: amountOf(life, i),
			SuccessTime: at.Add(-time.Minute), TradeType: "JSAPI", AppID: "wx1"}
	}
	return d.InTx(ctx, func(tx db.Tx) error {
		taken, err := trade.TakeMany(ctx, tx, at, asks, func(context.Context, db.Tx, int64, []time.Time) error { return nil })
		for _, each := range taken {
			err = errors.Join(err, each.Refused)
		}
		return err
	})
}

// nobody has no key: no head is signed here.
type nobody struct{}

func (nobody) Verify(string, []byte, []byte) error { return errors.New("no key") }

// unbroken checks everything that settlement writes.
func unbroken(ctx context.Context, d *db.DB) error {
	_, books, err := ledger.Verifier{DB: d, Keys: nobody{}}.Verify(ctx)
	if err != nil {
		return err
	}
	_, lines, err := settlement.Verify(ctx, d.PG())
	if err != nil {
		return err
	}
	_, orders, err := trade.Verify(ctx, d.PG())
	if found := append(append(books, lines...), orders...); len(found) > 0 {
		return fmt.Errorf("broken: %q", found)
	}
	return err
}

func TestAnyKillInMidSettlementDoublesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	kills := killsOf(t)
	dice := rand.New(rand.NewPCG(rand.Uint64(), 0))
	v := dbtest.NewVictim(t)
	payments := map[string]string{}
	inside := 0
	for life := range kills {
		begun, settled, left := false, false, 1+dice.IntN(200)
		v.Life(t, strconv.Itoa(life), []dbtest.Kill{{Program: true}, {Program: true, Server: true}, {Server: true}}[life%3], func(line string) bool {
			begun, settled = begun || line == "begun", settled || line == "settled"
			if number, amount, ok := strings.Cut(strings.TrimPrefix(line, "pay "), " "); ok && strings.HasPrefix(line, "pay ") {
				if before := payments[number]; before != "" && before != amount {
					t.Errorf("payment %s is of %s and of %s", number, before, amount)
				}
				payments[number] = amount
			}
			if begun && line == "alive" {
				left--
			}
			return left <= 0
		})
		if !settled {
			inside++
		}
	}
	if inside == 0 && kills >= killsMany { // few kills may all come late on a quick machine
		t.Errorf("of %d kills none was in mid-settlement", kills)
	}
	afterAll(t, v.Open(t), kills, payments)
	dbtest.Figure(t, "kills of the program, of its PostgreSQL, or of both, while they settle", "%d, %d of them before the run had ended; %d orders settled once each",
		kills, inside, 2*kills*ordersALife)
}

// killsMany are kills of which some must have come in the middle.
const killsMany = 10

func killsOf(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("ZHANGGUI_SETTLEMENT_KILLS"))
	if err != nil {
		n = 2
	}
	return n
}

// afterAll ends what the last life left, and compares with sums over all orders.
func afterAll(t *testing.T, d *db.DB, lives int, payments map[string]string) {
	t.Helper()
	ctx, today := t.Context(), clock.Day("2027-01-04") // a Monday after everything
	if lives > 40 {
		today = payday(lives + 7)
	}
	now := clock.At(today.Start().Add(settlement.CutAt))
	deps, err := killable(d, now, func(line string) {
		number, amount, _ := strings.Cut(strings.TrimPrefix(line, "pay "), " ")
		if before := payments[number]; before != "" && before != amount {
			t.Errorf("payment %s is of %s and of %s", number, before, amount)
		}
	})
	must(t, err)
	must(t, deps.SettleBy(ctx, upgraded, now.Now(), killChunk))
	must(t, deps.CutBy(ctx, legacy, today, killChunk))
	must(t, unbroken(ctx, d))
	var gross, fees money.Fen
	for life := range lives {
		for i := range ordersALife {
			gross, fees = gross+amountOf(life, i), fees+rate.Of(amountOf(life, i))
		}
	}
	for m, own := range map[int64]ledger.Account{upgraded: ledger.Basic, legacy: ledger.InSettle} {
		got, err := ledger.Balances(ctx, d.PG(), m)
		must(t, err)
		if got[ledger.Unsettled] != 0 || got[own] != gross-fees || got[ledger.FeeIncome] != fees || got[ledger.Channel] != -gross {
			t.Errorf("the books of %d stand at %v, want %s on %s and fees of %s", m, got, gross-fees, own, fees)
		}
	}
	var twice int
	must(t, d.PG().QueryRow(ctx, "SELECT count(*) FROM (SELECT day FROM bank_payments GROUP BY merchant_id, day HAVING count(*) > 1) d").Scan(&twice))
	if twice > 0 {
		t.Errorf("%d lines have two payments", twice)
	}
}
