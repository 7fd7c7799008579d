package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// breachesMax bounds how many broken rows each of the invariants names.
const breachesMax = 20

// Invariants are what must hold of the rows of a table, whatever else it is compared with.
type Invariants struct {
	Of    string   // what the rows are, for errors
	Table string   // whose rows are counted as checked
	Hold  []string // each selects a text for every row that breaks it, at most $1 of them
}

// Check counts the rows, and names those that break an invariant.
func (i Invariants) Check(ctx context.Context, q Querier) (checked int64, problems []string, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM "+pgx.Identifier{i.Table}.Sanitize()).Scan(&checked); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", i.Of, err)
	}
	for _, sql := range i.Hold {
		rows, err := q.Query(ctx, sql, breachesMax)
		if err != nil {
			return 0, nil, fmt.Errorf("%s: %w", i.Of, err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return 0, nil, fmt.Errorf("%s: %w", i.Of, err)
		}
		problems = append(problems, found...)
	}
	return checked, problems, nil
}
