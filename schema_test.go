package zhanggui_test

import (
	"context"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/migrations"
)

// localTables belong to no merchant or stay on one machine: queues, sessions, tickets, versions, numbers
// that are unique over all merchants.
// A local table has no foreign key to merchant data.
var localTables = []string{
	"attempt_windows", "audit_heads", "bank_transfers", "business_clock", "calendar_days", "jobs", "login_tickets",
	"oauth_states", "phone_sessions", "schema_versions", "schema_versions_sandbox", "sessions", "verifications",
}

// local tells whether a table is one of them, or one of the simulated WeChat's own.
func local(table string) bool {
	return slices.Contains(localTables, table) || strings.HasPrefix(table, "sandbox.")
}

// column is what the catalogue of the database says about one column.
type column struct {
	Table, Name, Type string
	Null              bool
}

func columns(t *testing.T, d *db.DB) map[string]map[string]column {
	t.Helper()
	all := list[column](t, d, `
		SELECT CASE table_schema WHEN 'public' THEN '' ELSE table_schema || '.' END || table_name,
			column_name, udt_name, is_nullable = 'YES'
		FROM information_schema.columns WHERE table_schema IN ('public', 'sandbox')`)
	tables := map[string]map[string]column{}
	for _, c := range all {
		if tables[c.Table] == nil {
			tables[c.Table] = map[string]column{}
		}
		tables[c.Table][c.Name] = c
	}
	return tables
}

func list[T any](t *testing.T, d *db.DB, sql string, args ...any) []T {
	t.Helper()
	rows, err := d.PG().Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMerchantDataIsKeyedByMerchantFirst(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	for table, cols := range columns(t, d) {
		c, ok := cols["merchant_id"]
		if local(table) {
			continue
		}
		if !ok || c.Type != "int8" || c.Null {
			t.Errorf("%s has no merchant_id bigint not null, and is not named as a local table", table)
		}
	}
	for _, k := range list[struct{ Table, Kind, Name, First string }](t, d, keysSQL) {
		if !local(k.Table) && k.First != "merchant_id" {
			t.Errorf("%s %s of %s begins with %s, not with merchant_id", k.Kind, k.Name, k.Table, k.First)
		}
	}
}

// keysSQL lists primary keys, unique constraints and indexes, exclusions and foreign keys with their first column.
const keysSQL = `
	SELECT c.conrelid::regclass::text, CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique key'
		WHEN 'x' THEN 'exclusion' ELSE 'foreign key' END, c.conname::text, a.attname::text
	FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
	WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'x', 'f')
	UNION
	SELECT i.indrelid::regclass::text, 'unique index', i.indexrelid::regclass::text, coalesce(a.attname, 'an expression')
	FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
	LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
	WHERE i.indisunique`

func TestForeignKeysStayInsideAMerchant(t *testing.T) {
	t.Parallel()
	for _, k := range list[struct{ Table, Target, Column string }](t, dbtest.Tx(t), `
		SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, a.attname::text
		FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = c.confkey[1]
		WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`) {
		if local(k.Table) != local(k.Target) {
			t.Errorf("a foreign key of %s leads to %s: local tables and merchant data stay apart", k.Table, k.Target)
		}
		if !local(k.Target) && k.Column != "merchant_id" {
			t.Errorf("a foreign key of %s meets %s at %s first, not at merchant_id", k.Table, k.Target, k.Column)
		}
	}
}

// appendOnly are tables whose rows are added and read, never changed.
var appendOnly = []string{"audit_heads", "audit_rows", "entries", "ledger_heads", "transfers"}

func TestTheProgramCannotRewriteItsHistory(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	type right struct{ Table, Right string }
	for _, r := range list[right](t, d, `
		SELECT c.relname::text, p.name FROM pg_class c, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (name)
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
			AND has_table_privilege('zhanggui_app', c.oid, p.name)`) {
		ours := slices.ContainsFunc(appendOnly, func(a string) bool { return strings.HasPrefix(r.Table, a) })
		if ours || r.Right != "UPDATE" && r.Right != "DELETE" {
			t.Errorf("the program may %s %s", r.Right, r.Table)
		}
	}
}

func TestTheProgramCannotChangeTheSchema(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	for _, may := range list[struct {
		What string
		Can  bool
	}](t, d, `
		SELECT 'create in the schema', has_schema_privilege('zhanggui_app', 'public', 'CREATE')
		UNION ALL SELECT 'create a schema', has_database_privilege('zhanggui_app', current_database(), 'CREATE')
		UNION ALL SELECT 'log in or rule', rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls
			FROM pg_roles WHERE rolname = 'zhanggui_app'
		UNION ALL SELECT 'own a table: ' || relname, true FROM pg_class
			WHERE relnamespace = 'public'::regnamespace AND relowner = 'zhanggui_app'::regrole`) {
		if may.Can {
			t.Errorf("the program's role can %s", may.What)
		}
	}
	var role string
	if err := d.PG().QueryRow(t.Context(), "SELECT current_user").Scan(&role); err != nil || role != db.Role {
		t.Errorf("the program runs as %s, not as %s (%v)", role, db.Role, err)
	}
}

// fits tells which database types a Go type may stand in.
var fits = map[string][]string{
	"int64": {"int8"}, "int32": {"int4", "int2"}, "int": {"int8", "int4", "int2"}, "int16": {"int2"},
	"string": {"text", "varchar"}, "bool": {"bool"}, "[]byte": {"bytea"}, "uuid.UUID": {"uuid"},
	"time.Time": {"timestamptz", "date"}, "json.RawMessage": {"jsonb"}, "map": {"jsonb"},
}

func TestRowsAndTablesAgree(t *testing.T) {
	t.Parallel()
	tables := columns(t, dbtest.Tx(t))
	for _, row := range tree(t).Rows() {
		table, ok := tables[row.Table]
		if !ok {
			t.Errorf("%s: there is no table %s", row.Where, row.Table)
			continue
		}
		named := map[string]bool{}
		for _, c := range row.Columns {
			named[c.Name] = true
			has, ok := table[c.Name]
			switch {
			case !ok:
				t.Errorf("%s: %s has no column %s", row.Where, row.Table, c.Name)
			case !slices.Contains(fits[c.Type], has.Type) || has.Null && !c.Null:
				t.Errorf("%s: %s.%s is %s, null %v; the field is %s, null %v",
					row.Where, row.Table, c.Name, has.Type, has.Null, c.Type, c.Null)
			}
		}
		for name := range table {
			if !named[name] {
				t.Errorf("%s: the row does not know the column %s.%s", row.Where, row.Table, name)
			}
		}
	}
}

func TestStatementsWriteTablesThatExist(t *testing.T) {
	t.Parallel()
	tables := columns(t, dbtest.Tx(t))
	for table, by := range tree(t).Writers() {
		if tables[table] == nil && !strings.HasPrefix(table, "pg_temp") {
			t.Errorf("%v write %s, and there is no such table", by, table)
		}
	}
}

func TestOrdersFromBeforeTheBooksStopTheMigration(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	owner := dbtest.Owner(t, dsn)
	raw, err := fs.ReadFile(migrations.Main, "00015_mended_books.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, check, _ := strings.Cut(string(raw), "-- +goose StatementBegin")
	check, _, _ = strings.Cut(check, "-- +goose StatementEnd")
	if _, err := owner.PG().Exec(t.Context(), check); err != nil {
		t.Errorf("an empty database is refused: %v", err)
	}
	_, err = owner.PG().Exec(t.Context(), `
		INSERT INTO trades (merchant_id, total, settlement_total, coupon, fee, success_time, recorded_at, rate, source, transaction_id,
			out_trade_no, trade_type, trade_state, bank_type, appid, openid, device, rate_note, body, attach)
		VALUES (1900000208, 100, 100, 0, 1, now(), now(), 60, 'channel', '42001', 'A1', 'JSAPI', 'SUCCESS', 'OTHERS', 'wx1', 'o1', '', '', '', '')`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.PG().Exec(t.Context(), check); err == nil || !strings.Contains(err.Error(), "1 orders of this database were recorded before") {
		t.Errorf("an order that no book knows: %v", err)
	}
}

func TestReplicasMayMigrateAtTheSameTime(t *testing.T) {
	t.Parallel()
	dsn := emptyDatabase(t)
	const replicas = 4
	ended := make(chan error, replicas)
	for range replicas {
		go func() { ended <- db.Migrate(t.Context(), dsn, true) }()
	}
	for range replicas {
		if err := <-ended; err != nil {
			t.Errorf("one replica: %v", err)
		}
	}
}

// emptyDatabase makes a database without any schema beside the test's own, dropped at the end.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	beside := dbtest.DSN(t)
	owner := dbtest.Owner(t, beside)
	u, err := url.Parse(beside)
	if err != nil {
		t.Fatal(err)
	}
	name := "empty" + strings.ReplaceAll(db.NewID().String(), "-", "")
	if _, err := owner.PG().Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := owner.PG().Exec(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)")
		if err != nil {
			t.Error(err)
		}
	})
	u.Path = "/" + name
	return u.String()
}
