package dbtest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// sweep drops the databases of processes that are gone: their number's lock is free.
func sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT datname, split_part(datname, '_', 2)::int FROM pg_database WHERE datname ~ '^t_[0-9]+_[0-9]+$'`)
	if err != nil {
		return fmt.Errorf("look for old test databases: %w", err)
	}
	byNumber := map[int32][]string{}
	var name string
	var number int32
	_, err = pgx.ForEachRow(rows, []any{&name, &number}, func() error {
		byNumber[number] = append(byNumber[number], name)
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for old test databases: %w", err)
	}
	for number, names := range byNumber {
		if err := sweepOne(ctx, conn, number, names); err != nil {
			return fmt.Errorf("drop old test databases: %w", err)
		}
	}
	return nil
}

func sweepOne(ctx context.Context, conn *pgx.Conn, number int32, names []string) error {
	// Twice by this same session is granted: our own number is never in the list yet.
	var gone bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", numberLock, number).Scan(&gone); err != nil || !gone {
		return err
	}
	if err := drop(ctx, conn, names); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", numberLock, number)
	return err
}

func drop(ctx context.Context, conn *pgx.Conn, names []string) error {
	for _, name := range names {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// templatesKept is how many templates outlive the server: several checkouts may share it.
const templatesKept = 4

// tidy is for a server that nobody uses: it drops all test databases and the oldest templates.
func tidy(ctx context.Context, admin string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := sweep(ctx, conn); err != nil {
		return err
	}
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE datname ~ '^base_' ORDER BY oid DESC OFFSET $1`, templatesKept)
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	return drop(ctx, conn, old)
}
