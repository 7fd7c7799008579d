package transfer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/transfer"
)

func TestWhatDoesNotMatchTheBooksOrTheLimitsIsFound(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		"UPDATE enterprise_payments SET paid_from = 'AVAILABLE' WHERE n = 1":                          "paid from AVAILABLE",
		"UPDATE enterprise_payments SET returned_to = 'AVAILABLE' WHERE n = 2":                        "returned to AVAILABLE",
		"UPDATE enterprise_payments SET actor = 'somebody' WHERE n = 1":                               "made by somebody",
		"UPDATE accounts SET opened_at = opened_at - interval '1 hour' WHERE account = 'OPERATION'":   "operations account open since",
		"UPDATE enterprise_payment_limits SET openid = 'oOther' WHERE openid = 'oPayee1'":             "to oPayee1 stand on  at  of ; its payments are 1 of 8800",
		"UPDATE enterprise_payment_limits SET day = day - 1, amount = 0, count = 0 WHERE openid = ''": "its payments are 1 of 8800, the newest on 2026-11-23",
	} {
		w := inTx(t)
		w.pays(w.ask(upgraded, "oPayee1", 88_00))
		w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
			if o.OpenID == "oPayee2" {
				return transfer.Answer{}, transfer.Answer{Verdict: transfer.Refused, Code: "OPENID_ERROR"}, nil
			}
			return paid(o), paid(o), nil
		}
		w.pays(w.ask(upgraded, "oPayee2", 2_00))
		w.work(upgraded)
		w.openOperation(upgraded)
		w.sound()
		w.in(func(ctx context.Context, tx db.Tx) error {
			_, err := tx.PG().Exec(ctx, change)
			return err
		})
		_, problems, err := transfer.Verify(t.Context(), w.DB.PG())
		must(t, err)
		if !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("%s: found %q, want %q", change, problems, want)
		}
	}
}

func TestAnAccountOpensAfterWhatWasBookedWhileItsOpenerWaited(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	began := w.clock.Now()
	w.clock.Advance(time.Minute)
	w.pays(w.ask(upgraded, "oPayee1", 88_00))
	w.in(func(ctx context.Context, tx db.Tx) error {
		return ledger.OpenAccount(ctx, tx, upgraded, ledger.Operation, began)
	})
	var opened time.Time
	must(t, w.DB.PG().QueryRow(t.Context(), "SELECT opened_at FROM accounts WHERE account = 'OPERATION'").Scan(&opened))
	if !opened.Equal(began.Add(time.Minute)) {
		t.Errorf("open since %s", clock.Text(opened))
	}
	w.sound()
}
