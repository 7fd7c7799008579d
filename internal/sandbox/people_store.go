package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

// store keeps the simulated WeChat's state in the schema sandbox.
type store struct{ db *db.DB }

// change is what a person did since the demo opened; nil where nothing changed.
type change struct {
	Person            string
	Verified, Follows *bool
}

const changeColumns = `SELECT person, verified, follows FROM sandbox.people`

func (s store) changeOf(ctx context.Context, person string) (change, error) {
	rows, err := s.db.PG().Query(ctx, changeColumns+` WHERE person = $1`, person)
	if err != nil {
		return change{}, fmt.Errorf("person: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[change])
	if errors.Is(err, pgx.ErrNoRows) {
		return change{Person: person}, nil
	}
	return c, err
}

func (s store) changes(ctx context.Context) ([]change, error) {
	rows, err := s.db.PG().Query(ctx, changeColumns)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[change])
}

func (s store) change(ctx context.Context, c change) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		_, err := tx.PG().Exec(ctx, `
			INSERT INTO sandbox.people (person, verified, follows) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET
				verified = coalesce(excluded.verified, people.verified), follows = coalesce(excluded.follows, people.follows)`,
			c.Person, c.Verified, c.Follows)
		return err
	})
}
