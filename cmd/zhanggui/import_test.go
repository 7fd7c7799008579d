package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
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
