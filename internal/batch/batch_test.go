package batch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/jackc/pgx/v5/pgconn"

	"zhanggui/internal/batch"
	"zhanggui/internal/db"
)

func TestWhoWaitsGoesTogetherAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		var batches [][]int
		b := batch.New(1, func(_ context.Context, asks []int) ([]int, error) {
			batches = append(batches, slices.Clone(asks))
			<-goOn
			answers := make([]int, len(asks))
			for i, a := range asks {
				answers[i] = a * 10
			}
			return answers, nil
		})
		var all sync.WaitGroup
		for n := range 701 {
			all.Go(func() {
				if got, err := b.Do(t.Context(), 1, n); err != nil || got != n*10 {
					t.Errorf("%d: %d, %v", n, got, err)
				}
			})
			synctest.Wait() // the first is being run, the others wait, each behind the one before
		}
		close(goOn)
		all.Wait()
		if len(batches) != 3 || len(batches[0]) != 1 || len(batches[1]) != batch.Max || len(batches[2]) != 200 {
			t.Fatalf("%d batches", len(batches))
		}
		if together := slices.Concat(batches...); !slices.IsSorted(together) || len(together) != 701 {
			t.Errorf("%d pieces came as %v", len(together), together)
		}
	})
}

func TestABadPieceFailsAlone(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	b := batch.New(2, func(_ context.Context, asks []int) ([]int, error) {
		if slices.Contains(asks, 13) {
			return nil, bad
		}
		return asks, nil
	})
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() {
			if got, err := b.Do(t.Context(), 7, n); (n == 13) != errors.Is(err, bad) || n != 13 && got != n {
				t.Errorf("%d: %d, %v", n, got, err)
			}
		})
	}
	all.Wait()
}

func TestADatabaseThatIsDownFailsAllAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		goOn, runs := make(chan struct{}), 0
		b := batch.New(1, func(_ context.Context, asks []int) ([]int, error) {
			<-goOn
			switch runs++; {
			case slices.Contains(asks, 13) && len(asks) > 1:
				return nil, errors.New("bad")
			case asks[0] == 5 || asks[0] > 100: // it went down while each was tried alone
				return nil, fmt.Errorf("book: %w", io.ErrUnexpectedEOF)
			}
			return asks, nil
		})
		var all sync.WaitGroup
		ask := func(from, to int, good func(int) bool) {
			for n := from; n < to; n++ {
				all.Go(func() {
					if _, err := b.Do(t.Context(), 1, n); good(n) == errors.Is(err, io.ErrUnexpectedEOF) {
						t.Errorf("%d: %v", n, err)
					}
				})
				synctest.Wait()
			}
		}
		ask(0, 50, func(n int) bool { return n < 5 })
		ask(101, 652, func(int) bool { return false })
		close(goOn)
		all.Wait()
		if runs != 1+1+5+1 { // the first, the rest together, alone until it went down, and those who came later
			t.Errorf("%d runs", runs)
		}
	})
}

func TestAKeyThatSomebodyHoldsIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		goOn, tries := make(chan struct{}), map[int]int{}
		var first sync.Once
		b := batch.New(1, func(_ context.Context, asks []int) ([]int, error) {
			first.Do(func() { <-goOn }) // so that all others come together
			if len(asks) > 1 || asks[0] < 100 {
				for _, a := range asks {
					tries[a]++
				}
				if slices.ContainsFunc(asks, func(a int) bool { return a < 100 }) {
					return nil, &pgconn.PgError{Code: "55P03"}
				}
			}
			return asks, nil
		})
		var all sync.WaitGroup
		do := func(key int64, ask int, held bool) {
			all.Go(func() {
				if _, err := b.Do(t.Context(), key, ask); db.Held(err) != held || !held && err != nil {
					t.Errorf("%d of key %d: %v", ask, key, err)
				}
			})
			synctest.Wait()
		}
		do(9, 900, false)
		do(1, 10, true)
		do(1, 11, true)
		do(2, 200, false)
		do(1, 12, true)
		do(2, 201, false)
		close(goOn)
		all.Wait()
		if tries[10] != 2 || tries[11] != 1 || tries[12] != 1 { // with all others, and then alone
			t.Errorf("tried %v", tries)
		}
	})
}

func TestWorkThatBeganIsFinishedThoughTheCallerLeft(t *testing.T) {
	t.Parallel()
	begun, goOn, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	b := batch.New(1, func(ctx context.Context, asks []int) ([]int, error) {
		close(begun)
		<-goOn
		defer close(done)
		return asks, ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { _, err := b.Do(ctx, 1, 1); left <- err }()
	<-begun
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(goOn)
	<-done
}

func TestAPanicIsTheErrorOfWhoAskedAndTheNextIsServed(t *testing.T) {
	t.Parallel()
	b := batch.New(1, func(_ context.Context, asks []int) ([]int, error) {
		if asks[0] < 0 {
			panic("below zero")
		}
		return asks, nil
	})
	if _, err := b.Do(t.Context(), 1, -1); err == nil {
		t.Error("the panic was no error")
	}
	if got, err := b.Do(t.Context(), 1, 7); err != nil || got != 7 {
		t.Errorf("%d, %v", got, err)
	}
}
