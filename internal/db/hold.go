package db

import (
	"context"
	"fmt"
)

// Hold keeps a lock on a connection of its own until it is released. Whoever reads pg_locks sees by it
// that the holder lives: a process that is killed loses its connections, and with them the lock.
func (d *DB) Hold(ctx context.Context, key int64) (release func(), err error) {
	if d.pinned != nil {
		return func() {}, nil
	}
	c, err := d.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("hold lock: %w", err)
	}
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		c.Release()
		return nil, fmt.Errorf("hold lock: %w", err)
	}
	return func() {
		late := context.WithoutCancel(ctx)
		if _, err := c.Exec(late, "SELECT pg_advisory_unlock($1)", key); err != nil {
			_ = c.Conn().Close(late) // the lock goes with it
		}
		c.Release()
	}, nil
}
