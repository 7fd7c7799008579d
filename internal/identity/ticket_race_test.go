package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/signal"
)

// atOnce runs f n times at the same moment and returns how often it gave no error.
func atOnce(n int, f func(i int) error) (good int, errs []error) {
	var start, done sync.WaitGroup
	var ok atomic.Int64
	errs = make([]error, n)
	start.Add(1)
	for i := range n {
		done.Add(1)
		go func() {
			defer done.Done()
			start.Wait()
			if errs[i] = f(i); errs[i] == nil {
				ok.Add(1)
			}
		}()
	}
	start.Done()
	done.Wait()
	return int(ok.Load()), errs
}

func TestFiftyRedeemsAtOnceGiveOneSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	ticket := w.shows(w.desk)
	w.confirms(ticket, "o-wang")
	good, errs := atOnce(50, func(int) error {
		_, _, err := w.Redeem(t.Context(), ticket.ID, w.desk)
		return err
	})
	for _, err := range errs {
		if err != nil && !errors.Is(err, ErrTicketEnded) {
			t.Errorf("a redeem failed with %v", err)
		}
	}
	if n := w.count("sessions", "true"); good != 1 || n != 1 {
		t.Errorf("%d redeems succeeded and %d sessions stand, want 1 and 1", good, n)
	}
}

func TestOfTwoPhonesThatScanAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.binds(w.noodles, "wanglao", "王大力", "o-0", access.SuperAdmin)
	w.binds(w.noodles, "zhangsan", "张三", "o-1", access.Finance)
	for range 20 {
		ticket := w.shows(w.desk)
		good, errs := atOnce(2, func(i int) error {
			_, err := w.Scan(t.Context(), ticket.Token, fmt.Sprintf("o-%d", i))
			return err
		})
		lost := firstOf(errs...)
		if good != 1 || !errors.Is(lost, ErrTicketTaken) {
			t.Fatalf("%d phones took the ticket, the other heard %v", good, lost)
		}
	}
}

func TestTwentyThousandGuessesFindNothing(t *testing.T) {
	t.Parallel()
	const guesses, crowd = 20000, 8
	w := newWorld(t, dbtest.Clone(t))
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	for range 50 {
		w.shows(w.desk)
	}
	good, _ := atOnce(crowd, func(int) error {
		raw := make([]byte, secretSize)
		for range guesses / crowd {
			_, _ = rand.Read(raw)
			_, err := w.Scan(t.Context(), base64.RawURLEncoding.EncodeToString(raw), "o-wang")
			if !errors.Is(err, ErrTicketGone) {
				return nil
			}
		}
		return ErrTicketGone
	})
	if good != 0 {
		t.Error("a guess found a ticket")
	}
	if n := w.count("login_tickets", "state <> 'waiting'"); n != 0 {
		t.Errorf("%d tickets moved", n)
	}
}

func TestAWaitingDesktopIsWokenByItsPhoneAndByTime(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	w := newWorld(t, dbtest.Open(t, dsn))
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	listening, stop := context.WithCancel(t.Context())
	var heard sync.WaitGroup
	heard.Go(func() { w.hub.Run(listening, dsn) })
	defer heard.Wait()
	defer stop()

	ticket := w.shows(w.desk)
	w.awakes(ticket, func() { w.confirms(ticket, "o-wang") }, Scanned, Confirmed)
	late := w.shows(w.desk)
	w.awakes(late, func() { w.clock.Advance(ticketLife) }, Expired)
}

// awakes waits at the desktop through the states that cause brings.
func (w *world) awakes(from Ticket, cause func(), states ...State) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	seen := make(chan Ticket)
	go func() {
		defer close(seen)
		known := from
		for known.State != states[len(states)-1] {
			t, err := w.Await(ctx, from.ID, w.desk, known)
			if err != nil {
				w.t.Errorf("await: %v", err)
				return
			}
			known = t
			seen <- t
		}
	}()
	cause()
	last := from
	for t := range seen {
		last = t
	}
	if last.State != states[len(states)-1] {
		w.t.Errorf("woken at %s, want %v", last.State, states)
	}
}

func TestWaitingDesktopsHoldNoConnection(t *testing.T) {
	t.Parallel()
	const crowd = 5000
	w := newWorld(t, dbtest.Clone(t))
	w.hub = signal.NewHub()
	ticket := w.shows(w.desk)
	ctx, leave := context.WithCancel(t.Context())
	var waiting, left sync.WaitGroup
	var subscribed atomic.Int64
	waiting.Add(crowd)
	for range crowd {
		left.Go(func() {
			defer func() { subscribed.Add(-1) }()
			subscribed.Add(1)
			waiting.Done()
			_, err := w.Await(ctx, ticket.ID, w.desk, ticket)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("await ended with %v", err)
			}
		})
	}
	waiting.Wait()
	w.must(idle(ctx, w))
	if n := subscribed.Load(); n != crowd {
		t.Errorf("%d of %d still wait", n, crowd)
	}
	leave()
	left.Wait()
}

// idle returns once no connection is in use for a while: all have read their ticket and sleep.
func idle(ctx context.Context, w *world) error {
	quiet := 0
	for tick := time.NewTicker(20 * time.Millisecond); quiet < 5; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if quiet++; w.db.Stat().AcquiredConns() > 0 {
			quiet = 0
		}
	}
	return nil
}
