package batch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"zhanggui/internal/batch"
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
