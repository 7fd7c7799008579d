package settlement_test

import (
	"context"
	"errors"
	"maps"
	"sync"

	"zhanggui/internal/payout"
)

// bank keeps a book of its own: what it was handed, each number once. silent calls fail after they took
// effect; deaf ones before.
type bank struct {
	mu     sync.Mutex
	paid   map[string]payout.Order
	calls  int
	silent int
	deaf   int
	stands map[string]payout.Answer
}

func newBank() *bank {
	return &bank{paid: map[string]payout.Order{}, stands: map[string]payout.Answer{}}
}

var (
	errLost  = errors.New("no answer")
	errOther = errors.New("another payment under the same number")
)

func (b *bank) Pay(_ context.Context, batch payout.Batch) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.deaf > 0 {
		b.deaf--
		return errLost
	}
	for _, o := range batch.Orders {
		if before, known := b.paid[o.Number]; known && before != o {
			return errOther
		}
		b.paid[o.Number] = o
	}
	if b.silent > 0 {
		b.silent--
		return errLost
	}
	return nil
}

func (b *bank) Ask(_ context.Context, number string) (payout.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, known := b.paid[number]
	if !known {
		return payout.Answer{}, payout.ErrUnknown
	}
	a, said := b.stands[number]
	if !said {
		a.Verdict = payout.Processing
	}
	a.Amount = o.Amount
	return a, nil
}

func (b *bank) book() map[string]payout.Order {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.paid)
}
