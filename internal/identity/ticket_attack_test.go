package identity

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// attacked is a world with a person to be robbed and another who would like to.
func attacked(t *testing.T) *world {
	w := pinned(t)
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	w.binds(w.noodles, "mallory", "马小乐", "o-mallory", access.ReadOnly)
	return w
}

func TestAnotherBrowserNeitherSeesNorRedeemsATicket(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	w.confirms(ticket, "o-wang")
	for _, thief := range []Browser{{Secret: "thief", Address: w.desk.Address, Agent: w.desk.Agent}, {}} {
		_, err := w.Ticket(t.Context(), ticket.ID, thief)
		wants(t, err, fault.ErrNotFound)
		_, _, err = w.Redeem(t.Context(), ticket.ID, thief)
		wants(t, err, fault.ErrNotFound)
	}
	_, _, err := w.Redeem(t.Context(), db.NewID(), w.desk)
	wants(t, err, fault.ErrNotFound)
	if _, _, err := w.Redeem(t.Context(), ticket.ID, w.desk); err != nil {
		t.Errorf("its own browser after the thief: %v", err)
	}
}

func TestASecondPhoneIsRefusedAndTheDesktopIsTold(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	ask, err := w.Scan(t.Context(), ticket.Token, "o-mallory")
	wants(t, err, ErrTicketTaken)
	if ask.State != "" || ask.Seats != nil || ask.Numbers != nil {
		t.Errorf("the second phone learns %+v", ask)
	}
	_, err = w.Answer(t.Context(), ticket.Token, "o-mallory", Answer{Decision: Confirm, Number: ticket.Number})
	wants(t, err, ErrTicketTaken)
	_, err = w.Answer(t.Context(), ticket.Token, "o-mallory", Answer{Decision: Refuse})
	wants(t, err, ErrTicketTaken)
	seen, err := w.Ticket(t.Context(), ticket.ID, w.desk)
	w.must(err)
	if !seen.Contested || seen.State != Scanned {
		t.Errorf("the desktop shows %+v", seen)
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND reason = 'identity.ticket_taken'", w.noodles); n != 3 {
		t.Errorf("%d audit rows, want 3", n)
	}
}

func TestAConfirmWithoutAScanIsRefused(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, err := w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
	wants(t, err, ErrTicketGone)
	_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
	wants(t, err, ErrTicketEnded)
}

func TestAWrongNumberEndsTheTicket(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	ask, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	wrong := ask.Numbers[0]
	if wrong == ticket.Number {
		wrong = ask.Numbers[1]
	}
	ask, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: wrong})
	if err != nil || ask.State != Failed || ask.Reason != ErrWrongNumber.Code {
		t.Fatalf("the phone shows %+v, %v", ask, err)
	}
	_, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
	wants(t, err, ErrTicketEnded)
	seen, err := w.Ticket(t.Context(), ticket.ID, w.desk)
	if err != nil || seen.State != Failed || seen.Reason != ErrWrongNumber.Code {
		t.Errorf("the desktop shows %+v, %v", seen, err)
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND outcome = 'refused' AND reason = 'identity.wrong_number'", w.noodles); n != 1 {
		t.Errorf("%d audit rows, want 1", n)
	}
}

func TestAFormNotFilledInChangesNothing(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	for _, c := range []struct {
		answer Answer
		want   *fault.Refusal
	}{
		{Answer{}, ErrDecide}, {Answer{Decision: "maybe"}, ErrDecide}, {Answer{Decision: Confirm}, ErrChooseNumber},
		{Answer{Decision: Confirm, Number: ticket.Number, Merchant: w.store}, ErrChooseMerchant},
	} {
		ask, err := w.Answer(t.Context(), ticket.Token, "o-wang", c.answer)
		wants(t, err, c.want)
		if ask.State != Scanned || len(ask.Numbers) != 3 {
			t.Errorf("after %+v the phone shows %+v", c.answer, ask)
		}
	}
	if ask, err := w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number}); err != nil || ask.State != Confirmed {
		t.Errorf("a right answer afterwards: %+v, %v", ask, err)
	}
}

func TestWhatWasRefusedCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	ask, err := w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Refuse})
	if err != nil || ask.State != Refused || ask.Reason != ErrSaidNo.Code {
		t.Fatalf("the phone shows %+v, %v", ask, err)
	}
	_, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
	wants(t, err, ErrTicketEnded)
	_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
	wants(t, err, ErrTicketEnded)
	if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Refused {
		t.Errorf("the desktop shows %+v, %v", seen, err)
	}
	if n := w.count("sessions", "merchant_id = $1", w.noodles); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

func TestAReplayOfTheConfirmOrTheRedeemIsRefused(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	w.confirms(ticket, "o-wang")
	right := Answer{Decision: Confirm, Number: ticket.Number}
	_, err := w.Answer(t.Context(), ticket.Token, "o-wang", right)
	wants(t, err, ErrTicketEnded)
	_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
	w.must(err)
	_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
	wants(t, err, ErrTicketEnded)
	_, err = w.Answer(t.Context(), ticket.Token, "o-wang", right)
	wants(t, err, ErrTicketEnded)
	if n := w.count("sessions", "merchant_id = $1", w.noodles); n != 1 {
		t.Errorf("%d sessions, want 1", n)
	}
}

func TestUnknownExpiredAndUsedTokensAnswerAlike(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	used, refused, old := w.shows(w.desk), w.shows(w.desk), w.shows(w.desk)
	w.confirms(used, "o-wang")
	_, _, err := w.Redeem(t.Context(), used.ID, w.desk)
	w.must(err)
	_, err = w.Scan(t.Context(), refused.Token, "o-wang")
	w.must(err)
	_, err = w.Answer(t.Context(), refused.Token, "o-wang", Answer{Decision: Refuse})
	w.must(err)
	w.clock.Advance(2 * time.Minute)
	for _, token := range []string{used.Token, refused.Token, old.Token, "", "no-such-token", used.Token + "x"} {
		a, err := w.Scan(t.Context(), token, "o-mallory")
		wants(t, err, ErrTicketGone)
		b, err2 := w.Answer(t.Context(), token, "o-mallory", Answer{Decision: Confirm, Number: 58})
		if !errors.Is(err2, ErrTicketGone) || err.Error() != err2.Error() || a.State != "" || b.State != "" {
			t.Errorf("token %q answers %v and %v, %+v, %+v", token, err, err2, a, b)
		}
	}
}

func TestTokensAreKeptAsHashesAndLongEnough(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, secret := w.signsIn("o-wang", w.desk)
	if len(ticket.Token) < 43 || len(secret) < 43 {
		t.Errorf("token %q, secret %q are shorter than 256 bits", ticket.Token, secret)
	}
	for _, table := range []string{"login_tickets", "sessions", "audit_rows", "jobs"} {
		for _, plain := range []string{ticket.Token, secret, w.desk.Secret} {
			if n := w.count(table+" r", "r::text LIKE '%' || $1 || '%' OR r::text LIKE '%' || encode($1::bytea, 'hex') || '%'", plain); n != 0 {
				t.Errorf("%s holds %q in clear", table, plain)
			}
		}
	}
}

func TestAWeChatBoundInSeveralMerchantsPicksOne(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	w.opens(w.store, "云上百货")
	w.binds(w.store, "wangtwo", "王大力", "o-wang", access.Finance)
	ticket := w.shows(w.desk)
	ask, err := w.Scan(t.Context(), ticket.Token, "o-wang")
	w.must(err)
	if len(ask.Seats) != 2 {
		t.Fatalf("the phone offers %+v", ask.Seats)
	}
	_, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number})
	wants(t, err, ErrChooseMerchant)
	ask, err = w.Answer(t.Context(), ticket.Token, "o-wang", Answer{Decision: Confirm, Number: ticket.Number, Merchant: w.store})
	w.must(err)
	if len(ask.Seats) != 1 || ask.Seats[0].ShortName != "云上百货" {
		t.Errorf("after the choice the phone names %+v", ask.Seats)
	}
	s, _, err := w.Redeem(t.Context(), ticket.ID, w.desk)
	w.must(err)
	if s.Merchant.Mchid != w.store || len(s.Others) != 1 || s.Others[0].Mchid != w.noodles {
		t.Errorf("came into %+v, others %+v", s.Merchant, s.Others)
	}
}

func TestAWeChatThatMayGoNowhereLeavesTheTicketFree(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	ticket := w.shows(w.desk)
	_, err := w.Scan(t.Context(), ticket.Token, "o-stranger")
	wants(t, err, ErrNotBound)
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND login = 'mallory'", w.noodles)
	_, err = w.Scan(t.Context(), ticket.Token, "o-mallory")
	wants(t, err, ErrSuspended)
	if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Waiting {
		t.Fatalf("the desktop shows %+v, %v", seen, err)
	}
	w.confirms(ticket, "o-wang")
	w.exec("UPDATE merchants SET state = 'suspended' WHERE merchant_id = $1", w.noodles)
	_, _, err = w.Redeem(t.Context(), ticket.ID, w.desk)
	wants(t, err, ErrSuspended)
	if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Failed || seen.Reason != ErrSuspended.Code {
		t.Errorf("the desktop shows %+v, %v", seen, err)
	}
}

func TestTheSameBrowserFindsItsTicketAgain(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	_, err := w.LatestTicket(t.Context(), w.desk, SignIn)
	wants(t, err, fault.ErrNotFound)
	w.shows(w.desk)
	w.clock.Advance(time.Second)
	second := w.shows(w.desk)
	found, err := w.LatestTicket(t.Context(), w.desk, SignIn)
	if err != nil || found.ID != second.ID || found.Token != second.Token {
		t.Errorf("found %+v, %v, want %+v", found, err, second)
	}
	if _, err := w.OpenTicket(t.Context(), Browser{}, SignIn, nil); err == nil {
		t.Error("a browser without a secret opened a ticket")
	}
	_, err = w.OpenTicket(t.Context(), w.desk, Binding, nil)
	wants(t, err, fault.ErrNotFound)
	if second.ID == uuid.Nil {
		t.Error("no id")
	}
}

func TestAnAddressOpensThirtyTicketsAMinuteAndTwentyAtOnce(t *testing.T) {
	t.Parallel()
	w := attacked(t)
	w.limits = DefaultLimits
	for range DefaultLimits.TicketsWaiting {
		w.shows(w.desk)
	}
	_, err := w.OpenTicket(t.Context(), w.desk, SignIn, nil)
	wants(t, err, ErrTooManyTickets)
	w.shows(Browser{Secret: "other", Address: "2001:db8::1", Agent: "x"})
	w.clock.Advance(3 * time.Minute) // the twenty are over, the minute of the wall is not
	for range DefaultLimits.TicketsPerMinute - DefaultLimits.TicketsWaiting {
		w.shows(w.desk)
	}
	_, err = w.OpenTicket(t.Context(), w.desk, SignIn, nil)
	wants(t, err, ErrTooManyTickets)
	w.wall.Advance(time.Minute)
	w.shows(w.desk)
}
