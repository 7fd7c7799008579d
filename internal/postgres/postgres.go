// Package postgres keeps the private PostgreSQL of the demo and of the tests: a cluster of its own
// below the data folder, reached only through a Unix socket, started and stopped by the program
// that owns it. It decides where the cluster lives, which operating-system user runs it, and how
// it comes back after any process was killed.
//
// It refuses a second owner of the same folder, data of another PostgreSQL version, and folders
// that the database's user cannot reach although data lies in them. It knows nothing of the schema
// and sets no statement settings.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"time"
)

// Owner is the role and the database the program works with. It may create roles and databases
// and is no superuser.
const Owner = "zhanggui"

// superuser exists from initdb on and is used to make Owner.
const superuser = "postgres"

const (
	openMax    = 5 * time.Minute // a crash recovery replays at most max_wal_size of log
	retryEvery = 50 * time.Millisecond
	port       = "5432" // only part of the socket's name
)

// Options say which cluster and how it runs. The zero value is the cluster below ./var.
type Options struct {
	Dir          string            // the program's data folder; empty: ./var
	Bin          string            // folder of initdb and postgres; empty: the newest installed
	Settings     map[string]string // server settings in place of the defaults
	Fast         bool              // tests only: nothing survives a crash of the machine
	RequireOwner bool              // refuse with *Busy instead of attaching
	Log          *slog.Logger

	systemRoots []string // in place of systemRoots()
	orphan      bool     // the server outlives its program, as if no death signal existed
}

// Cluster is a running cluster, ours or another process's.
type Cluster struct {
	socket   string
	password string
	server   *server // nil when attached
	close    func(context.Context) error
}

// Open attaches to the cluster if a process owns it, else becomes its owner: makes it at the first
// time, clears what a killed owner left, starts it. ctx bounds the opening alone.
// Errors to tell apart: *Busy, *NoBinaries.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, openMax)
	defer cancel()
	h, err := locate(o)
	if err != nil {
		return nil, err
	}
	for {
		lock, err := h.lock()
		if err == nil {
			return h.open(ctx, lock, o)
		}
		var busy *Busy
		if !errors.As(err, &busy) || o.RequireOwner {
			return nil, err
		}
		if c, err := h.attach(ctx); err == nil {
			return c, nil
		}
		if pause(ctx, retryEvery) != nil {
			return nil, fmt.Errorf("%w, and its database does not answer", busy)
		}
	}
}

// Attach joins the running cluster of the folder and never starts one.
// The error is ErrNotRunning when none runs.
func Attach(ctx context.Context, o Options) (*Cluster, error) {
	h, err := locate(o)
	if err != nil {
		return nil, err
	}
	return h.attach(ctx)
}

// DSN is the address of a database of the cluster for the role Owner.
func (c *Cluster) DSN(database string) string { return c.dsn(Owner, database) }

// SuperDSN is the same for the superuser.
func (c *Cluster) SuperDSN(database string) string { return c.dsn(superuser, database) }

func (c *Cluster) dsn(role, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, c.password), Path: "/" + database,
		RawQuery: url.Values{"host": {c.socket}, "port": {port}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// Owned tells whether this process started the cluster and will stop it.
func (c *Cluster) Owned() bool { return c.server != nil }

// Done is closed when an owned cluster has ended, by Close or by itself; Err then says which.
// For an attached cluster it is nil: who attached learns of the end by its queries.
func (c *Cluster) Done() <-chan struct{} {
	if c.server == nil {
		return nil
	}
	return c.server.exited
}

// Err is nil while the cluster runs and after Close, else why it ended.
func (c *Cluster) Err() error {
	if c.server == nil {
		return nil
	}
	return c.server.err()
}

// Close stops an owned cluster: at first politely, at once when ctx ends or patience does.
// An attached cluster stays as it is. Close may be called twice.
func (c *Cluster) Close(ctx context.Context) error {
	if c.close == nil {
		return nil
	}
	return c.close(ctx)
}

func (o Options) logger() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

func (o Options) dir() string {
	if o.Dir == "" {
		return "var"
	}
	return o.Dir
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
