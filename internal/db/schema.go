package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"zhanggui/migrations"
)

// describeSQL tells the schema as one line a fact: columns, constraints, indexes and what the
// program's role may do. Partitions follow their parent and are left out.
const describeSQL = `
	WITH tables AS (
		SELECT oid, relname FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
			AND relname NOT LIKE 'schema\_versions%'
	)
	SELECT format('%s.%s %s%s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attnotnull THEN ' not null' ELSE '' END)
		FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attnum > 0 AND NOT a.attisdropped
	UNION ALL
	SELECT format('%s %s %s', t.relname, c.conname, pg_get_constraintdef(c.oid))
		FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
	UNION ALL
	SELECT format('%s %s', t.relname, pg_get_indexdef(i.indexrelid))
		FROM tables t JOIN pg_index i ON i.indrelid = t.oid
	UNION ALL
	SELECT format('%s may %s', t.relname, string_agg(g.privilege_type, ' ' ORDER BY g.privilege_type))
		FROM tables t JOIN information_schema.role_table_grants g
			ON g.table_schema = 'public' AND g.table_name = t.relname AND g.grantee = '` + Role + `'
		GROUP BY t.relname`

// Describe is the schema as it stands, a fact a line, sorted.
func Describe(ctx context.Context, q Querier) (string, error) {
	rows, err := q.Query(ctx, describeSQL)
	if err != nil {
		return "", fmt.Errorf("describe schema: %w", err)
	}
	facts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", fmt.Errorf("describe schema: %w", err)
	}
	slices.Sort(facts)
	return strings.Join(facts, "\n") + "\n", nil
}

// Drift compares the schema as it stands with what the migrations make: lines that are too many
// ("+") or missing ("-"). Nothing comes back when they agree.
func Drift(ctx context.Context, q Querier) ([]string, error) {
	now, err := Describe(ctx, q)
	if err != nil {
		return nil, err
	}
	return difference(migrations.Schema, now), nil
}

func difference(want, have string) []string {
	wanted, had := strings.Split(strings.TrimSpace(want), "\n"), strings.Split(strings.TrimSpace(have), "\n")
	var drift []string
	for _, line := range had {
		if !slices.Contains(wanted, line) {
			drift = append(drift, "+ "+line)
		}
	}
	for _, line := range wanted {
		if !slices.Contains(had, line) {
			drift = append(drift, "- "+line)
		}
	}
	return drift
}
