package trade_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/trade"
)

// slow is a file whose reader stops before the first byte until it is let go.
type slow struct {
	io.ReadSeeker
	asked, letGo chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	if s.asked != nil {
		close(s.asked)
		s.asked = nil
		<-s.letGo
	}
	return s.ReadSeeker.Read(p)
}

func newestImport(t *testing.T, d *db.DB) trade.Import {
	t.Helper()
	list, _, err := trade.Imports(t.Context(), d.PG(), member(gym), uuid.Nil, 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("imports: %+v, %v", list, err)
	}
	one, err := trade.GetImport(t.Context(), d.PG(), member(gym), list[0].ID)
	if err != nil || one.State != list[0].State {
		t.Fatalf("the list says %s, the page %s, %v", list[0].State, one.State, err)
	}
	return one
}

func TestAnImportWhoseProcessWasKilledReadsAsInterruptedAndALiveOneAsRunning(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	raw := sample(t, "1900000307-2026-11-20")
	body := &slow{ReadSeeker: bytes.NewReader(raw), asked: make(chan struct{}), letGo: make(chan struct{})}
	asked, ended := body.asked, make(chan error)
	go func() {
		_, err := trade.ImportFile(t.Context(), deps(d), member(gym), trade.File{Name: "a.csv", Size: int64(len(raw)), Body: body}, nil)
		ended <- err
	}()
	<-asked
	if i := newestImport(t, d); i.State != trade.Running || i.State.Ended() {
		t.Errorf("while it is read: %s", i.State)
	}
	close(body.letGo)
	if err := <-ended; err != nil || newestImport(t, d).State != trade.Done {
		t.Fatalf("in the end: %v", err)
	}
	// What a killed process leaves: the row it began with, and no connection.
	if _, err := d.PG().Exec(t.Context(), `INSERT INTO trade_imports (merchant_id, id, file_name, size, state, actor, queued_at, started_at)
		VALUES ($1, $2, 'b.csv', 9000, 'running', 'system', $3, $3)`, int64(gym), db.NewID(), evening.Add(1)); err != nil {
		t.Fatal(err)
	}
	if i := newestImport(t, d); i.State != trade.Interrupted || !i.State.Ended() || i.FileName != "b.csv" {
		t.Errorf("of a killed process: %+v", i)
	}
	if _, err := importFile(t.Context(), d, gym, raw); err != nil {
		t.Errorf("the same file again: %v", err)
	}
	sound(t, d)
}

func TestAnUploadThatLostItsWorkerStillRuns(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	i, err := upload(t, d, member(gym), "c.csv", bytes.NewReader(sample(t, "1900000307-2026-11-20")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PG().Exec(t.Context(), "UPDATE trade_imports SET state = 'running', started_at = queued_at WHERE id = $1", i.ID); err != nil {
		t.Fatal(err)
	}
	if i := newestImport(t, d); i.State != trade.Running {
		t.Errorf("between two tries: %s", i.State)
	}
	drain(t, d, deps(d))
	if i := newestImport(t, d); i.State != trade.Done {
		t.Errorf("after its job: %s", i.State)
	}
}
