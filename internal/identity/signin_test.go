package identity

import (
	"errors"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/fault"
)

const chromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

func wants(t *testing.T, err error, want *fault.Refusal) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("refused with %v, want %v", err, want)
	}
}

func TestAPersonSignsInByScanningConfirmingAndComingIn(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	ticket := w.shows(w.desk)
	ask, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	if ask.State != Scanned || len(ask.Numbers) != 3 || len(ask.Seats) != 1 || ask.Browser != "Chrome 156，Windows" ||
		ask.Address != w.desk.Address || ask.Seats[0].Login != wang.full() || ask.Seats[0].NameMasked != "王*力" {
		t.Fatalf("the phone shows %+v", ask)
	}
	seen, err := w.Ticket(t.Context(), ticket.ID, w.desk)
	w.must(err)
	if seen.State != Scanned || seen.Mchid != 0 || seen.Token != ticket.Token {
		t.Fatalf("the desktop shows %+v", seen)
	}
	ask, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
	w.must(err)
	if ask.State != Confirmed || ask.Numbers != nil {
		t.Fatalf("after the confirm the phone shows %+v", ask)
	}
	if seen, err = w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Confirmed || seen.ShortName != "老王面馆" {
		t.Fatalf("after the confirm the desktop shows %+v, %v", seen, err)
	}
	s, secret, err := w.Redeem(t.Context(), ticket.ID, w.desk)
	w.must(err)
	if s.Stage != Full || s.Login != wang.full() || s.Merchant.Mchid != w.noodles || !s.Scope().May(access.TradeImport) {
		t.Fatalf("came in as %+v", s)
	}
	if again, err := w.Session(t.Context(), secret); err != nil || again.Handle != s.Handle {
		t.Fatalf("the next request is %+v, %v", again, err)
	}
	if n := w.count("jobs", "kind = 'wechat.message' AND payload->>'OpenID' = 'o-wang'"); n != 1 {
		t.Errorf("the person got %d messages of the sign-in, want 1", n)
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND outcome = 'done' AND action LIKE 'signin.%'", w.noodles); n != 3 {
		t.Errorf("%d audit rows of scan, answer and redeem, want 3", n)
	}
}

func TestATicketIsExpiredOnBothScreensAfterTwoMinutes(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]int{"shown": 0, "scanned": 1, "confirmed": 2} {
		w := pinned(t)
		w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
		ticket := w.shows(w.desk)
		if steps > 0 {
			_, err := w.Scan(t.Context(), ticket.Token, "o-wang")
			w.must(err)
		}
		if steps > 1 {
			w.confirms(ticket, "o-wang")
		}
		w.clock.Advance(121 * time.Second)
		if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Expired {
			t.Errorf("%s: the desktop shows %s, %v", name, seen.State, err)
		}
		ask, err := w.Scan(t.Context(), ticket.Token, "o-wang")
		if steps == 0 {
			wants(t, err, ErrTicketGone)
		} else if err != nil || ask.State != Expired {
			t.Errorf("%s: the phone shows %s, %v", name, ask.State, err)
		}
		_, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
		if !errors.Is(err, ErrTicketExpired) && !errors.Is(err, ErrTicketGone) {
			t.Errorf("%s: a late answer is %v", name, err)
		}
		_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
		wants(t, err, ErrTicketExpired)
	}
}
