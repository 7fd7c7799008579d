package identity

import (
	"context"
	"sync"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

func TestDesktopsWokenTogetherShareTheirReads(t *testing.T) {
	t.Parallel()
	const crowd = 1000
	w := newWorld(t, dbtest.Clone(t))
	ticket := w.shows(w.desk)
	var statements db.Counter
	ctx := db.Counting(t.Context(), &statements)
	var looking sync.WaitGroup
	for range crowd {
		looking.Go(func() {
			got, err := w.Await(ctx, ticket.ID, w.desk, Ticket{State: Scanned})
			if err != nil || got.State != Waiting || got.Token != ticket.Token {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	looking.Wait()
	if n := statements.Statements(); n == 0 || n > crowd/10 {
		t.Errorf("%d desktops took %d statements", crowd, n)
	}
	if _, err := w.Await(t.Context(), ticket.ID, Browser{Secret: "another"}, Ticket{}); err == nil {
		t.Error("another browser was told of the ticket")
	}
}

func TestNobodyIsToldOfAStateOlderThanTheirSignal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	ctx, leave := context.WithCancel(t.Context())
	crowded := w.shows(w.desk)
	var crowd sync.WaitGroup
	for range 8 {
		crowd.Go(func() { // reads are always under way
			for ctx.Err() == nil {
				_, _ = w.look(ctx, crowded.ID, w.desk)
			}
		})
	}
	for range 10 {
		ticket := w.shows(w.desk)
		w.confirms(ticket, "o-wang")
		got, err := w.look(t.Context(), ticket.ID, w.desk)
		if err != nil || got.State != Confirmed || got.Mchid != w.noodles || got.ShortName == "" {
			t.Errorf("after the confirmation: %+v, %v", got, err)
		}
	}
	leave()
	crowd.Wait()
}
