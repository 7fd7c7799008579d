package dbtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/db"
)

const oneMessage = `INSERT INTO inbox_messages (merchant_id, account_id, id, category, kind, sent_at)
	VALUES (1, $1, $1, 'notice', 'test', '2026-01-01')`

func insert(t *testing.T, d *db.DB) {
	t.Helper()
	if _, err := d.PG().Exec(t.Context(), oneMessage, db.NewID()); err != nil {
		t.Fatal(err)
	}
}

func messages(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.PG().QueryRow(t.Context(), "SELECT count(*) FROM inbox_messages").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNothingOfATxIsKept(t *testing.T) {
	t.Parallel()
	for range 2 {
		t.Run("the same again", func(t *testing.T) {
			d := Tx(t)
			insert(t, d)
			if n := messages(t, d); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestARefusedInTxLeavesTheRestOfATxAlone(t *testing.T) {
	t.Parallel()
	d := Tx(t)
	insert(t, d)
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		_, err := tx.PG().Exec(t.Context(), "SELECT 1/0")
		return err
	})
	if err == nil {
		t.Error("divided by zero")
	}
	if n := messages(t, d); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// listener hears what a Tx would tell its test.
type listener struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (l *listener) Errorf(format string, args ...any) {
	l.errors = append(l.errors, fmt.Sprintf(format, args...))
}
func (l *listener) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

func TestADeferredConstraintFailsTheTestAsACommitWould(t *testing.T) {
	t.Parallel()
	l := &listener{TB: t}
	d := Tx(l)
	_, err := d.PG().Exec(t.Context(), `CREATE TEMP TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO once VALUES (1), (1)`)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.cleanups {
		f()
	}
	if len(l.errors) != 1 || !strings.Contains(l.errors[0], "once_n_key") {
		t.Errorf("it heard %v", l.errors)
	}
}

func TestTwoConnectionsOfACloneSeeWhatIsCommitted(t *testing.T) {
	t.Parallel()
	dsn := DSN(t)
	a, b := Open(t, dsn), Open(t, dsn)
	insert(t, a)
	if n := messages(t, b); n != 1 {
		t.Errorf("%d messages", n)
	}
	if n := messages(t, Clone(t)); n != 0 {
		t.Errorf("a new clone has %d messages", n)
	}
}

func TestOnlyTheOwnerMayTamper(t *testing.T) {
	t.Parallel()
	dsn := DSN(t)
	const tamper = "DELETE FROM audit_rows"
	if _, err := Open(t, dsn).PG().Exec(t.Context(), tamper); err == nil {
		t.Error("the program may delete audit rows")
	}
	if _, err := Owner(t, dsn).PG().Exec(t.Context(), tamper); err != nil {
		t.Error(err)
	}
}

func TestACloneIsDroppedAtTheEnd(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("a test with a clone", func(t *testing.T) {
		if err := Clone(t).PG().QueryRow(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	if there(t, name) {
		t.Errorf("%s is left", name)
	}
}

func TestDatabasesOfGoneProcessesAreSwept(t *testing.T) {
	t.Parallel()
	p := join(t)
	const orphan = "t_1_1" // nobody holds number 1
	kept := DSN(t)
	if err := p.exec(t.Context(), "CREATE DATABASE "+orphan+" TEMPLATE template0"); err != nil && !strings.Contains(err.Error(), "exists") {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), p.admin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := sweep(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	if there(t, orphan) {
		t.Error("the orphan is left")
	}
	messages(t, Open(t, kept))
}

func there(t *testing.T, name string) (yes bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), join(t).admin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&yes); err != nil {
		t.Fatal(err)
	}
	return yes
}

func BenchmarkTx(b *testing.B) {
	join(b)
	for b.Loop() {
		l := &listener{TB: b}
		Tx(l)
		for _, f := range l.cleanups {
			f()
		}
	}
}

func BenchmarkClone(b *testing.B) {
	for b.Loop() {
		l := &listener{TB: b}
		Clone(l)
		for i := range l.cleanups {
			l.cleanups[len(l.cleanups)-1-i]()
		}
	}
}
