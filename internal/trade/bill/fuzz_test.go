package bill_test

import (
	"bytes"
	"testing"

	"zhanggui/internal/trade/bill"
)

// FuzzReader feeds the reader anything: it never breaks, and what it accepts adds up.
func FuzzReader(f *testing.F) {
	f.Add([]byte(early))
	f.Add([]byte(early[:len(early)/2]))
	f.Add(sample(f, "tradebill-1900000307-2026-11-19-empty.csv"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := bill.NewReader(bytes.NewReader(raw))
		var own bill.Totals
		for r.Next() {
			own.Add(r.Row())
		}
		faults, n := r.Refused()
		if (len(faults) == 0) != (n == 0) || len(faults) > bill.FaultsMax {
			t.Fatalf("%d faults kept of %d", len(faults), n)
		}
		if n == 0 && (own != r.Own() || own.Count != r.Summary().Count) {
			t.Fatalf("accepted, although %+v is not %+v", own, r.Summary())
		}
	})
}
