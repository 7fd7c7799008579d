package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// How a standing is read: as it is, or held. Held accounts are told of one after another, while rows
// that lead to them can still be written.
const (
	seen = ""
	held = " FOR NO KEY UPDATE OF a"
)

func (g *Gate) standings(ctx context.Context, q db.Querier, hold, where string, args ...any) ([]Standing, error) {
	rows, err := q.Query(ctx, "SELECT "+seatColumns+", a.id_index"+seatTables+"WHERE "+where+hold, args...)
	if err != nil {
		return nil, fmt.Errorf("standing: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Standing, error) {
		var s seat
		var paper []byte
		if err := row.Scan(append(s.fields(), &paper)...); err != nil {
			return Standing{}, err
		}
		return g.standing(s, paper)
	})
}

func onlyStanding(all []Standing, err error) (Standing, error) {
	switch {
	case err != nil:
		return Standing{}, err
	case len(all) != 1:
		return Standing{}, fault.ErrNotFound
	}
	return all[0], nil
}
