// Package batch lets many small pieces of work share one transaction. Whoever comes while a batch runs
// waits for the next; nobody waits for company. It decides who goes together: pieces of one key (a
// merchant) always meet in the same writer, in the order they came. It knows nothing of what is done.
package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"zhanggui/internal/db"
)

// Max is the most pieces one batch holds.
const Max = 500

// waitingMax bounds how many pieces may wait for one writer.
const waitingMax = 10_000

// ErrFull refuses work when too much of it waits already.
var ErrFull = errors.New("batch: too much work waits")

// Run does a batch: an answer for each piece, in order, or an error for the batch as a whole.
type Run[Ask, Answer any] func(ctx context.Context, asks []Ask) ([]Answer, error)

// Batcher collects what waits and runs it together.
type Batcher[Ask, Answer any] struct {
	run     Run[Ask, Answer]
	writers []writer[Ask, Answer]
}

type writer[Ask, Answer any] struct {
	mu      sync.Mutex
	waiting []*piece[Ask, Answer]
	busy    bool
}

type piece[Ask, Answer any] struct {
	key    int64
	ask    Ask
	answer Answer
	err    error
	ended  chan struct{}
}

// New makes a batcher with so many writers.
func New[Ask, Answer any](writers int, run Run[Ask, Answer]) *Batcher[Ask, Answer] {
	return &Batcher[Ask, Answer]{run: run, writers: make([]writer[Ask, Answer], max(writers, 1))}
}

// Do does one piece of work and returns when it is done. Work that has begun is finished, even if the
// caller leaves; then ctx's error is the answer, and what came of it can be asked for by its key.
func (b *Batcher[Ask, Answer]) Do(ctx context.Context, key int64, ask Ask) (Answer, error) {
	w := &b.writers[uint64(key)%uint64(len(b.writers))] //nolint:gosec // any spread will do
	p := &piece[Ask, Answer]{key: key, ask: ask, ended: make(chan struct{})}
	w.mu.Lock()
	if len(w.waiting) >= waitingMax {
		w.mu.Unlock()
		return p.answer, ErrFull
	}
	w.waiting = append(w.waiting, p)
	lead := !w.busy
	w.busy = true
	w.mu.Unlock()
	if lead {
		go b.drain(context.WithoutCancel(ctx), w)
	}
	select {
	case <-p.ended:
		return p.answer, p.err
	case <-ctx.Done():
		return p.answer, ctx.Err()
	}
}

// drain runs batches until nobody waits.
func (b *Batcher[Ask, Answer]) drain(ctx context.Context, w *writer[Ask, Answer]) {
	for {
		w.mu.Lock()
		n := min(len(w.waiting), Max)
		if n == 0 {
			w.busy, w.waiting = false, nil
			w.mu.Unlock()
			return
		}
		pieces := w.waiting[:n:n]
		w.waiting = w.waiting[n:]
		w.mu.Unlock()
		b.together(ctx, pieces)
		for _, p := range pieces {
			close(p.ended)
		}
	}
}

// together runs the pieces as one batch, and one by one where the batch as a whole fails: one bad piece
// must not fail the others. While the database is down all fail at once: no piece has done that. Where something
// holds what the pieces of a key need, they fail at the first that has waited for it.
func (b *Batcher[Ask, Answer]) together(ctx context.Context, pieces []*piece[Ask, Answer]) {
	asks := make([]Ask, len(pieces))
	for i, p := range pieces {
		asks[i] = p.ask
	}
	answers, err := b.safely(ctx, asks)
	switch {
	case err == nil && len(answers) == len(pieces):
		for i, p := range pieces {
			p.answer = answers[i]
		}
	case len(pieces) > 1 && !db.Down(err):
		b.apart(ctx, pieces)
	case err == nil:
		pieces[0].err = errors.New("batch: an answer is missing")
	default:
		fail(pieces, err)
	}
}

// apart runs the pieces one by one.
func (b *Batcher[Ask, Answer]) apart(ctx context.Context, pieces []*piece[Ask, Answer]) {
	held := map[int64]error{}
	for i, p := range pieces {
		if p.err = held[p.key]; p.err != nil {
			continue
		}
		b.together(ctx, pieces[i:i+1])
		switch {
		case db.Down(p.err):
			fail(pieces[i+1:], p.err)
			return
		case db.Held(p.err):
			held[p.key] = p.err
		}
	}
}

func fail[Ask, Answer any](pieces []*piece[Ask, Answer], err error) {
	for _, p := range pieces {
		p.err = err
	}
}

// safely runs a batch. A panic in it is the error of whoever asked, not the end of the program: nobody above
// this goroutine would catch it.
func (b *Batcher[Ask, Answer]) safely(ctx context.Context, asks []Ask) (answers []Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("batch: %v\n%s", r, debug.Stack())
		}
	}()
	return b.run(ctx, asks)
}
