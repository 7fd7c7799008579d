package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/settlement"
	"zhanggui/internal/trade"
)

func TestImportSaysWhichMerchantOrFileIsNotThere(t *testing.T) {
	t.Parallel()
	d := trade.Deps{DB: dbtest.Tx(t), Clock: clock.System{}}
	bill := filepath.Join(t.TempDir(), "bill.csv")
	if err := os.WriteFile(bill, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{bill: "no merchant 1999999999", filepath.Dir(bill): "is no file", bill + "x": "no such file"} {
		err := importFile(t.Context(), &bytes.Buffer{}, d, path, 1999999999)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestWhatTheCommandImportsForAnUpgradedMerchantIsToBeSettled(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	bill := "../../internal/trade/testdata/bills/tradebill-1900000208-2026-11-20.csv"
	if err := importFile(t.Context(), &bytes.Buffer{}, imports(m.app.db, m.app.clock), bill, 1900000208); err != nil {
		t.Fatal(err)
	}
	var jobs, due int
	err := m.app.db.PG().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM jobs WHERE merchant_id = 1900000208 AND kind = $1),
		(SELECT count(*) FROM trades WHERE merchant_id = 1900000208 AND due_at IS NOT NULL)`, settlement.DueKind).Scan(&jobs, &due)
	if err != nil || jobs == 0 || due == 0 {
		t.Errorf("%d orders are due and %d jobs settle them, %v", due, jobs, err)
	}
}
