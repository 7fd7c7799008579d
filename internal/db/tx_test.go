package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"gorm.io/gorm"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

type clockRow struct {
	One      bool  `gorm:"primaryKey"`
	OffsetUs int64 `gorm:"column:offset_us"`
}

func (clockRow) TableName() string { return "business_clock" }

func offset(t *testing.T, d *db.DB) (us int64) {
	t.Helper()
	if err := d.PG().QueryRow(t.Context(), "SELECT offset_us FROM business_clock").Scan(&us); err != nil {
		t.Fatal(err)
	}
	return us
}

// move adds to the offset once by SQL and once by GORM.
func move(ctx context.Context, tx db.Tx) error {
	if _, err := tx.PG().Exec(ctx, "UPDATE business_clock SET offset_us = offset_us + 1"); err != nil {
		return err
	}
	_, err := gorm.G[clockRow](tx.Gorm(ctx)).Where("one").Update(ctx, "offset_us", gorm.Expr("offset_us + 10"))
	return err
}

func TestGormAndSQLShareOneTransaction(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*db.DB{"a pool": dbtest.Clone(t), "a pinned test database": dbtest.Tx(t)} {
		stop := errors.New("stop")
		err := d.InTx(t.Context(), func(tx db.Tx) error {
			if err := move(t.Context(), tx); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || offset(t, d) != 0 {
			t.Errorf("%s: %v, offset %d after a rollback", name, err, offset(t, d))
		}
		if err := d.InTx(t.Context(), func(tx db.Tx) error { return move(t.Context(), tx) }); err != nil || offset(t, d) != 11 {
			t.Errorf("%s: %v, offset %d after a commit", name, err, offset(t, d))
		}
	}
}

func TestAPanicRollsBackAndFreesTheConnection(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	for range 40 { // more often than there are connections
		func() {
			defer func() { _ = recover() }()
			_ = d.InTx(t.Context(), func(tx db.Tx) error {
				if err := move(t.Context(), tx); err != nil {
					return err
				}
				panic("broken")
			})
		}()
	}
	if got := offset(t, d); got != 0 {
		t.Errorf("offset %d", got)
	}
}

func TestADeadlockIsTriedAgainUnseen(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	const lock = "SELECT pg_advisory_xact_lock($1)"
	var both sync.WaitGroup // the first attempts of both hold one lock before they want the other
	both.Add(2)
	var all sync.WaitGroup
	for i := range 2 {
		var first sync.Once
		all.Go(func() {
			err := d.InTx(t.Context(), func(tx db.Tx) error {
				if _, err := tx.PG().Exec(t.Context(), lock, i); err != nil {
					return err
				}
				first.Do(func() { both.Done(); both.Wait() })
				_, err := tx.PG().Exec(t.Context(), lock, 1-i)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestTheProgramsRoleCannotChangeTheSchemaNorRewriteTheAuditLog(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	for _, sql := range []string{
		"CREATE TABLE x (a int)", "DROP TABLE jobs", "ALTER TABLE jobs ADD COLUMN x int", "TRUNCATE audit_rows",
		"UPDATE audit_rows SET actor = 'x'", "DELETE FROM audit_rows", "DELETE FROM merchants", "DELETE FROM login_accounts",
	} {
		if _, err := d.PG().Exec(t.Context(), sql); err == nil {
			t.Errorf("allowed: %s", sql)
		}
	}
}

// A caller that goes away ends its own statements; nobody else touches the connection while they run.
func TestACallerThatGoesAwayLeavesTheConnectionToItsTransaction(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, dbtest.DSN(t))
	before := offset(t, d)
	ctx, leave := context.WithCancel(t.Context())
	err := d.InTx(ctx, func(tx db.Tx) error {
		if err := move(ctx, tx); err != nil {
			return err
		}
		var began, now int64
		if err := tx.PG().QueryRow(t.Context(), "SELECT txid_current()").Scan(&began); err != nil {
			return err
		}
		leave()
		for range 500 {
			if err := tx.PG().QueryRow(t.Context(), "SELECT txid_current()").Scan(&now); err != nil || now != began {
				t.Errorf("transaction %d, then %d, %v", began, now, err)
				break
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || offset(t, d) != before {
		t.Errorf("it came to %v, %d more", err, offset(t, d)-before)
	}
}
