// Package db opens PostgreSQL for the program: one pool, GORM over it, and transactions as a type
// of their own, so that a money move outside a transaction does not compile. The program runs as
// the role zhanggui_app, which cannot change the schema nor rewrite what is append-only.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Role is what the program becomes on every connection.
const Role = "zhanggui_app"

// Time-outs of every connection; a request never waits longer for a lock than people wait for a page.
const (
	lockTimeout = 5 * time.Second
	idleInTx    = 60 * time.Second
)

// Querier is what a store needs of a connection, in and outside a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// DB is the program's database.
type DB struct {
	pool   *pgxpool.Pool
	sql    *sql.DB
	gorm   *gorm.DB
	pinned *Tx // tests: everything happens inside this transaction
}

// Options of Open.
type Options struct {
	MaxConns int32  // 0: 16
	Role     string // empty: zhanggui_app; "none": stay the owner (tampering tests, migrations)
}

// Open connects and checks that the database answers.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	cfg.MaxConns = 16
	if o.MaxConns > 0 {
		cfg.MaxConns = o.MaxConns
	}
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "zhanggui"
	params["timezone"] = "UTC"
	params["lock_timeout"] = fmt.Sprint(lockTimeout.Milliseconds())
	params["idle_in_transaction_session_timeout"] = fmt.Sprint(idleInTx.Milliseconds())
	cfg.AfterConnect = becomeRole(o.Role)
	cfg.ConnConfig.Tracer = counting{}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return withGorm(pool)
}

func becomeRole(role string) func(context.Context, *pgx.Conn) error {
	if role == "" {
		role = Role
	}
	return func(ctx context.Context, c *pgx.Conn) error {
		if role == "none" {
			return nil
		}
		_, err := c.Exec(ctx, "SET ROLE "+pgx.Identifier{role}.Sanitize())
		return err
	}
}

// withGorm lays GORM over the pool. No idle connections on the database/sql side: they would
// starve the pool that both share.
func withGorm(pool *pgxpool.Pool) (*DB, error) {
	std := stdlib.OpenDBFromPool(pool)
	std.SetMaxIdleConns(0)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: std}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	return &DB{pool: pool, sql: std, gorm: g}, nil
}

// Close ends all connections.
func (d *DB) Close() {
	if d.pinned == nil {
		_ = d.sql.Close()
		d.pool.Close()
	}
}

// PG is the connection for reads outside a transaction.
func (d *DB) PG() Querier {
	if d.pinned != nil {
		return d.pinned.pg
	}
	return d.pool
}

// Gorm is GORM for reads outside a transaction.
func (d *DB) Gorm(ctx context.Context) *gorm.DB {
	if d.pinned != nil {
		return d.pinned.Gorm(ctx)
	}
	return d.gorm.WithContext(ctx)
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	_, err := d.PG().Exec(ctx, "SELECT 1")
	return err
}

// Stat shows how the pool is used.
func (d *DB) Stat() *pgxpool.Stat { return d.pool.Stat() }

// NewID makes an inside id: UUIDv7, so that rows of one time lie together.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
