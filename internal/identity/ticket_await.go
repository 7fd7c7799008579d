package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// lookAgain bounds how long a waiter trusts its timer: the sandbox's business clock may jump.
const lookAgain = 2 * time.Second

// Await waits until the ticket no longer stands at the state the browser knows, or another WeChat
// contests it, and returns it. While it waits it holds no connection to the database. It ends with
// ctx's error when ctx ends.
func (g *Gate) Await(ctx context.Context, id uuid.UUID, b Browser, known Ticket) (Ticket, error) {
	woken, cancel := g.hub.Subscribe(Topic(id)) // before reading, so that nothing is missed
	defer cancel()
	for {
		t, err := g.look(ctx, id, b)
		if err != nil || t.State != known.State || t.Contested != known.Contested {
			return t, err
		}
		if err := g.sleep(ctx, woken, t); err != nil {
			return Ticket{}, err
		}
	}
}

// look reads the ticket together with whoever else looks at this moment.
func (g *Gate) look(ctx context.Context, id uuid.UUID, b Browser) (Ticket, error) {
	t, err := g.looks.at(ctx, id)
	if err != nil {
		return Ticket{}, err
	}
	return g.shownTo(ctx, t, b)
}

// sleep returns when the ticket was told of, or when its time is up. Time passing is no news while
// the ticket still has some left, so then the database is not asked.
func (g *Gate) sleep(ctx context.Context, woken <-chan struct{}, t Ticket) error {
	open := len(moves[t.State]) > 0
	for {
		left := t.ExpiresAt.Sub(g.clock.Now())
		if open && left <= 0 {
			return nil
		}
		pause := lookAgain
		if open {
			pause = min(pause, left)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-woken:
			return nil
		case <-time.After(pause):
		}
	}
}
