package identity

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/inbox"
)

// seated is a world with one person signed in.
func seated(t *testing.T) (w *world, wang member, s Session, secret string) {
	w = pinned(t)
	wang = w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	s, secret = w.signsIn("o-wang", w.desk)
	return w, wang, s, secret
}

func TestASessionEndsWhenIdleForHalfAnHour(t *testing.T) {
	t.Parallel()
	w, _, _, secret := seated(t)
	for range 4 {
		w.wall.Advance(29 * time.Minute)
		_, err := w.Session(t.Context(), secret)
		w.must(err)
	}
	w.wall.Advance(sessionIdle)
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
}

func TestASessionEndsAfterTwelveHoursHoweverBusy(t *testing.T) {
	t.Parallel()
	w, _, s, secret := seated(t)
	if s.ExpiresAt != s.MadeAt.Add(12*time.Hour) {
		t.Errorf("lives from %v to %v", s.MadeAt, s.ExpiresAt)
	}
	for range 12*3 - 1 {
		w.wall.Advance(20 * time.Minute)
		_, err := w.Session(t.Context(), secret)
		w.must(err)
	}
	w.wall.Advance(20 * time.Minute)
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
}

func TestSeenIsWrittenAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	w, _, s, secret := seated(t)
	for _, c := range []struct{ after, seen time.Duration }{
		{30 * time.Second, 0}, {30 * time.Second, time.Minute}, {59 * time.Second, time.Minute}, {time.Second, 2 * time.Minute},
	} {
		w.wall.Advance(c.after)
		_, err := w.Session(t.Context(), secret)
		w.must(err)
		var seen time.Time
		w.must(w.db.PG().QueryRow(t.Context(), "SELECT seen_at FROM sessions WHERE handle = $1", s.Handle).Scan(&seen))
		if !seen.Equal(s.MadeAt.Add(c.seen)) {
			t.Errorf("seen %v after the beginning, want %v", seen.Sub(s.MadeAt), c.seen)
		}
	}
}

func TestSigningOutKillsACopiedCookie(t *testing.T) {
	t.Parallel()
	w, _, _, secret := seated(t)
	w.must(w.SignOut(t.Context(), secret))
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
	w.must(w.SignOut(t.Context(), secret))
	wants(t, w.Keep(t.Context(), secret, Data{Flash: "x"}), ErrNoSession)
	if n := w.count("sessions", "merchant_id = $1", w.noodles); n != 0 {
		t.Errorf("%d sessions stand", n)
	}
}

func TestEverySignInHasAFreshSecretAndNoSecretOpensWithoutOne(t *testing.T) {
	t.Parallel()
	w, _, first, secret := seated(t)
	second, other := w.signsIn("o-wang", w.desk)
	if secret == other || first.Handle == second.Handle {
		t.Error("two sign-ins share a secret")
	}
	for _, guess := range []string{"", "x", strings.Repeat("A", 43), first.Handle.String(), w.desk.Secret} {
		_, err := w.Session(t.Context(), guess)
		wants(t, err, ErrNoSession)
	}
}

func TestASuspendedAccountOrMerchantIsOutAtTheNextRequest(t *testing.T) {
	t.Parallel()
	for _, suspend := range []string{
		"UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1",
		"UPDATE merchants SET state = 'suspended' WHERE merchant_id = $1",
	} {
		w, _, _, secret := seated(t)
		w.exec(suspend, w.noodles)
		_, err := w.Session(t.Context(), secret)
		wants(t, err, ErrSuspended)
		_, err = w.Session(t.Context(), secret)
		wants(t, err, ErrNoSession)
		if n := w.count("audit_rows", "merchant_id = $1 AND action = 'session.end' AND reason = 'identity.suspended'", w.noodles); n != 1 {
			t.Errorf("%d audit rows, want 1", n)
		}
	}
}

func TestAnUnboundWeChatEndsItsSessions(t *testing.T) {
	t.Parallel()
	w, _, _, secret := seated(t)
	w.exec("DELETE FROM wechat_bindings WHERE merchant_id = $1", w.noodles)
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
}

func TestAChangedOpenidNameOrPaperAsksForTheBindingAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world, member){
		"name":   func(w *world, m member) { p := m.person; p.Name = "王大刀"; w.becomes(m, p) },
		"number": func(w *world, m member) { p := m.person; p.IDNumber = "110101199003079999"; w.becomes(m, p) },
		"paper": func(w *world, m member) {
			w.becomes(m, Person{Name: m.person.Name, IDType: Passport, IDNumber: m.person.IDNumber})
		},
		"openid": func(w *world, m member) {
			w.exec("UPDATE wechat_bindings SET openid = 'o-new' WHERE account_id = $1", m.id)
		},
	} {
		w, wang, _, secret := seated(t)
		change(w, wang)
		for range 2 {
			s, err := w.Session(t.Context(), secret)
			if err != nil || s.Stage != ToBinding || len(s.Seat.Roles) != 0 {
				t.Errorf("%s: the running session is %+v, %v", name, s, err)
			}
		}
		openid := wang.openid
		if name == "openid" {
			openid = "o-new"
		}
		ticket := w.shows(w.desk)
		if a := w.confirms(ticket, openid); a.Reason != ErrRecheck.Code {
			t.Errorf("%s: the phone shows %+v", name, a)
		}
		s, _, err := w.Redeem(t.Context(), ticket.ID, w.desk)
		if err != nil || s.Stage != ToBinding || len(s.Seat.Roles) != 0 {
			t.Errorf("%s: signing in gives %+v, %v", name, s, err)
		}
		if n := w.count("audit_rows", "merchant_id = $1 AND reason = 'identity.recheck'", w.noodles); n != 2 {
			t.Errorf("%s: %d audit rows of the running session and the sign-in, want 2", name, n)
		}
	}
}

func TestAfterAChangeOfNameTheSameWeChatBindsAgain(t *testing.T) {
	t.Parallel()
	w, wang, _, _ := seated(t)
	married := wang.person
	married.Name = "王李大力"
	w.becomes(wang, married)
	s, _ := w.signsIn(wang.openid, w.desk)
	guide, err := w.Guide(t.Context(), s)
	if err != nil || guide.Step != StepCard || !guide.Again {
		t.Fatalf("the guide says %+v, %v", guide, err)
	}
	w.must(w.Card(t.Context(), s, card))
	w.wechat.knows("o-other", married)
	_, state := w.asksConsent(s, "o-other")
	if a, err := w.compares(state, "o-other"); err != nil || a.Reason != ErrAlreadyBound.Code {
		t.Errorf("another WeChat of the person: %+v, %v", a, err)
	}
	_, state = w.asksConsent(s, wang.openid)
	if a, err := w.compares(state, wang.openid); err != nil || a.Reason != ErrNotVerified.Code && a.Reason != ErrWrongPerson.Code {
		t.Errorf("while WeChat knows the old name: %+v, %v", a, err)
	}
	w.wechat.knows(wang.openid, married)
	_, state = w.asksConsent(s, wang.openid)
	if a, err := w.compares(state, wang.openid); err != nil || a.State != Bound {
		t.Fatalf("binding again ended with %+v, %v", a, err)
	}
	if s, _ := w.signsIn(wang.openid, w.desk); s.Stage != Full {
		t.Errorf("afterwards came in as %+v", s)
	}
}

func TestSessionsAreListedAndEndedByTheirOwner(t *testing.T) {
	t.Parallel()
	w, _, s, secret := seated(t)
	w.binds(w.noodles, "zhangsan", "张三", "o-zhang", access.Finance)
	stranger, _ := w.signsIn("o-zhang", w.desk)
	phone := Browser{Secret: "other", Address: "2001:db8::7", Agent: "curl/8"}
	second, secondSecret := w.signsIn("o-wang", phone)
	list, err := w.Sessions(t.Context(), s.Scope())
	w.must(err)
	if len(list) != 2 {
		t.Fatalf("lists %+v", list)
	}
	for _, row := range list {
		if row.Handle == second.Handle && (row.Browser != "未知浏览器" || row.Address != "2001:db8::7") {
			t.Errorf("the second is listed as %+v", row)
		}
	}
	wants(t, w.EndSession(t.Context(), s.Scope(), stranger.Handle), fault.ErrNotFound)
	wants(t, w.EndSession(t.Context(), s.Scope(), db.NewID()), fault.ErrNotFound)
	w.must(w.EndSession(t.Context(), s.Scope(), second.Handle))
	_, err = w.Session(t.Context(), secondSecret)
	wants(t, err, ErrNoSession)
	w.signsIn("o-wang", phone)
	w.signsIn("o-wang", phone)
	if n, err := w.EndOthers(t.Context(), s.Scope(), s.Handle); err != nil || n != 2 {
		t.Errorf("ended %d others, %v", n, err)
	}
	_, err = w.Session(t.Context(), secret)
	w.must(err)
	if n, err := w.EndOthers(t.Context(), s.Scope(), uuid.Nil); err != nil || n != 1 {
		t.Errorf("ended %d, %v", n, err)
	}
	_, err = w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
}

func TestSwitchingTheMerchantRenewsTheSecretAndKeepsTheEnd(t *testing.T) {
	t.Parallel()
	w, _, s, secret := seated(t)
	w.opens(w.store, "云上百货")
	w.binds(w.store, "wangtwo", "王大力", "o-wang", access.ReadOnly)
	w.wall.Advance(time.Minute)
	there, fresh, err := w.Switch(t.Context(), secret, w.store, w.desk)
	w.must(err)
	if there.Merchant.Mchid != w.store || there.Scope().May(access.TradeImport) || fresh == secret || there.ExpiresAt != s.ExpiresAt {
		t.Errorf("switched to %+v", there)
	}
	_, err = w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
	_, _, err = w.Switch(t.Context(), secret, w.noodles, w.desk)
	wants(t, err, ErrNoSession)
	for _, nowhere := range []int64{w.store, 1, 0} {
		_, _, err = w.Switch(t.Context(), fresh, nowhere, w.desk)
		wants(t, err, fault.ErrNotFound)
	}
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1", w.noodles)
	_, _, err = w.Switch(t.Context(), fresh, w.noodles, w.desk)
	wants(t, err, fault.ErrNotFound)
}

func TestASessionKnowsUnreadMessagesAndWhatPagesKeep(t *testing.T) {
	t.Parallel()
	w, wang, _, secret := seated(t)
	w.in(func(tx db.Tx) error {
		for range 3 {
			if err := inbox.Tell(t.Context(), tx, inbox.Message{Merchant: w.noodles, To: wang.id, Category: inbox.Public, Kind: "x", At: morning}); err != nil {
				return err
			}
		}
		return nil
	})
	w.must(w.Keep(t.Context(), secret, Data{Theme: "dark"}))
	w.must(w.Flash(t.Context(), secret, "trades.imported"))
	s, err := w.Session(t.Context(), secret)
	if err != nil || s.Unread != 3 || s.Data != (Data{Flash: "trades.imported", Theme: "dark"}) {
		t.Errorf("the session is %+v, %v", s, err)
	}
	w.must(w.Flash(t.Context(), secret, ""))
	if s, err = w.Session(t.Context(), secret); err != nil || s.Data.Flash != "" || s.Data.Theme != "dark" {
		t.Errorf("afterwards %+v, %v", s.Data, err)
	}
}

func TestANewBrowserIsToldToThePersonAndTheSuperAdmin(t *testing.T) {
	t.Parallel()
	w, wang, _, _ := seated(t)
	clerk := w.binds(w.noodles, "zhangsan", "张三", "o-zhang", access.Finance)
	told := func(m member) int {
		return w.count("inbox_messages", "merchant_id = $1 AND account_id = $2 AND kind = 'new_browser'", w.noodles, m.id)
	}
	w.signsIn("o-zhang", w.desk)
	w.signsIn("o-zhang", w.desk)
	if told(clerk) != 0 || told(wang) != 0 {
		t.Error("the first browser was told as new")
	}
	other := w.desk
	other.Address = "203.0.113.9"
	w.signsIn("o-zhang", other)
	if told(clerk) != 1 || told(wang) != 1 {
		t.Errorf("a new browser: the person got %d messages, the super admin %d", told(clerk), told(wang))
	}
	if n := w.count("jobs", "merchant_id = $1 AND payload->>'OpenID' = 'o-wang' AND payload->>'Template' = 'new_browser'", w.noodles); n != 1 {
		t.Errorf("the super admin's WeChat got %d messages, want 1", n)
	}
	w.wall.Advance(markLife)
	w.signsIn("o-zhang", w.desk)
	w.signsIn("o-zhang", other)
	if told(clerk) != 2 {
		t.Errorf("after three months the person got %d messages, want 2", told(clerk))
	}
}

func TestTheSweepTakesWhatIsOverAndNothingElse(t *testing.T) {
	t.Parallel()
	w, _, _, secret := seated(t)
	ticket := w.shows(w.desk)
	_, err := w.PhoneStart(t.Context(), phoneCookie, "/m/t/x")
	w.must(err)
	w.must(w.Sweep(t.Context()))
	if _, err := w.Session(t.Context(), secret); err != nil {
		t.Errorf("the session: %v", err)
	}
	if _, err := w.Ticket(t.Context(), ticket.ID, w.desk); err != nil {
		t.Errorf("the ticket: %v", err)
	}
	w.clock.Advance(24 * time.Hour)
	w.wall.Advance(markLife + time.Hour)
	w.must(w.Sweep(t.Context()))
	for _, l := range []string{"login_tickets", "sessions", "phone_sessions", "oauth_states", "attempt_windows", "known_browsers"} {
		if n := w.count(l, "true"); n != 0 {
			t.Errorf("%d rows of %s stay", n, l)
		}
	}
}
