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
	shared   shared
	alive    *pgx.Conn // holds the number; never closed
}

// shared is the one database of all Tx tests of the process, made when the first one asks.
type shared struct {
	once sync.Once
	db   *db.DB
	err  error
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

// use opens a transaction in the shared database. That database stays until another process sweeps
// or the server goes: no test knows that it is the last.
func (s *shared) use(ctx context.Context, p *process) (*db.DB, func(), error) {
	s.once.Do(func() {
		var dsn string
		if dsn, _, s.err = p.create(ctx); s.err == nil {
			s.db, s.err = db.Open(ctx, dsn, db.Options{MaxConns: txConns})
		}
	})
	if s.err != nil {
		return nil, nil, s.err
	}
	return s.db.Pin(ctx)
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
