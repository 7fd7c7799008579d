package db_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

var update = flag.Bool("update", false, "write migrations/schema.txt from the migrations")

func TestTheWrittenSchemaIsWhatTheMigrationsMake(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	if *update {
		text, err := db.Describe(t.Context(), d.PG())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("../../migrations/schema.txt", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	drift, err := db.Drift(t.Context(), d.PG())
	if err != nil || len(drift) > 0 {
		t.Fatalf("%v\n%s\n(after a new migration: go test ./internal/db -update)", err, strings.Join(drift, "\n"))
	}
}

func TestDriftNamesWhatSomebodyChangedByHand(t *testing.T) {
	t.Parallel()
	owner := dbtest.Owner(t, dbtest.DSN(t))
	for _, change := range []string{
		"ALTER TABLE jobs ADD COLUMN extra text", "DROP INDEX jobs_due", "GRANT DELETE ON audit_rows TO zhanggui_app",
		"ALTER TABLE login_accounts DROP CONSTRAINT login_accounts_login_check",
	} {
		if _, err := owner.PG().Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	drift, err := db.Drift(t.Context(), owner.PG())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"+ jobs.extra text", "jobs_due", "audit_rows may DELETE", "login_accounts_login_check"} {
		if !strings.Contains(strings.Join(drift, "\n"), want) {
			t.Errorf("drift does not name %q:\n%s", want, strings.Join(drift, "\n"))
		}
	}
}
