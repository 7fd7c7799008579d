package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Tx is an open transaction. Only InTx makes one.
type Tx struct {
	pg   *pgx.Conn
	std  *sql.Tx
	gorm *gorm.DB
}

// PG is the transaction for SQL written by hand. It must not be used by two goroutines at once.
func (t Tx) PG() Querier { return t.pg }

// Gorm is the transaction for GORM.
func (t Tx) Gorm(ctx context.Context) *gorm.DB {
	g := t.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	g.Statement.ConnPool = t.std
	return g
}

// attempts of a transaction that lost against another (serialization, deadlock).
const attempts = 4

// InTx runs f in one transaction: all of it is kept, or nothing. f may run again when the
// database asks for it, so it must have no effect outside the transaction.
func (d *DB) InTx(ctx context.Context, f func(tx Tx) error) error {
	if d.pinned != nil {
		return d.pinned.savepoint(ctx, f)
	}
	var err error
	for range attempts {
		if err = d.once(ctx, f); !lostRace(err) {
			return err
		}
	}
	return err
}

func lostRace(err error) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (pgErr.Code == "40001" || pgErr.Code == "40P01")
}

func (d *DB) once(ctx context.Context, f func(tx Tx) error) error {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connection: %w", err)
	}
	defer func() { _ = conn.Close() }()
	tx, err := begin(ctx, conn, d.gorm)
	if err != nil {
		return err
	}
	defer func() { _ = tx.std.Rollback() }() // also when f panics; after a commit it does nothing
	if err := f(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // nobody waits for it any more
		return fmt.Errorf("commit: %w", err)
	}
	if err := tx.std.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin opens a transaction that GORM and pgx share: the connection is held until its end,
// so the pgx connection under it stays ours that long. Were ctx the transaction's own, database/sql would roll
// it back from another goroutine once ctx ends, while pgx still uses the connection.
func begin(ctx context.Context, conn *sql.Conn, g *gorm.DB) (Tx, error) {
	std, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return Tx{}, fmt.Errorf("begin: %w", err)
	}
	tx := Tx{std: std, gorm: g}
	err = conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("driver is %T, not pgx", driver)
		}
		tx.pg = c.Conn()
		return nil
	})
	return tx, err
}

func (t *Tx) savepoint(ctx context.Context, f func(tx Tx) error) (err error) {
	if _, err := t.pg.Exec(ctx, "SAVEPOINT verb"); err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			_, _ = t.pg.Exec(ctx, "ROLLBACK TO SAVEPOINT verb")
		}
	}()
	if err := f(*t); err != nil {
		return err
	}
	if _, err := t.pg.Exec(ctx, "RELEASE SAVEPOINT verb"); err != nil {
		return err
	}
	kept = true
	return nil
}

// Pin opens one transaction and returns a database whose whole life happens inside it: InTx is a
// savepoint there. The end rolls everything back. For tests.
func (d *DB) Pin(ctx context.Context) (pinned *DB, end func(), err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("connection: %w", err)
	}
	tx, err := begin(ctx, conn, d.gorm)
	if err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	end = func() {
		_ = tx.std.Rollback()
		_ = conn.Close()
	}
	return &DB{pool: d.pool, sql: d.sql, gorm: d.gorm, pinned: &tx}, end, nil
}
