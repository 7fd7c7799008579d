package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"zhanggui/internal/batch"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
)

// tally adds up what was booked of each merchant, by all who book.
type tally struct {
	mu     sync.Mutex
	stands map[int64]money.Fen
	ids    map[string]bool
	twice  []string
}

func (t *tally) count(m ledger.Transfer, o ledger.Outcome) {
	if o.Refused != nil || o.Known {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stands[m.Merchant] += m.Legs[len(m.Legs)-1].Amount
	id := fmt.Sprint(m.Merchant, " ", o.ID)
	if t.ids[id] {
		t.twice = append(t.twice, id)
	}
	t.ids[id] = true
}

// crowd opens three merchants and gives a random move of one of them: income twice as often as not.
func crowd(t *testing.T, d *db.DB) (*tally, func(r *rand.Rand, key string) ledger.Transfer) {
	t.Helper()
	ids := []int64{1900000101, 1900000102, 1900000103}
	for _, id := range ids {
		openMerchant(t, d, id, merchant.Upgraded, noon)
	}
	return &tally{stands: map[int64]money.Fen{}, ids: map[string]bool{}}, func(r *rand.Rand, key string) ledger.Transfer {
		m, x := ids[r.IntN(3)], money.Fen(1+r.IntN(100))
		if r.IntN(3) > 0 {
			return topUp(m, ledger.Basic, key, x)
		}
		s := spend(m, ledger.Basic, key, 3*x, false)
		s.Legs[0], s.Legs[1] = s.Legs[1], s.Legs[0]
		return s
	}
}

// agrees fails unless BASIC of each merchant stands at what was told to those who booked.
func (t *tally) agrees(tt *testing.T, d *db.DB) {
	tt.Helper()
	for _, twice := range t.twice {
		tt.Errorf("two transfers got the place %s", twice)
	}
	booked := int64(0)
	for m, want := range t.stands {
		got, err := ledger.Balances(tt.Context(), d.PG(), m)
		if err != nil {
			tt.Fatal(err)
		}
		if got[ledger.Basic] != want {
			tt.Errorf("BASIC of %d stands at %s, want %s", m, got[ledger.Basic], want)
		}
	}
	booked += int64(len(t.ids))
	if n := sound(tt, d); n != 2*booked {
		tt.Errorf("%d entries of %d transfers", n, booked)
	}
}

func TestSixteenWhoBookManyOfTheSameMerchantsNeverWaitInARing(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	sums, move := crowd(t, d)
	seed := seedOf(t)
	var all sync.WaitGroup
	var calls, runs atomic.Int64
	for n := range 16 {
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() {
			for i := range 12 {
				some := make([]ledger.Transfer, 1+r.IntN(40))
				for j := range some {
					some[j] = move(r, fmt.Sprint(n, "-", i, "-", j))
				}
				var got []ledger.Outcome
				calls.Add(1)
				err := d.InTx(t.Context(), func(tx db.Tx) (err error) {
					runs.Add(1)
					got, err = ledger.PostMany(t.Context(), tx, noon, some)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				for j := range some {
					sums.count(some[j], got[j])
				}
			}
		})
	}
	all.Wait()
	if calls.Load() != runs.Load() {
		t.Errorf("%d of %d transactions were done again", runs.Load()-calls.Load(), calls.Load())
	}
	sums.agrees(t, d)
}

func TestFiveHundredCallersShareTransactions(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	sums, move := crowd(t, d)
	var transactions atomic.Int64
	b := batch.New(3, func(ctx context.Context, asks []ledger.Transfer) (got []ledger.Outcome, err error) {
		transactions.Add(1)
		err = d.InTx(ctx, func(tx db.Tx) (err error) { got, err = ledger.PostMany(ctx, tx, noon, asks); return err })
		return got, err
	})
	seed := seedOf(t)
	var all sync.WaitGroup
	for n := range 500 {
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() {
			for i := range 8 {
				m := move(r, fmt.Sprint(n, "-", i))
				o, err := b.Do(t.Context(), m.Merchant, m)
				if err != nil {
					t.Error(err)
					return
				}
				sums.count(m, o)
				if o.Refused != nil || i > 0 {
					continue
				}
				if again, err := b.Do(t.Context(), m.Merchant, m); err != nil || !again.Known || again.ID != o.ID {
					t.Errorf("%+v again: %+v, %v", o, again, err)
				}
			}
		})
	}
	all.Wait()
	if n := transactions.Load(); n > 4000 {
		t.Errorf("%d transactions for 4500 moves: nobody shared", n)
	}
	sums.agrees(t, d)
}
