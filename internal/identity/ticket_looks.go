package identity

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
)

// Limits of one read for many.
const (
	looksAtOnce = 500
	lookMax     = 10 * time.Second
)

// looks reads tickets for many waiting browsers at once: thousands may be woken in one moment. Who looks
// alone is read at once; who looks while a read is under way shares the next one. A read begins after
// everyone in it has asked, so nobody is told of a state older than the signal that woke them.
type looks struct {
	db    *db.DB
	mu    sync.Mutex
	asked []look // for the next read
	busy  bool
}

type look struct {
	id   uuid.UUID
	told chan<- lookedAt // has room, so that nobody who left is waited for
}

type lookedAt struct {
	ticket named
	err    error
}

// at reads a ticket; one that is not there has no browser.
func (l *looks) at(ctx context.Context, id uuid.UUID) (named, error) {
	told := make(chan lookedAt, 1)
	if l.ask(look{id, told}) {
		go l.answer(context.WithoutCancel(ctx)) // it reads for others, too
	}
	select {
	case <-ctx.Done():
		return named{}, ctx.Err()
	case a := <-told:
		return a.ticket, a.err
	}
}

// ask queues for the next read; first tells that nobody reads now.
func (l *looks) ask(one look) (first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, one)
	first, l.busy = !l.busy, true
	return first
}

// next takes who is in the next read; none: reading ends.
func (l *looks) next() []look {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.asked), looksAtOnce)
	now := l.asked[:n:n]
	if l.asked = l.asked[n:]; n == 0 {
		l.asked, l.busy = nil, false
	}
	return now
}

func (l *looks) answer(ctx context.Context) {
	for now := l.next(); len(now) > 0; now = l.next() {
		found, err := l.read(ctx, now)
		for _, one := range now {
			one.told <- lookedAt{found[one.id], err}
		}
	}
}

func (l *looks) read(ctx context.Context, now []look) (map[uuid.UUID]named, error) {
	ctx, cancel := context.WithTimeout(ctx, lookMax)
	defer cancel()
	ids := make([]uuid.UUID, len(now))
	for i, one := range now {
		ids[i] = one.id
	}
	return readTickets(ctx, l.db.PG(), ids)
}
