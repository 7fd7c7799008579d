package confirm

import (
	"context"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
)

// lookAgain bounds how long a waiter trusts its timer: the sandbox's business clock may jump.
const lookAgain = 2 * time.Second

// Await waits until the confirmation no longer stands as the desktop knows it, and returns it. While it
// waits it holds no connection to the database. It ends with ctx's error when ctx ends.
func (d *Desk) Await(ctx context.Context, s access.Scope, session, id uuid.UUID, known Confirmation) (Confirmation, error) {
	woken, cancel := d.hub.Subscribe(Topic(id)) // before reading, so that nothing is missed
	defer cancel()
	for {
		c, err := d.Confirmation(ctx, s, session, id)
		if err != nil || c.State != known.State || c.Contested != known.Contested {
			return c, err
		}
		if err := d.sleep(ctx, woken, c); err != nil {
			return Confirmation{}, err
		}
	}
}

// sleep returns when the confirmation was told of, or when its time is up.
func (d *Desk) sleep(ctx context.Context, woken <-chan struct{}, c Confirmation) error {
	for {
		left := c.ExpiresAt.Sub(d.clock.Now())
		if left <= 0 && !c.State.Final() {
			return nil
		}
		pause := lookAgain
		if left > 0 {
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
