package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// open starts the cluster for the holder of the lock. On failure the lock is given up.
func (h home) open(ctx context.Context, lock *os.File, o Options) (_ *Cluster, err error) {
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	if err := o.check(); err != nil {
		return nil, err
	}
	bin, err := h.prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	c, err := h.startServer(ctx, bin, o)
	if err != nil {
		return nil, err
	}
	c.close = func(ctx context.Context) error { return h.shut(ctx, c, lock) }
	err = errors.Join(c.makeOwner(ctx), h.publish(running{Owner: os.Getpid(), Socket: c.socket}))
	if err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	return c, nil
}

// prepare brings the folder to where a server can start in it.
func (h home) prepare(ctx context.Context, o Options) (bin string, err error) {
	if err := errors.Join(h.clear(ctx), h.settle()); err != nil {
		return "", err
	}
	bin, err = findBinaries(o.Bin, h.dataVersion())
	if err != nil {
		return "", err
	}
	if !reaches(bin, h.user) {
		return "", fmt.Errorf("the programs in %s cannot be run by the database's user (uid %d)", bin, h.user.uid)
	}
	if !hasData(h.folder) {
		o.logger().InfoContext(ctx, "making the private PostgreSQL", "folder", h.folder)
	}
	return bin, h.initialize(ctx, bin, o.Fast)
}

// blockedMax bounds how often a start is tried again that an ending server stands in the way of.
const (
	blockedMax   = 60
	blockedEvery = 250 * time.Millisecond
)

func (h home) startServer(ctx context.Context, bin string, o Options) (*Cluster, error) {
	socket, err := h.socketFolder()
	if err != nil {
		return nil, err
	}
	password, err := os.ReadFile(h.path("password"))
	if err != nil {
		return nil, fmt.Errorf("read the database's password: %w", err)
	}
	onDeath := syscall.SIGINT
	if o.orphan {
		onDeath = 0
	}
	for range blockedMax {
		s, err := h.spawn(filepath.Join(bin, "postgres"), o.arguments(h, socket), onDeath)
		if err != nil {
			return nil, err
		}
		c := &Cluster{socket: socket, password: string(password), server: s}
		if err = c.ready(ctx); err == nil {
			return c, nil
		}
		_ = s.stop(ctx)
		if !blocked(s.said()) || pause(ctx, blockedEvery) != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("the database in %s is still held by an earlier server", h.folder)
}

// blocked recognises PostgreSQL's refusals to start beside processes that are just ending.
func blocked(said string) bool {
	return strings.Contains(said, "lock file") && strings.Contains(said, "already exists") ||
		strings.Contains(said, "pre-existing shared memory block")
}

// ready waits until the server lets us in.
func (c *Cluster) ready(ctx context.Context) error {
	for {
		err := ping(ctx, c.SuperDSN("postgres"))
		if err == nil {
			return nil
		}
		var refusal *pgconn.PgError
		if errors.As(err, &refusal) && strings.HasPrefix(refusal.Code, "28") {
			return fmt.Errorf("the password file does not fit the database: %w", err)
		}
		select {
		case <-c.server.exited:
			return fmt.Errorf("the database server does not start: %s", c.server.said())
		case <-ctx.Done():
			return fmt.Errorf("wait for the database server: %w (%w)", ctx.Err(), err)
		case <-time.After(retryEvery / 2):
		}
	}
}

// makeOwner makes the role and the database of the program where they are missing.
func (c *Cluster) makeOwner(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.SuperDSN("postgres"))
	if err != nil {
		return fmt.Errorf("reach the new database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, thing := range []struct{ missing, make string }{
		{"SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)",
			"CREATE ROLE " + Owner + " LOGIN CREATEDB CREATEROLE PASSWORD '" + c.password + "'"},
		{"SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = $1)",
			"CREATE DATABASE " + Owner + " OWNER " + Owner},
	} {
		var missing bool
		if err := conn.QueryRow(ctx, thing.missing, Owner).Scan(&missing); err != nil {
			return fmt.Errorf("look for %s: %w", Owner, err)
		}
		if !missing {
			continue
		}
		if _, err := conn.Exec(ctx, thing.make); err != nil {
			return fmt.Errorf("make %s: %w", Owner, err)
		}
	}
	return nil
}

// shut stops the server and gives the cluster up.
func (h home) shut(ctx context.Context, c *Cluster, lock *os.File) error {
	h.unpublish()
	err := c.server.stop(ctx)
	_ = os.Remove(c.socket) // empty now, or made again by the next owner
	_ = lock.Close()        // last: from here on another may start
	return err
}
