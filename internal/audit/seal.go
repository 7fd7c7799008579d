package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

// Topics of the signals that wake the sealer, and those who wait for seals.
const (
	TopicWritten = "audit"
	TopicSealed  = "audit.sealed"
)

// A row is sealed within two seconds of its commit.
const (
	sealEvery   = time.Second            // how long a missed signal can delay a seal
	sealPause   = 250 * time.Millisecond // between two sealings, so that a burst becomes one
	sealStopMax = 5 * time.Second
)

// Sealer seals what was committed. Every process runs one; a lock of the database lets one seal at a
// time, and it goes with its process, so the next one carries on.
type Sealer struct {
	DB     *db.DB
	Vault  *vault.Vault
	Hub    *signal.Hub
	Anchor Anchor // optional
}

// Run seals until ctx ends, and then once more what was committed until then.
func (s Sealer) Run(ctx context.Context) {
	written, cancel := s.Hub.Subscribe(TopicWritten)
	defer cancel()
	for ctx.Err() == nil {
		s.round(ctx)
		wait(ctx, sealPause, nil)
		wait(ctx, sealEvery, written)
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), sealStopMax)
	defer stop()
	s.round(last)
}

func wait(ctx context.Context, most time.Duration, woken <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-woken:
	case <-time.After(most):
	}
}

func (s Sealer) round(ctx context.Context) {
	if _, err := s.Seal(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "audit rows not sealed", "error", err)
	}
}

// Seal seals everything that is committed now and tells how many rows it were.
func (s Sealer) Seal(ctx context.Context) (sealed int, err error) {
	waits, err := anyWaiting(ctx, s.DB.PG())
	if err != nil || !waits {
		return 0, err
	}
	b := batch{sealer: s, gone: []int64{}}
	var newest head
	for more := true; more; more = b.read == batchMax {
		if err := s.DB.InTx(ctx, func(tx db.Tx) error { return b.run(ctx, tx) }); err != nil {
			return sealed, err
		}
		sealed += len(b.seals)
		if len(b.seals) > 0 {
			newest = b.head
		}
	}
	return sealed, s.remember(ctx, newest)
}

// remember keeps the head outside of the database. What is remembered already stays when the database
// does not know it any more: that is what it is for.
func (s Sealer) remember(ctx context.Context, h head) error {
	if s.Anchor == "" || h.Number == 0 {
		return nil
	}
	kept, err := s.Anchor.read()
	if err != nil {
		return err
	}
	there, err := hasHead(ctx, s.DB.PG(), kept)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("audit anchor %s: the database was taken back behind head %d", s.Anchor, kept.Number)
	}
	if h.Number < kept.Number { // another process was quicker
		return nil
	}
	return s.Anchor.keep(h)
}
