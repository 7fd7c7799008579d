package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"

	"zhanggui/internal/db"
	"zhanggui/internal/postgres"
)

// database is an open database and, where it is private, the cluster under it.
type database struct {
	*db.DB
	dsn     string
	cluster *postgres.Cluster
}

// openDatabase reaches DATABASE_URL, or the private cluster: attached if it runs, else started.
// owner refuses to attach.
func openDatabase(ctx context.Context, s settings, owner bool) (database, error) {
	d := database{dsn: s.DatabaseURL}
	if d.dsn == "" {
		c, err := postgres.Open(ctx, postgres.Options{Dir: s.Data, Bin: s.PGBin, RequireOwner: owner, Log: slog.Default()})
		if err != nil {
			return d, err
		}
		d.cluster, d.dsn = c, c.DSN(postgres.Owner)
	}
	return d, nil
}

// ready migrates and connects.
func (d *database) ready(ctx context.Context, demo bool) error {
	if err := db.Migrate(ctx, d.dsn, demo); err != nil {
		return err
	}
	return d.connect(ctx)
}

func (d *database) connect(ctx context.Context) error {
	open, err := db.Open(ctx, d.dsn, db.Options{})
	d.DB = open
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == noSuchRole {
		return errors.New("the database has no schema yet; run: zhanggui migrate")
	}
	return err
}

// noSuchRole is PostgreSQL's answer where the first migration, which makes the program's role, never ran.
const noSuchRole = "22023"

// close ends connections and an owned cluster.
func (d *database) close(ctx context.Context) {
	if d.DB != nil {
		d.DB.Close()
	}
	if d.cluster == nil {
		return
	}
	if err := d.cluster.Close(context.WithoutCancel(ctx)); err != nil {
		slog.ErrorContext(ctx, "private PostgreSQL did not stop cleanly", "error", err)
	}
}

// died tells when the private cluster ends under us.
func (d *database) died() <-chan struct{} {
	if d.cluster == nil {
		return nil
	}
	return d.cluster.Done()
}

func runMigrate(ctx context.Context, p program, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	d, err := openDatabase(ctx, p.settings, false)
	if err != nil {
		return err
	}
	defer d.close(ctx)
	if err := db.Migrate(ctx, d.dsn, p.settings.DatabaseURL == ""); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "schema is up to date")
	return err
}
