package audit

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

// patience bounds a wait for something that must come.
const patience = 20 * time.Second

var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

func openVault(t testing.TB, fill byte) *vault.Vault {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{fill}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sealerOf(t testing.TB, d *db.DB) Sealer {
	t.Helper()
	return Sealer{DB: d, Vault: openVault(t, 1), Hub: signal.NewHub()}
}

// act is the nth act in a merchant.
func act(merchant int64, n int) Entry {
	e := Entry{Merchant: merchant, Actor: fmt.Sprintf("staff%d@%d", n%7, merchant), Action: "trade.import",
		Object: fmt.Sprintf("bill-%06d.csv", n), Outcome: Done, At: noon.Add(time.Duration(n) * time.Second),
		From: From{Address: "10.0.0.1", Agent: "Mozilla/5.0 “掌柜”", Session: "s-1"}, Details: map[string]any{"rows": n, "名称": "老王 面馆"}}
	if n%3 == 0 {
		e.Account, e.Confirmation = uuid.UUID{1}, uuid.UUID{2}
	}
	if n%10 == 0 {
		e.Outcome, e.Reason, e.Details = Refused, "trade.file_refused", nil
	}
	return e
}

func write(t testing.TB, d *db.DB, entries ...Entry) {
	t.Helper()
	if err := d.InTx(t.Context(), func(tx db.Tx) error { return Write(t.Context(), tx, entries...) }); err != nil {
		t.Fatal(err)
	}
}

func TestARowThatExplainsNothingIsNotWritten(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	for name, spoil := range map[string]func(*Entry){
		"without an actor":          func(e *Entry) { e.Actor = "" },
		"refused without a reason":  func(e *Entry) { e.Outcome = Refused },
		"done, and yet refused why": func(e *Entry) { e.Reason = "trade.file_refused" },
	} {
		e := act(1, 1)
		spoil(&e)
		if err := d.InTx(t.Context(), func(tx db.Tx) error { return Write(t.Context(), tx, act(1, 2), e) }); err == nil {
			t.Errorf("a row %s is written", name)
		}
	}
	write(t, d, act(1, 1))
	seals(t, sealerOf(t, d), 1)
}

func seals(t testing.TB, s Sealer, want int) {
	t.Helper()
	if n, err := s.Seal(t.Context()); err != nil || n != want {
		t.Fatalf("sealed %d, want %d: %v", n, want, err)
	}
}

// chainOf lists the objects of a merchant's acts in the order of its chain.
func chainOf(t testing.TB, d *db.DB, merchant int64) []string {
	t.Helper()
	all, err := list(t.Context(), d.PG(), `
		SELECT s.seq || ' ' || a.object FROM audit_seals s JOIN audit_rows a ON a.merchant_id = s.merchant_id AND a.id = s.row_id
		WHERE s.merchant_id = $1 ORDER BY s.seq`, merchant)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sound(t testing.TB, d *db.DB, rows int64) {
	t.Helper()
	n, problems, err := Verifier{Vault: openVault(t, 1)}.Verify(t.Context(), d.PG())
	if err != nil || len(problems) > 0 || n != rows {
		t.Fatalf("%d rows checked, want %d; problems %q, %v", n, rows, problems, err)
	}
}

func TestEachMerchantsActsAreChainedInTheOrderTheyHappened(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	s := sealerOf(t, d)
	write(t, d, act(0, 1), act(0, 2))
	write(t, d, act(0, 3))
	seals(t, s, 3)
	write(t, d, act(0, 4))
	seals(t, s, 1)
	seals(t, s, 0)
	want := "[1 bill-000001.csv 2 bill-000002.csv 3 bill-000003.csv 4 bill-000004.csv]"
	if got := fmt.Sprint(chainOf(t, d, 0)); got != want {
		t.Errorf("chain %s", got)
	}
	sound(t, d, 4)
}

func TestAnActCommittedLateIsSealedLateAndNeverPassedOver(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	s := sealerOf(t, d)
	err := d.InTx(t.Context(), func(tx db.Tx) error {
		if err := Write(t.Context(), tx, act(0, 1)); err != nil {
			return err
		}
		write(t, d, act(0, 2))
		seals(t, s, 1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seals(t, s, 1)
	if got := fmt.Sprint(chainOf(t, d, 0)); got != "[1 bill-000002.csv 2 bill-000001.csv]" {
		t.Errorf("chain %s", got)
	}
	sound(t, d, 2)
}

func TestAnActOfARolledBackChangeNeverHappened(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	_ = d.InTx(t.Context(), func(tx db.Tx) error {
		if err := Write(t.Context(), tx, act(0, 1)); err != nil {
			t.Error(err)
		}
		return fmt.Errorf("no")
	})
	seals(t, sealerOf(t, d), 0)
	sound(t, d, 0)
}

func TestManyWritersAndSealersLoseNothingAndKeepEachWritersOrder(t *testing.T) {
	t.Parallel()
	const writers, acts, sealers = 8, 60, 3
	d := dbtest.Clone(t)
	owner := d
	var writing, sealing sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range sealers {
		s := sealerOf(t, d)
		sealing.Go(func() {
			for ctx.Err() == nil {
				if _, err := s.Seal(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for w := range writers {
		writing.Go(func() {
			for n := range acts {
				e := act(0, n)
				e.Object = fmt.Sprintf("%d/%03d", w, n)
				write(t, owner, e)
			}
		})
	}
	writing.Wait()
	stop()
	sealing.Wait()
	if _, err := sealerOf(t, d).Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := map[int]int{}
	for i, line := range chainOf(t, d, 0) {
		var seq, w, n int
		if _, err := fmt.Sscanf(line, "%d %d/%d", &seq, &w, &n); err != nil {
			t.Fatal(err)
		}
		if seq != i+1 || n != next[w] {
			t.Fatalf("%q stands at %d where writer %d's act %d belongs", line, i+1, w, next[w])
		}
		next[w]++
	}
	sound(t, d, writers*acts)
}

func TestALostSealerIsReplacedByTheNext(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d, owner := dbtest.Open(t, dsn), dbtest.Owner(t, dsn)
	write(t, d, act(0, 1))
	held, freed := make(chan int, 1), make(chan error, 1)
	go func() { // a process that holds the lock and will never come back
		freed <- d.InTx(t.Context(), func(tx db.Tx) error {
			var pid int
			err := tx.PG().QueryRow(t.Context(), "SELECT pg_backend_pid(), pg_advisory_xact_lock($1)::text", sealLock).Scan(&pid, new(string))
			held <- pid
			if err == nil {
				_, err = tx.PG().Exec(t.Context(), "SELECT pg_sleep($1)", patience.Seconds())
			}
			return err
		})
	}()
	pid := <-held
	ended := make(chan error, 1)
	go func() { _, err := sealerOf(t, d).Seal(t.Context()); ended <- err }()
	if _, err := owner.PG().Exec(t.Context(), "SELECT pg_terminate_backend($1)", pid); err != nil {
		t.Fatal(err)
	}
	if err := <-freed; err == nil {
		t.Error("the lost process ended well")
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	sound(t, d, 1)
}

func TestWhatIsCommittedIsSealedBySignalAndOnceMoreAtTheEnd(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d := dbtest.Open(t, dsn)
	s := sealerOf(t, d)
	sealed, cancel := s.Hub.Subscribe(TopicSealed)
	defer cancel()
	hubs, stopHub := context.WithCancel(t.Context())
	defer stopHub()
	go s.Hub.Run(hubs, dsn)
	await(t, sealed) // once when the listener is there
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx) }()
	write(t, d, act(0, 1))
	await(t, sealed)
	write(t, d, act(0, 2))
	stop()
	await(t, ended)
	sound(t, d, 2)
	if n := len(chainOf(t, d, 0)); n != 2 {
		t.Errorf("%d sealed", n)
	}
}

func await(t *testing.T, woken <-chan struct{}) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(patience):
		t.Fatal("waited in vain")
	}
}

func TestAMarkerWhoseRowIsGoneStaysAndHindersNobody(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	s := sealerOf(t, d)
	exec(t, d, "INSERT INTO audit_queue (merchant_id, id, at) VALUES (0, $1, $2)", uuid.UUID{9}, noon)
	for n := range 2 {
		write(t, d, act(0, n+1))
		seals(t, s, 1)
	}
	_, problems, err := Verifier{Vault: s.Vault}.Verify(t.Context(), d.PG())
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0], "was taken away before it was sealed") {
		t.Errorf("%q, %v", problems, err)
	}
}

func TestALongQueueIsSealedInManyBatches(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	d := dbtest.Open(t, dsn)
	fill(t, dbtest.Owner(t, dsn), []int64{0, 1000000001, 1000000002}, 2*batchMax+1)
	seals(t, sealerOf(t, d), 2*batchMax+1)
	sound(t, d, 2*batchMax+1)
}
