package upgrade_test

import (
	"context"
	"fmt"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/topup"
	"zhanggui/internal/upgrade"
)

// waits returns once somebody else in this database waits for a lock.
func (w *world) waits(ctx context.Context) {
	w.t.Helper()
	for waiting := 0; waiting == 0; {
		must(w.t, w.db.PG().QueryRow(ctx, `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database()`).Scan(&waiting))
	}
}

func TestMoneyThatArrivesDuringTheUpgradeGoesToBasic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	bank := topup.Deps{DB: w.db, Clock: w.clock, Gate: w.Gate}
	said := fmt.Appendf(nil, `{"transfer_no":"T9","mchid":"%d","account":"AVAILABLE","amount":2500,"reference":%q,"payer_name":"x","bank":"y"}`,
		noodles, topup.Reference(noodles, ledger.Available))
	heard := make(chan error, 1)
	w.in(func(ctx context.Context, tx db.Tx) error {
		if _, err := w.Action().Run(ctx, tx, seat(noodles, access.SuperAdmin), signed(upgrade.Choice{})); err != nil {
			return err
		}
		go func() { heard <- bank.Notice(t.Context(), topup.EventArrived, said) }()
		w.waits(t.Context())
		return nil
	})
	must(t, <-heard)
	w.stands(map[ledger.Account]money.Fen{ledger.Basic: 2500})
	w.sound()
}
