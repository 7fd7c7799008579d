package db_test

import (
	"errors"
	"fmt"
	"testing"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

func TestADatabaseThatIsGoneIsToldFromAStatementThatIsWrong(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d, owner := dbtest.Open(t, dsn), dbtest.Owner(t, dsn)
	in := func(sql string) error {
		return d.InTx(t.Context(), func(tx db.Tx) error {
			if _, err := tx.PG().Exec(t.Context(), sql); err != nil {
				return fmt.Errorf("try: %w", err)
			}
			return nil
		})
	}
	for _, wrong := range []error{in("SELECT 1/0"), in("INSERT INTO business_clock DEFAULT VALUES"), errors.New("bad")} {
		if wrong == nil || db.Down(wrong) {
			t.Errorf("%v is not the database's fault", wrong)
		}
	}
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		var pid int
		if err := tx.PG().QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return err
		}
		if _, err := owner.PG().Exec(t.Context(), "SELECT pg_terminate_backend($1)", pid); err != nil {
			return err
		}
		_, err := tx.PG().Exec(t.Context(), "SELECT pg_sleep(5)")
		return err
	})
	if !db.Down(err) {
		t.Errorf("%v: the connection was ended", err)
	}
	nowhere, err := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1", db.Options{})
	if err == nil {
		nowhere.Close()
	}
	if !db.Down(err) {
		t.Errorf("%v: nobody listens there", err)
	}
}
