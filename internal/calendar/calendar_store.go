package calendar

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
)

// insertDays adds the days. It tells 0 where all of them stand there as they are, and refuses with
// ErrTaken where one is entered otherwise.
func insertDays(ctx context.Context, tx db.Tx, e Entry, actor string, now time.Time) (added int64, err error) {
	tag, err := tx.PG().Exec(ctx, `
		INSERT INTO calendar_days (day, kind, name, actor, added_at)
		SELECT d::date, $3, $4, $5, $6 FROM unnest($1::text[]) d
		WHERE NOT EXISTS (SELECT FROM calendar_days WHERE day = ANY ($2::text[]::date[]))
		ON CONFLICT (day) DO NOTHING`, e.texts(), e.texts(), e.Kind, e.Name, actor, now)
	if err != nil {
		return 0, fmt.Errorf("enter days: %w", err)
	}
	if tag.RowsAffected() == int64(e.length()) {
		return tag.RowsAffected(), nil
	}
	var same int
	err = tx.PG().QueryRow(ctx, "SELECT count(*) FROM calendar_days WHERE day = ANY ($1::text[]::date[]) AND kind = $2 AND name = $3",
		e.texts(), e.Kind, e.Name).Scan(&same)
	if err != nil {
		return 0, fmt.Errorf("entered days: %w", err)
	}
	if same != e.length() {
		return 0, ErrTaken
	}
	return 0, nil
}

func deleteDays(ctx context.Context, tx db.Tx, e Entry) (int64, error) {
	tag, err := tx.PG().Exec(ctx, "DELETE FROM calendar_days WHERE day BETWEEN $1::text::date AND $2::text::date",
		e.From.String(), e.To.String())
	if err != nil {
		return 0, fmt.Errorf("remove days: %w", err)
	}
	return tag.RowsAffected(), nil
}

func (e Entry) texts() []string {
	days := e.Days()
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = d.String()
	}
	return texts
}

// Days lists what is entered from the first to the last year, in order.
func Days(ctx context.Context, q db.Querier, first, last int) ([]Entered, error) {
	rows, err := q.Query(ctx, `
		SELECT day::text, kind, name FROM calendar_days
		WHERE day BETWEEN make_date($1, 1, 1) AND make_date($2, 12, 31) ORDER BY day`, first, last)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Entered])
}

// Load is the calendar around a moment: what is due now, and what will be within a year.
func Load(ctx context.Context, q db.Querier, now time.Time) (Calendar, error) {
	year := Year(clock.DayOf(now))
	days, err := Days(ctx, q, year-1, year+1)
	return Of(days), err
}
