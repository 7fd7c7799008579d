package settlement_test

import (
	"context"
	"errors"
	"maps"
	"sync"

	"zhanggui/internal/settlement"
)

// bank keeps a book of its own: what it was handed, each number once. silent calls fail after they took
// effect; deaf ones before.
type bank struct {
	mu     sync.Mutex
	paid   map[string]settlement.Order
	calls  int
	silent int
	deaf   int
	stands map[string]settlement.Answer
}

func newBank() *bank {
	return &bank{paid: map[string]settlement.Order{}, stands: map[string]settlement.Answer{}}
}

var (
	errLost  = errors.New("no answer")
	errOther = errors.New("another payment under the same number")
)

func (b *bank) Pay(_ context.Context, batch settlement.Batch) error {
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

func (b *bank) Ask(_ context.Context, number string) (settlement.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.paid[number]; !known {
		return settlement.Answer{}, settlement.ErrUnknownPayment
	}
	if a, ok := b.stands[number]; ok {
		return a, nil
	}
	return settlement.Answer{Verdict: settlement.Processing}, nil
}

func (b *bank) book() map[string]settlement.Order {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.paid)
}
