package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/migrations"
)

// Advisory locks in the admin database: one for making templates, a class for process numbers.
const (
	templateLock = 7_245_001
	numberLock   = 7_245_002
)

// template gives the name of the migrated database that tests copy, and makes it when it is not
// there. Its name holds a hash of the migrations, so an outdated one is never used.
func template(ctx context.Context, admin string) (string, error) {
	hash, err := migrationsHash()
	if err != nil {
		return "", err
	}
	name := "base_" + hash
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // also frees the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", fmt.Errorf("wait for the template: %w", err)
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	if err := makeTemplate(ctx, conn, admin, name); err != nil {
		return "", fmt.Errorf("make the template: %w", err)
	}
	return name, nil
}

// makeTemplate migrates under another name and renames what is whole.
func makeTemplate(ctx context.Context, conn *pgx.Conn, admin, name string) error {
	for _, sql := range []string{"DROP DATABASE IF EXISTS making WITH (FORCE)", "CREATE DATABASE making TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	dsn, err := onDatabase(admin, "making")
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx, dsn, true); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE making RENAME TO "+name)
	return err
}

func migrationsHash() (string, error) {
	sum := sha256.New()
	for _, files := range []fs.FS{migrations.Main, migrations.Sandbox} {
		names, err := fs.Glob(files, "*.sql")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return "", err
			}
			_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text) // a hash never fails
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
