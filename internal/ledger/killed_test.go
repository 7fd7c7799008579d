package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/batch"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

func TestMain(m *testing.M) {
	if dbtest.BeVictim(bookUntilKilled) {
		return
	}
	os.Exit(m.Run())
}

const (
	bookers   = 8
	bookWidth = 3 // merchants
)

// order tells a life of the program how far its bookers were acknowledged before, and which day it is.
type order struct {
	From [bookers]int
	Days int
}

// piece is the j-th of the moves a booker makes at its step i: the same in every life.
func piece(booker, i, j int) ledger.Transfer {
	m, x := int64(1900000101+(booker+j)%bookWidth), money.Fen(10+(booker*7+i*3+j)%90)
	key := fmt.Sprintf("%d-%d-%d", booker, i, j)
	if j%2 == 1 { // what the piece before it on this merchant or another brought covers it
		return ledger.Transfer{Merchant: m, Kind: "trade", Key: key, BusinessNo: key, Applicant: "system",
			Legs: []ledger.Leg{{Account: ledger.Channel, Amount: -x}, {Account: ledger.Unsettled, Amount: x, Row: ledger.RowTrade}}}
	}
	return topUp(m, ledger.Basic, key, x)
}

func pieces(booker, i int) (all []ledger.Transfer) {
	for j := range 1 + (booker+i)%6 {
		all = append(all, piece(booker, i, j))
	}
	return all
}

// bookUntilKilled is the program that is killed: it looks at what the life before left, then books, closes
// days, and says what was acknowledged.
func bookUntilKilled(ctx context.Context, dsn, text string, say func(string)) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	d, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := openCrowd(ctx, d); err != nil {
		return err
	}
	n, problems, err := ledger.Verifier{DB: d, Keys: platform}.Verify(ctx)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("%d entries: %q, %w", n, problems, err)
	}
	say("ready")
	now := clock.At(noon.AddDate(0, 0, o.Days))
	b := batch.New(2, func(ctx context.Context, asks [][]ledger.Transfer) ([]error, error) {
		return make([]error, len(asks)), d.InTx(ctx, func(tx db.Tx) error { return bookAll(ctx, tx, now.Now(), asks) })
	})
	var all sync.WaitGroup
	failed := make(chan error, bookers+1)
	for w := range bookers {
		all.Go(func() {
			for i := o.From[w]; ctx.Err() == nil; i++ {
				if _, err := b.Do(ctx, int64(w), pieces(w, i)); err != nil {
					failed <- err
					return
				}
				say(fmt.Sprintf("ack %d %d", w, i))
			}
		})
	}
	all.Go(func() {
		for day := 1; ctx.Err() == nil; day++ {
			now.Set(noon.AddDate(0, 0, o.Days+day))
			if _, err := ledger.CloseDays(ctx, d, platform, now.Now()); err != nil {
				failed <- err
				return
			}
			say("closed")
		}
	})
	all.Wait()
	return <-failed
}

func bookAll(ctx context.Context, tx db.Tx, at time.Time, asks [][]ledger.Transfer) error {
	var some []ledger.Transfer
	for _, a := range asks {
		some = append(some, a...)
	}
	got, err := ledger.PostMany(ctx, tx, at, some)
	for _, o := range got {
		err = errors.Join(err, o.Refused)
	}
	return err
}

func openCrowd(ctx context.Context, d *db.DB) error {
	v, err := vault.Open([]byte(strings.Repeat("7", vault.KeySize)))
	if err != nil {
		return err
	}
	return d.InTx(ctx, func(tx db.Tx) error {
		var there int
		if err := tx.PG().QueryRow(ctx, "SELECT count(*) FROM books").Scan(&there); err != nil || there > 0 {
			return err
		}
		for i := range int64(bookWidth) {
			n := merchant.New{ID: 1900000101 + i, Kind: merchant.Direct, LegalName: "商户", ShortName: "商户", Cycle: merchant.T1,
				System: merchant.Upgraded, FeeRate: 60, SettlementAccount: "6222000000001234", AppID: "wx1"}
			if err := merchant.Create(ctx, tx, v, n, noon); err != nil {
				return err
			}
			if err := ledger.OpenBooks(ctx, tx, n.ID, n.System, noon); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestWhatWasAcknowledgedSurvivesAnyKillOnceEach(t *testing.T) {
	t.Parallel()
	kills := numberOf(t, "ZHANGGUI_LEDGER_KILLS", 3)
	r := rand.New(rand.NewPCG(seedOf(t), 9))
	v := dbtest.NewVictim(t)
	var o order
	for n := range kills {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		left := 1 + r.IntN(300)
		v.Life(t, string(text), []dbtest.Kill{{Program: true}, {Server: true}, {Program: true, Server: true}}[n%3], func(line string) bool {
			var w, i int
			switch _, err := fmt.Sscanf(line, "ack %d %d", &w, &i); {
			case err == nil:
				o.From[w] = i // booked again in the next life: it must be known
			case line == "closed":
				o.Days++
			}
			left--
			return left <= 0
		})
	}
	n := once(t, v.Open(t), o)
	dbtest.Figure(t, "kills of the program, of its PostgreSQL, or of both, while they book and close days", "%d; %d transfers survived once each, verify clean after each", kills, n)
}

// once fails unless everything acknowledged is there with what belongs to it, and nothing else but whole steps.
func once(t *testing.T, d *db.DB, o order) (transfers int) {
	t.Helper()
	sound(t, d)
	want := map[int64]map[ledger.Account]money.Fen{}
	for w := range bookers {
		for i := 0; ; i++ {
			there := booked(t, d, pieces(w, i))
			if i <= o.From[w] && !there && o.From[w] > 0 {
				t.Errorf("step %d of booker %d was acknowledged, and is gone", i, w)
			}
			if !there {
				break
			}
			for _, p := range pieces(w, i) {
				transfers++
				for _, l := range p.Legs {
					if want[p.Merchant] == nil {
						want[p.Merchant] = map[ledger.Account]money.Fen{}
					}
					want[p.Merchant][l.Account] += l.Amount
				}
			}
		}
	}
	for m, each := range want {
		stands(t, d, m, each)
	}
	var n int
	if err := d.PG().QueryRow(t.Context(), "SELECT count(*) FROM transfers").Scan(&n); err != nil || n != transfers {
		t.Errorf("%d transfers, want %d (%v)", n, transfers, err)
	}
	return transfers
}

// booked tells whether a step was booked: all of it, or nothing.
func booked(t *testing.T, d *db.DB, step []ledger.Transfer) bool {
	t.Helper()
	n := 0
	for _, p := range step {
		var amount money.Fen
		if err := d.PG().QueryRow(t.Context(), "SELECT coalesce(max(amount), 0) FROM transfers WHERE merchant_id = $1 AND kind = $2 AND business_key = $3",
			p.Merchant, string(p.Kind), p.Key).Scan(&amount); err != nil {
			t.Fatal(err)
		}
		if amount == p.Legs[1].Amount {
			n++
		}
	}
	if n != 0 && n != len(step) {
		t.Errorf("%d of %d moves of a step are there: %s", n, len(step), step[0].Key)
	}
	return n > 0
}
