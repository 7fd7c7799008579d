package ledger_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
)

// key is a platform's key that is quick to make and to use.
type key struct{ private ed25519.PrivateKey }

func keyOf(b byte) key {
	var seed [ed25519.SeedSize]byte
	seed[0] = b
	return key{ed25519.NewKeyFromSeed(seed[:])}
}

func (k key) KeyID() string                 { return "key-1" }
func (k key) Sign(t []byte) ([]byte, error) { return ed25519.Sign(k.private, t), nil }

func (k key) Verify(_ string, text, signature []byte) error {
	if !ed25519.Verify(k.private.Public().(ed25519.PublicKey), text, signature) {
		return errors.New("not signed with the key")
	}
	return nil
}

var platform = keyOf(1)

// verified is what a verification found.
func verified(t testing.TB, d *db.DB) (int64, []string) {
	t.Helper()
	n, problems, err := ledger.Verifier{DB: d, Keys: platform}.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n, problems
}

// sound fails unless the books are as they must be.
func sound(t testing.TB, d *db.DB) (entries int64) {
	t.Helper()
	n, problems := verified(t, d)
	for _, p := range problems {
		t.Error(p)
	}
	return n
}

// postAt books transfers at a time.
func postAt(t testing.TB, d *db.DB, at time.Time, transfers ...ledger.Transfer) (outcomes []ledger.Outcome) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx db.Tx) (err error) {
		outcomes, err = ledger.PostMany(t.Context(), tx, at, transfers)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func closeDays(t testing.TB, d *db.DB, now time.Time) int {
	t.Helper()
	n, err := ledger.CloseDays(t.Context(), d, platform, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADayThatIsOverIsSignedOnceAndTakesNoMoreEntries(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	postAt(t, d, noon, topUp(upgraded, ledger.Basic, "A", 100), topUp(upgraded, ledger.Basic, "B", 10))
	if n := closeDays(t, d, noon.Add(time.Hour)); n != 0 {
		t.Errorf("%d heads of a day that is not over", n)
	}
	past := clock.DayOf(noon).Next().Start().Add(ledger.CloseAt)
	if n := closeDays(t, d, past); n != 2 { // BASIC and BANK
		t.Errorf("%d heads", n)
	}
	if n := closeDays(t, d, past.Add(time.Hour)); n != 0 {
		t.Errorf("%d heads were signed again", n)
	}
	late := postAt(t, d, noon.Add(2*time.Hour), topUp(upgraded, ledger.Basic, "C", 1), topUp(legacy, ledger.Available, "C", 1))
	for _, o := range late {
		if want := clock.DayOf(noon).Next().Start(); !o.BookedAt.Equal(want) {
			t.Errorf("booked at %s, want %s", o.BookedAt, want)
		}
	}
	if n := sound(t, d); n != 8 {
		t.Errorf("%d entries", n)
	}
}

func TestDaysMissedAreSignedTogether(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	for day := range 5 {
		postAt(t, d, noon.AddDate(0, 0, 3*day), topUp(upgraded, ledger.Basic, fmt.Sprint("A", day), money.Fen(day+1)))
	}
	if n := closeDays(t, d, noon.AddDate(0, 0, 40)); n != 10 {
		t.Errorf("%d heads", n)
	}
	postAt(t, d, noon, topUp(upgraded, ledger.Basic, "late", 1))
	if n := closeDays(t, d, noon.AddDate(0, 0, 41).Add(13*time.Hour)); n != 2 {
		t.Errorf("%d heads", n)
	}
	if n := sound(t, d); n != 12 {
		t.Errorf("%d entries", n)
	}
}

// broken is a key that cannot sign after a number of heads.
type broken struct {
	key
	left *int
}

func (b broken) Sign(text []byte) ([]byte, error) {
	if *b.left--; *b.left < 0 {
		return nil, errors.New("the key is gone")
	}
	return b.key.Sign(text)
}

func TestClosingThatWasCutOffIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	cast(t, d)
	postAt(t, d, noon, topUp(upgraded, ledger.Basic, "A", 100), topUp(legacy, ledger.Available, "A", 100))
	left := 3
	if _, err := ledger.CloseDays(t.Context(), d, broken{platform, &left}, noon.AddDate(0, 0, 1)); err == nil {
		t.Error("a key that does not sign closed the day")
	}
	postAt(t, d, noon.Add(time.Minute), topUp(upgraded, ledger.Basic, "B", 100))
	closeDays(t, d, noon.AddDate(0, 0, 1))
	if n := sound(t, d); n != 6 {
		t.Errorf("%d entries", n)
	}
}

func TestClosersAndBookersAtOnceAgree(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	cast(t, d)
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for i := range 15 {
				postAt(t, d, noon.AddDate(0, 0, i), topUp(upgraded, ledger.Basic, fmt.Sprint(n, "-", i), 1), topUp(legacy, ledger.Available, fmt.Sprint(n, "-", i), 1))
			}
		})
	}
	for range 2 {
		all.Go(func() {
			for i := range 15 {
				if _, err := ledger.CloseDays(context.WithoutCancel(t.Context()), d, platform, noon.AddDate(0, 0, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := sound(t, d); n != 4*15*4 {
		t.Errorf("%d entries", n)
	}
}
