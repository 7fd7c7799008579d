package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const joinMax = 2 * time.Minute

// process is this test process as the server knows it. Its number is in the names of its databases
// and is held as an advisory lock, so that others can tell which databases are nobody's.
type process struct {
	admin    string // address of the database from which others are made
	template string
	number   int32
	made     atomic.Int64
	free     free
	alive    *pgx.Conn // holds the number; never closed
}

// free are the databases of Tx tests that are over. One test at a time is in each: two tests that open
// the same merchants in one database would wait for each other's transactions, or deadlock.
type free struct {
	mu  sync.Mutex
	dbs []*db.DB
}

var joined = sync.OnceValues(func() (*process, error) {
	ctx, cancel := context.WithTimeout(context.Background(), joinMax)
	defer cancel()
	admin := os.Getenv("ZHANGGUI_TEST_DSN")
	if admin == "" {
		var err error
		if admin, err = joinCluster(ctx); err != nil {
			return nil, err
		}
	}
	p := &process{admin: admin}
	return p, p.begin(ctx)
})

func join(t testing.TB) *process {
	t.Helper()
	p, err := joined()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return p
}

func (p *process) begin(ctx context.Context) (err error) {
	if p.alive, err = pgx.Connect(ctx, p.admin); err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	if err := p.takeNumber(ctx); err != nil {
		return err
	}
	if err := sweep(ctx, p.alive); err != nil {
		return err
	}
	p.template, err = template(ctx, p.admin)
	return err
}

func (p *process) takeNumber(ctx context.Context) error {
	for free := false; !free; {
		var random [4]byte
		_, _ = rand.Read(random[:]) // never fails
		p.number = int32(binary.BigEndian.Uint32(random[:]) >> 1)
		err := p.alive.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", numberLock, p.number).Scan(&free)
		if err != nil {
			return fmt.Errorf("take a number: %w", err)
		}
	}
	return nil
}

// create makes a database from the template. Copying files takes half the time of the default, which
// writes each page to the log.
func (p *process) create(ctx context.Context) (dsn string, drop func(context.Context) error, err error) {
	name := fmt.Sprintf("t_%d_%d", p.number, p.made.Add(1))
	if err := p.exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+p.template+" STRATEGY file_copy"); err != nil {
		return "", nil, fmt.Errorf("make database: %w", err)
	}
	drop = func(ctx context.Context) error {
		return p.exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}
	dsn, err = onDatabase(p.admin, name)
	return dsn, drop, err
}

func (p *process) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

// use opens a transaction in a database nobody else is in, made when none is free. The databases stay
// until another process sweeps or the server goes: no test knows that it is the last.
func (f *free) use(ctx context.Context, p *process) (*db.DB, func(), error) {
	d, err := f.take(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	pinned, end, err := d.Pin(ctx)
	if err != nil {
		f.give(d)
		return nil, nil, err
	}
	return pinned, func() { end(); f.give(d) }, nil
}

func (f *free) take(ctx context.Context, p *process) (*db.DB, error) {
	f.mu.Lock()
	if n := len(f.dbs); n > 0 {
		d := f.dbs[n-1]
		f.dbs = f.dbs[:n-1]
		f.mu.Unlock()
		return d, nil
	}
	f.mu.Unlock()
	dsn, _, err := p.create(ctx)
	if err != nil {
		return nil, err
	}
	return db.Open(ctx, dsn, db.Options{MaxConns: 1})
}

func (f *free) give(d *db.DB) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dbs = append(f.dbs, d)
}

// onDatabase is the same server's address for another database.
func onDatabase(dsn, name string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("ZHANGGUI_TEST_DSN must be a postgres:// address")
	}
	u.Path = "/" + name
	return u.String(), nil
}
