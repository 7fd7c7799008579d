package bill_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"zhanggui/internal/trade/bill"
)

const samples = "../testdata/bills"

// sample reads one of the sample files.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// read reads a whole file and returns its rows.
func read(t testing.TB, raw []byte) ([]bill.Row, *bill.Reader) {
	t.Helper()
	r := bill.NewReader(bytes.NewReader(raw))
	var rows []bill.Row
	for r.Next() {
		rows = append(rows, *r.Row())
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return rows, r
}

// What counts in a summary: every row, whatever its state. REVOKED orders and FAIL refunds are in
// the count and in every sum; a refund's fee is negative.
func TestEverySampleAddsUpToItsSummary(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join(samples, "*.csv"))
	if err != nil || len(names) != 11 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		rows, r := read(t, sample(t, filepath.Base(name)))
		if faults, n := r.Refused(); n != 0 {
			t.Errorf("%s is refused: %v", name, faults)
		}
		if r.Own() != r.Summary() || int(r.Own().Count) != len(rows) {
			t.Errorf("%s: rows add up to %+v, its summary says %+v", name, r.Own(), r.Summary())
		}
		if r.FeeDifference() != 0 || len(r.Unknown()) != 0 || len(r.OtherColumns()) != 0 {
			t.Errorf("%s: fee difference %v, unknown %v, columns %v", name, r.FeeDifference(), r.Unknown(), r.OtherColumns())
		}
	}
}

func TestLayoutsAreRecognisedByTheirHeader(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bill.Layout{
		"tradebill-1900000208-2026-11-16-SUCCESS.csv": bill.Success,
		"tradebill-1900000208-2026-11-16-REFUND.csv":  bill.Refund,
		"tradebill-1900000208-2026-11-20.csv":         bill.All,
		"tradebill-1900000307-2026-11-19-empty.csv":   bill.All,
	} {
		if _, r := read(t, sample(t, name)); r.Layout() != want {
			t.Errorf("%s is read as %s", name, r.Layout())
		}
	}
}

func TestASampleReadAndWrittenIsTheSameFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tradebill-1900000208-2026-11-20.csv", "tradebill-1230000001-2026-11-20.csv",
		"tradebill-1900000208-2026-11-16-SUCCESS.csv", "tradebill-1900000208-2026-11-16-REFUND.csv",
		"tradebill-1900000307-2026-11-19-empty.csv"} {
		raw := sample(t, name)
		rows, r := read(t, raw)
		var out bytes.Buffer
		w := bill.NewWriter(&out, r.Layout())
		for i := range rows {
			w.Write(&rows[i])
		}
		if err := w.Close(); err != nil || !bytes.Equal(out.Bytes(), raw) {
			t.Errorf("%s comes out different (%v)", name, err)
		}
	}
}

func BenchmarkReader(b *testing.B) {
	raw := sample(b, "tradebill-1900000208-2026-11-20.csv")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		r := bill.NewReader(bytes.NewReader(raw))
		for r.Next() {
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
