package trade_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/signal"
	"zhanggui/internal/trade"
	"zhanggui/internal/trade/bill"
)

// upload queues a file the way the page does.
func upload(t testing.TB, d *db.DB, s access.Scope, name string, body io.Reader) (i trade.Import, err error) {
	t.Helper()
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		i, err = trade.QueueImport(t.Context(), tx, s, trade.Upload{Name: name, Body: body}, evening)
		return err
	})
	return i, err
}

// drain runs the imports that wait.
func drain(t testing.TB, d *db.DB, deps trade.Deps) {
	t.Helper()
	r := job.NewRegistry()
	r.Handle(trade.ImportKind, trade.ImportHandler(deps))
	if _, err := job.NewWorker(d, clock.At(evening), r, signal.NewHub()).DrainDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAnUploadIsImportedByItsJobAndItsFileLetGo(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	s := member(store)
	good, err := upload(t, d, s, `C:\bills\云上百货.csv`, bytes.NewReader(sample(t, "1900000208-2026-11-20")))
	if err != nil || good.State != trade.Queued || good.FileName != "云上百货.csv" {
		t.Fatalf("%+v, %v", good, err)
	}
	bad, err := upload(t, d, s, "cut.csv", bytes.NewReader(sample(t, "1900000208-2026-11-19")[:3000]))
	if err != nil {
		t.Fatal(err)
	}
	var told []trade.State
	dd := deps(d)
	dd.Told = func(_ context.Context, _ db.Tx, i trade.Import) error {
		told = append(told, i.State)
		return nil
	}
	drain(t, d, dd)
	list, more, err := trade.Imports(t.Context(), d.PG(), s, [16]byte{}, 20)
	if err != nil || more || len(list) != 2 || list[0].ID != bad.ID || list[1].ID != good.ID {
		t.Fatalf("imports: %+v, %v", list, err)
	}
	if i := list[1]; i.State != trade.Done || i.NewTrades != 5200 || i.NewRefunds != 139 || i.Percent() != 100 || i.Layout != bill.All {
		t.Errorf("the whole file: %+v", i)
	}
	if i := list[0]; i.State != trade.Refused || i.FaultLines == 0 || i.Report.Faults[0].Refusal().Code == "" {
		t.Errorf("the cut file: %+v", i)
	}
	if len(told) != 2 || count(t, d, "trade_import_chunks") != 0 {
		t.Errorf("told %v, %d pieces left", told, count(t, d, "trade_import_chunks"))
	}
	if _, _, err := trade.Imports(t.Context(), d.PG(), member(gym), good.ID, 20); err != nil {
		t.Errorf("a foreign cursor: %v", err)
	}
	if _, err := trade.GetImport(t.Context(), d.PG(), member(gym), good.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("another merchant reads the import: %v", err)
	}
}

// zeros are a body without end.
type zeros struct{ read int64 }

func (z *zeros) Read(p []byte) (int, error) {
	z.read += int64(len(p))
	return len(p), nil
}

func TestUploadsAboveTheLimitAndEmptyOnesAreRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	endless := &zeros{}
	if _, err := upload(t, d, member(gym), "65MiB.csv", endless); !fault.Is(err, "trade.upload_large") {
		t.Errorf("endless upload: %v", err)
	}
	if endless.read > bill.FileMax+2<<20 {
		t.Errorf("%d bytes were read of an upload that is too large", endless.read)
	}
	if _, err := upload(t, d, member(gym), "", strings.NewReader("")); !fault.Is(err, "trade.upload_empty") {
		t.Errorf("empty upload: %v", err)
	}
	if n := count(t, d, "trade_imports") + count(t, d, "trade_import_chunks") + count(t, d, "jobs"); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

func TestALargeUploadIsReadPieceByPieceAndTellsItsProgress(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	file := largeBill(25_000, evening.AddDate(0, -1, 0))
	i, err := upload(t, d, member(store), "large.csv", bytes.NewReader(file))
	if err != nil || i.Size != int64(len(file)) || i.Size < 5<<20 {
		t.Fatalf("%+v, %v", i, err)
	}
	drain(t, d, deps(d))
	i, err = trade.GetImport(t.Context(), d.PG(), member(store), i.ID)
	if err != nil || i.State != trade.Done || i.NewTrades != 25_000 || i.NewRefunds != 500 {
		t.Errorf("%+v, %v", i, err)
	}
	if n := count(t, d, "jobs WHERE state = 'done' AND done_units > 0 AND total_units = $1", i.Size); n != 1 {
		t.Error("no progress was told")
	}
}

func TestAFileAboveSixtyFourMebibytesIsRefusedByTheImporterToo(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	small := sample(t, "1900000307-2026-11-20")
	lines := bytes.SplitAfter(small, []byte("\r\n"))
	wide := bytes.Replace(lines[1], []byte("桌号12"), bytes.Repeat([]byte("x"), 1500), 1)
	file := append(bytes.Clone(lines[0]), bytes.Repeat(wide, (65<<20)/len(wide))...)
	i, err := importFile(t.Context(), d, gym, file)
	if !fault.Is(err, "trade.file_refused") || !strings.HasPrefix(faultsOf(i)[0], "trade.bill_too_large@") {
		t.Errorf("%v %v", err, faultsOf(i))
	}
	if n := count(t, d, "trades"); n != 0 {
		t.Errorf("%d orders were kept", n)
	}
}
