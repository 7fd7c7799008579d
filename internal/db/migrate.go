package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"zhanggui/migrations"
)

// Migrate brings the schema up to date. Replicas that start at once wait for one another on an
// advisory lock; no statement waits longer than lock_timeout for a table in use.
// The sandbox's own tables come only with demo.
func Migrate(ctx context.Context, dsn string, demo bool) error {
	if err := apply(ctx, dsn, migrations.Main, "schema_versions"); err != nil {
		return err
	}
	if !demo {
		return nil
	}
	return apply(ctx, dsn, migrations.Sandbox, "schema_versions_sandbox")
}

func apply(ctx context.Context, dsn string, files fs.FS, table string) error {
	std, err := openOwner(dsn)
	if err != nil {
		return err
	}
	defer func() { _ = std.Close() }()
	p, err := provider(std, files, table)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func openOwner(dsn string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	cfg.RuntimeParams["lock_timeout"] = fmt.Sprint(lockTimeout.Milliseconds())
	cfg.RuntimeParams["timezone"] = "UTC"
	return stdlib.OpenDB(*cfg), nil
}

func provider(std *sql.DB, files fs.FS, table string) (*goose.Provider, error) {
	store, err := database.NewStore(database.DialectPostgres, table)
	if err != nil {
		return nil, fmt.Errorf("migrations table: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("migrations lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectCustom, std, files,
		goose.WithStore(store), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

// Analyze lets the planner look at the tables, as their owner: after much was written at once, plans of an
// empty database would be used until the server looks by itself.
func Analyze(ctx context.Context, dsn string) error {
	std, err := openOwner(dsn)
	if err != nil {
		return err
	}
	defer func() { _ = std.Close() }()
	if _, err := std.ExecContext(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}
