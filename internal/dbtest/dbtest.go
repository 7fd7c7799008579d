// Package dbtest gives a test a real PostgreSQL database with the whole schema, the sandbox's too.
// Tx is for nearly all tests: one transaction, rolled back at the end. What needs two connections,
// NOTIFY after a commit, or the owner's rights gets a database of its own by Clone or DSN.
//
// The server is the one of ZHANGGUI_TEST_DSN where that is set, else one per user that the first
// test process starts and that ends by itself soon after the last. Databases of killed test
// processes are removed by later ones.
package dbtest

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"zhanggui/internal/db"
)

// Tx gives a database whose whole life is one transaction: InTx is a savepoint, nothing is kept.
// At the end deferred constraints are checked as a commit would. It is one connection, so it must
// not be used by two goroutines at once.
func Tx(t testing.TB) *db.DB {
	t.Helper()
	p := join(t)
	ctx := context.WithoutCancel(t.Context()) // the cleanup still needs it
	d, end, err := p.free.use(ctx, p)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		defer end()
		if _, err := d.PG().Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil && !aborted(err) {
			t.Errorf("a commit would have failed: %v", err)
		}
	})
	return d
}

// aborted is true where the test itself ended on a refused statement: then nothing is left to check.
func aborted(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == "25P02"
}

// Clone gives a database of its own, fresh from the template, dropped at the end.
func Clone(t testing.TB) *db.DB {
	t.Helper()
	return Open(t, DSN(t))
}

// DSN makes a fresh database, dropped at the end, and gives its owner's address.
func DSN(t testing.TB) string {
	t.Helper()
	p := join(t)
	dsn, drop, err := p.create(t.Context())
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return dsn
}

// Open connects to a database of DSN as the program does.
func Open(t testing.TB, dsn string) *db.DB { return openAs(t, dsn, "") }

// Owner connects to a database of DSN as the schema's owner, who may do what the program may not:
// for tests that tamper.
func Owner(t testing.TB, dsn string) *db.DB { return openAs(t, dsn, "none") }

func openAs(t testing.TB, dsn, role string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn, db.Options{Role: role})
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(d.Close)
	return d
}
