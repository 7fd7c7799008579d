package identity

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

const phoneCookie = "the-phone-browser"

// stateIn reads the state out of a link to WeChat.
func stateIn(t testing.TB, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

// begins signs in by password and, as a super admin, answers the settlement account.
func (w *world) begins(m member) Session {
	w.t.Helper()
	s, _, err := w.Password(w.t.Context(), m.full(), m.password, w.desk)
	w.must(err)
	guide, err := w.Guide(w.t.Context(), s)
	w.must(err)
	if guide.Step == StepCard {
		w.must(w.Card(w.t.Context(), s, card))
	}
	return s
}

// asksConsent opens a binding ticket and walks the phone to WeChat's consent page.
func (w *world) asksConsent(s Session, openid string) (t Ticket, state string) {
	w.t.Helper()
	t, err := w.OpenTicket(w.t.Context(), w.desk, Binding, s.BindingSeat())
	w.must(err)
	if a := w.confirms(t, openid); a.State != Consenting {
		w.t.Fatalf("after the number the phone shows %+v", a)
	}
	_, link, err := w.Consent(w.t.Context(), t.Token, openid, phoneCookie, Confirm)
	w.must(err)
	return t, stateIn(w.t, link)
}

// compares comes back from WeChat with a code.
func (w *world) compares(state, openid string) (Ask, error) {
	return w.Check(w.t.Context(), openid, w.wechat.code(openid), state, phoneCookie)
}

// bindsByGuide walks a super admin's whole way; nobody is asked.
func (w *world) bindsByGuide(m member, openid string) {
	w.t.Helper()
	s := w.begins(m)
	t, state := w.asksConsent(s, openid)
	a, err := w.compares(state, openid)
	if err != nil || a.State != Bound || a.Next != "/m/t/"+t.Token {
		w.t.Fatalf("binding ended with %+v, %v", a, err)
	}
	if seen, err := w.Ticket(w.t.Context(), t.ID, w.desk); err != nil || seen.State != Bound {
		w.t.Fatalf("the desktop shows %+v, %v", seen, err)
	}
	if guide, err := w.Guide(w.t.Context(), s); err != nil || guide.Step != StepBound {
		w.t.Fatalf("the guide says %+v, %v", guide, err)
	}
}

func TestASuperAdminBindsByCardScanConsentAndComparison(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	w.bindsByGuide(wang, wang.openid)
	if n := w.count("wechat_bindings", "merchant_id = $1 AND openid = $2 AND verdict = 'match' AND consent = $3", w.noodles, wang.openid, ConsentVersion); n != 1 {
		t.Errorf("%d bindings, want 1", n)
	}
	if n := w.count("inbox_messages", "merchant_id = $1 AND category = 'security' AND kind = 'binding_done'", w.noodles); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND outcome = 'done' AND action LIKE 'binding.%'", w.noodles); n != 5 {
		t.Errorf("%d audit rows of card, scan, answer, consent and check, want 5", n)
	}
	s, _ := w.signsIn(wang.openid, w.desk)
	if n := w.count("sessions", "merchant_id = $1", w.noodles); n != 1 || s.Stage != Full {
		t.Errorf("%d sessions after signing in (%s), want the new one alone", n, s.Stage)
	}
}

func TestAWeChatOfAnotherPersonIsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(*world)
		want    *fault.Refusal
	}{
		"another person": {func(w *world) { w.wechat.knows("o-else", newPerson("李四")) }, ErrWrongPerson},
		"not verified":   {func(*world) {}, ErrNotVerified},
		"no verdict":     {func(w *world) { w.wechat.down = errors.New("time-out") }, ErrCheckFailed},
	} {
		w := pinned(t)
		wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
		c.prepare(w)
		s := w.begins(wang)
		ticket, state := w.asksConsent(s, "o-else")
		before := w.digest()
		a, err := w.compares(state, "o-else")
		if err != nil || a.State != Failed || a.Reason != c.want.Code {
			t.Errorf("%s: the phone shows %+v, %v", name, a, err)
		}
		if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.State != Failed || seen.Reason != c.want.Code {
			t.Errorf("%s: the desktop shows %+v, %v", name, seen, err)
		}
		if after := w.digest(); after != before {
			t.Errorf("%s: kept something:\n%s\n%s", name, before, after)
		}
		if n := w.count("audit_rows", "merchant_id = $1 AND action = 'binding.check' AND outcome = 'refused' AND reason = $2", w.noodles, c.want.Code); n != 1 {
			t.Errorf("%s: %d audit rows, want 1", name, n)
		}
		if n := w.count("login_tickets", "id = $1 AND (consent <> '' OR consented_at IS NOT NULL)", ticket.ID); n != 0 {
			t.Errorf("%s: the consent is kept", name)
		}
	}
}

// digest is everything of the merchant that a refusal must leave as it is.
func (w *world) digest() string {
	w.t.Helper()
	var all string
	w.must(w.db.PG().QueryRow(w.t.Context(), `SELECT
		(SELECT coalesce(string_agg(a::text, '|'), '') FROM login_accounts a WHERE merchant_id = $1) ||
		(SELECT coalesce(string_agg(b::text, '|'), '-') FROM wechat_bindings b WHERE merchant_id = $1) ||
		(SELECT coalesce(string_agg(r::text, '|'), '-') FROM binding_requests r WHERE merchant_id = $1) ||
		(SELECT coalesce(string_agg(i::text, '|'), '-') FROM inbox_messages i WHERE merchant_id = $1) ||
		(SELECT coalesce(string_agg(j::text, '|'), '-') FROM jobs j WHERE merchant_id = $1) ||
		(SELECT coalesce(string_agg(s::text, '|'), '-') FROM sessions s WHERE merchant_id = $1)`, w.noodles).Scan(&all))
	return all
}

func TestWithoutConsentNothingIsCompared(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s := w.begins(wang)
	ticket, err := w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	w.must(err)
	w.confirms(ticket, wang.openid)
	a, link, err := w.Consent(t.Context(), ticket.Token, wang.openid, phoneCookie, Refuse)
	if err != nil || link != "" || a.State != Refused || a.Reason != ErrConsentRefused.Code {
		t.Errorf("refused on our page: %+v, %q, %v", a, link, err)
	}
	_, state := w.asksConsent(s, wang.openid)
	a, err = w.Check(t.Context(), wang.openid, "", state, phoneCookie)
	if err != nil || a.State != Refused || a.Reason != ErrConsentRefused.Code {
		t.Errorf("refused on WeChat's page: %+v, %v", a, err)
	}
	if w.wechat.asked != 0 {
		t.Errorf("compared %d times", w.wechat.asked)
	}
	if n := w.count("wechat_bindings", "merchant_id = $1", w.noodles); n != 0 {
		t.Errorf("%d bindings", n)
	}
}

func TestAComparisonComesBackOnceInTimeAndToItsOwnPhone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s := w.begins(wang)
	_, state := w.asksConsent(s, wang.openid)
	_, err := w.Check(t.Context(), wang.openid, w.wechat.code(wang.openid), "made-up", phoneCookie)
	wants(t, err, ErrRoundTrip)
	_, err = w.Check(t.Context(), wang.openid, w.wechat.code(wang.openid), state, "another-phone")
	wants(t, err, ErrRoundTrip)
	_, err = w.compares(state, wang.openid) // used up by the other phone
	wants(t, err, ErrRoundTrip)

	_, state = w.asksConsent(s, wang.openid)
	_, err = w.compares(state, "o-mallory")
	wants(t, err, ErrTicketTaken)

	_, state = w.asksConsent(s, wang.openid)
	a, err := w.Check(t.Context(), wang.openid, "made-up-code", state, phoneCookie)
	if err != nil || a.State != Failed || a.Reason != ErrCheckFailed.Code {
		t.Errorf("a code that WeChat does not take: %+v, %v", a, err)
	}

	_, state = w.asksConsent(s, wang.openid)
	w.clock.Advance(consentLife)
	_, err = w.compares(state, wang.openid)
	wants(t, err, ErrTicketExpired)

	_, state = w.asksConsent(s, wang.openid)
	w.wall.Advance(stateLife)
	_, err = w.compares(state, wang.openid)
	wants(t, err, ErrRoundTrip)
	if w.wechat.asked != 0 {
		t.Errorf("compared %d times", w.wechat.asked)
	}
}

func TestAWeChatOfAnotherAccountIsRefusedAtTheScan(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	w.binds(w.noodles, "zhangsan", "张三", "o-zhang", access.Finance)
	s := w.begins(wang)
	ticket, err := w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	w.must(err)
	a, err := w.Scan(t.Context(), ticket.Token, "o-zhang")
	if err != nil || a.State != Failed || a.Reason != ErrWeChatTaken.Code {
		t.Errorf("the phone shows %+v, %v", a, err)
	}
	if seen, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil || seen.Reason != ErrWeChatTaken.Code {
		t.Errorf("the desktop shows %+v, %v", seen, err)
	}
}

func TestABoundAccountIsNotBoundAgain(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s := w.begins(wang)
	_, early := w.asksConsent(s, wang.openid)
	w.bindsByGuide(wang, wang.openid)
	w.wechat.knows("o-second", wang.person)
	a, err := w.compares(early, wang.openid)
	if err != nil || a.Reason != ErrAlreadyBound.Code {
		t.Errorf("the earlier ticket: %+v, %v", a, err)
	}
	_, err = w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	wants(t, err, ErrAlreadyBound)
}

func TestOfTwoAccountsThatBindOneWeChatAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	admin := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	clerk := w.hires(w.noodles, "zhangsan", "张三", access.Finance)
	// One person with two accounts of one merchant: the same papers, the same WeChat.
	w.wechat.knows("o-one", admin.person)
	first, second := w.begins(admin), w.begins(clerk)
	w.becomes(clerk, admin.person)
	_, a := w.asksConsent(first, "o-one")
	_, b := w.asksConsent(second, "o-one")
	states := []string{a, b}
	_, errs := atOnce(2, func(i int) error { _, err := w.compares(states[i], "o-one"); return err })
	w.must(firstOf(errs...))
	w.answersAll(admin)
	if n := w.count("wechat_bindings", "openid = 'o-one'"); n != 1 {
		t.Errorf("%d bindings of one WeChat in one merchant, want 1", n)
	}
}

// becomes gives an account another person, as an operator would.
func (w *world) becomes(m member, p Person) {
	w.t.Helper()
	w.exec("UPDATE login_accounts SET real_name = $3, id_type = $4, id_number = $5 WHERE merchant_id = $1 AND id = $2", m.merchant, m.id,
		w.vault.Seal(at("real_name", m.merchant, m.id), p.Name), p.IDType, w.vault.Seal(at("id_number", m.merchant, m.id), p.IDNumber))
}

func TestBindingsOfOneAccountAtOnceGiveOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	admin := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s := w.begins(admin)
	states := make([]string, 6)
	for i := range states {
		openid := fmt.Sprintf("o-wang-%d", i)
		w.wechat.knows(openid, admin.person)
		_, states[i] = w.asksConsent(s, openid)
	}
	_, errs := atOnce(len(states), func(i int) error { _, err := w.compares(states[i], fmt.Sprintf("o-wang-%d", i)); return err })
	w.must(firstOf(errs...))
	if n := w.count("wechat_bindings", "merchant_id = $1", w.noodles); n != 1 {
		t.Errorf("%d bindings, want 1", n)
	}
	if n := w.count("login_tickets", "state = 'bound'"); n != 1 {
		t.Errorf("%d tickets say bound, want 1", n)
	}
}

func TestTheSettlementAccountIsAskedThreeTimes(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
	w.must(err)
	_, err = w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	wants(t, err, ErrCardFirst)
	wants(t, w.Card(t.Context(), s, "123"), ErrCardForm)
	wants(t, w.Card(t.Context(), s, "6222 0212 3456 7890 x"), ErrCardForm)
	for left := 2; left > 0; left-- {
		err := w.Card(t.Context(), s, "6222021234567890000")
		wants(t, err, ErrCardWrong)
		if r, _ := fault.As(err); r.Args["Left"] != left {
			t.Errorf("the refusal says %v, want %d left", r, left)
		}
	}
	wants(t, w.Card(t.Context(), s, "6222021234567890000"), ErrCardLocked)
	wants(t, w.Card(t.Context(), s, card), ErrCardLocked)
	if guide, err := w.Guide(t.Context(), s); err != nil || guide.Step != StepLocked {
		t.Errorf("the guide says %+v, %v", guide, err)
	}
	_, err = w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	wants(t, err, ErrCardLocked)
	w.in(func(tx db.Tx) error { return w.ResetCard(t.Context(), tx, w.noodles, wang.id, access.System) })
	w.must(w.Card(t.Context(), s, card))
}

func TestTheSettlementAccountHoldsForItsSessionAndForgetsWrongTries(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	first, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
	w.must(err)
	second, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
	w.must(err)
	wants(t, w.Card(t.Context(), first, "6222021234567890000"), ErrCardWrong)
	w.must(w.Card(t.Context(), first, "6222 0212 3456 7890 123"))
	for s, want := range map[*Session]GuideStep{&first: StepScan, &second: StepCard} {
		guide, err := w.Guide(t.Context(), *s)
		if err != nil || guide.Step != want || guide.TriesLeft != 3 {
			t.Errorf("the guide says %+v, %v, want %s", guide, err, want)
		}
	}
	clerk := w.hires(w.noodles, "zhangsan", "张三", access.Finance)
	s := w.begins(clerk)
	wants(t, w.Card(t.Context(), s, card), fault.ErrNotFound)
	full := Session{Stage: Full, Seat: first.Seat, Handle: first.Handle}
	wants(t, w.Card(t.Context(), full, card), fault.ErrNotFound)
	_, err = w.Guide(t.Context(), full)
	wants(t, err, fault.ErrNotFound)
}

func TestTheConsentPageHasItsOwnTime(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s := w.begins(wang)
	ticket, err := w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	w.must(err)
	_, _, err = w.Consent(t.Context(), ticket.Token, wang.openid, phoneCookie, Confirm)
	wants(t, err, ErrTicketGone) // before the scan
	w.confirms(ticket, wang.openid)
	w.clock.Advance(consentLife - time.Second)
	_, _, err = w.Consent(t.Context(), ticket.Token, wang.openid, phoneCookie, "maybe")
	wants(t, err, ErrDecide)
	_, _, err = w.Consent(t.Context(), ticket.Token, "o-mallory", phoneCookie, Confirm)
	wants(t, err, ErrTicketTaken)
	if _, link, err := w.Consent(t.Context(), ticket.Token, wang.openid, phoneCookie, Confirm); err != nil || link == "" {
		t.Errorf("in time: %q, %v", link, err)
	}
	w.clock.Advance(time.Second)
	_, _, err = w.Consent(t.Context(), ticket.Token, wang.openid, phoneCookie, Confirm)
	wants(t, err, ErrTicketExpired)
}
