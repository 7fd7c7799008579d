package identity

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// asksFor lets the super admin ask a member to take over.
func (w staffed) asksFor(t *testing.T, to member) (Handover, error) {
	t.Helper()
	var h Handover
	err := w.tries(func(tx db.Tx) (err error) {
		h, err = w.AskHandover(t.Context(), tx, w.scope(w.admin), to.id, []access.Role{access.ReadOnly})
		return err
	})
	return h, err
}

func (w staffed) reigns(t *testing.T, who member) {
	t.Helper()
	s, err := superAdminOf(t.Context(), w.db.PG(), w.noodles)
	if err != nil || s.AccountID != who.id {
		t.Fatalf("the super admin is %s, %v; want %s", s.login(), err, who.full())
	}
}

func TestTheSuperAdminsRoleMovesWhenBothPhonesSaidYes(t *testing.T) {
	t.Parallel()
	w := staff(t)
	old, oldSecret := w.signsIn(w.admin.openid, w.desk)
	_, newSecret := w.signsIn(w.clerk.openid, w.desk)
	h, err := w.asksFor(t, w.clerk)
	w.must(err)
	w.reigns(t, w.admin)
	if link := w.linkTo(t, w.clerk.openid, "handover_asked"); link != "https://pay.example/m/handover/"+h.ID.String() {
		t.Errorf("the receiver's message leads to %s", link)
	}
	for _, openid := range []string{w.admin.openid, w.manager.openid, "o-nobody", ""} {
		_, err := w.AnswerHandover(t.Context(), h.ID, openid, Confirm)
		wants(t, err, fault.ErrNotFound)
	}
	_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, "")
	wants(t, err, ErrDecide)
	seen, err := w.Handover(t.Context(), h.ID, w.clerk.openid)
	if err != nil || seen.State != HandoverWaiting || seen.FromLogin != w.admin.full() || seen.FromName != "王*力" {
		t.Errorf("the receiver sees %+v, %v", seen, err)
	}
	done, err := w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	if err != nil || done.State != HandoverAccepted {
		t.Fatalf("the answer gave %+v, %v", done, err)
	}
	w.reigns(t, w.clerk)
	s, err := w.Session(t.Context(), newSecret)
	if err != nil || !s.Scope().May(access.SuperHandover) || s.Scope().May(access.OpsJobsRead) {
		t.Errorf("the new super admin's open session is %+v, %v", s.Seat, err)
	}
	if s, err = w.Session(t.Context(), oldSecret); err != nil || s.Handle != old.Handle || len(s.Seat.Roles) != 1 || s.Seat.Roles[0] != access.ReadOnly {
		t.Errorf("the old one's open session is %+v, %v", s.Seat, err)
	}
	for _, twice := range []Decision{Confirm, Refuse} {
		_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, twice)
		wants(t, err, ErrHandoverEnded)
	}
	for _, m := range []member{w.admin, w.clerk} {
		if n := w.count("inbox_messages", "account_id = $1 AND kind = 'handover_accepted'", m.id); n != 1 {
			t.Errorf("%s got %d messages", m.login, n)
		}
	}
}

// linkTo is where a person's message of the official account leads.
func (w *world) linkTo(t *testing.T, openid, template string) (link string) {
	t.Helper()
	w.must(w.db.PG().QueryRow(t.Context(), `SELECT payload->>'URL' FROM jobs WHERE merchant_id = $1 AND payload->>'OpenID' = $2
		AND payload->>'Template' = $3`, w.noodles, openid, template).Scan(&link))
	return link
}

func TestAHandoverThatIsRefusedLapsedOrWithdrawnLeavesEverything(t *testing.T) {
	t.Parallel()
	w := staff(t)
	h, err := w.asksFor(t, w.clerk)
	w.must(err)
	if r, err := w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Refuse); err != nil || r.State != HandoverRefused {
		t.Fatalf("refused, it is %+v, %v", r, err)
	}
	_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	wants(t, err, ErrHandoverEnded)
	w.reigns(t, w.admin)

	h, err = w.asksFor(t, w.clerk)
	w.must(err)
	w.clock.Advance(handoverLife)
	_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	wants(t, err, ErrHandoverLapsed)
	w.must(w.LapseHandover(t.Context(), run(t, w.noodles, h.ID)))
	w.must(w.LapseHandover(t.Context(), run(t, w.noodles, h.ID)))
	if n := w.count("inbox_messages", "merchant_id = $1 AND kind = 'handover_lapsed'", w.noodles); n != 2 {
		t.Errorf("%d messages of the lapse, want 2", n)
	}
	w.reigns(t, w.admin)

	h, err = w.asksFor(t, w.clerk)
	w.must(err)
	_, err = w.asksFor(t, w.manager)
	wants(t, err, ErrHandoverWaiting)
	if err := w.WithdrawHandover(t.Context(), w.scope(w.manager), audit.From{}, h.ID); !isForbidden(err) {
		t.Errorf("a manager withdrew it: %v", err)
	}
	w.must(w.WithdrawHandover(t.Context(), w.scope(w.admin), audit.From{}, h.ID))
	wants(t, w.WithdrawHandover(t.Context(), w.scope(w.admin), audit.From{}, h.ID), ErrHandoverEnded)
	_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	wants(t, err, ErrHandoverEnded)
	w.reigns(t, w.admin)
}

// run is a job's run for the id.
func run(t *testing.T, merchant int64, id uuid.UUID) job.Run {
	t.Helper()
	return job.Run{Merchant: merchant, Payload: []byte(`"` + id.String() + `"`)}
}

func TestAHandoverNeedsAReceiverWhoStillStands(t *testing.T) {
	t.Parallel()
	w := staff(t)
	unbound := w.hires(w.noodles, "nobody1", "未绑", access.Service)
	_, err := w.asksFor(t, unbound)
	wants(t, err, ErrMemberUnbound)
	for _, keeps := range [][]access.Role{nil, {access.SuperAdmin}, {"owner"}, {access.ReadOnly, access.ReadOnly}} {
		wants(t, w.tries(func(tx db.Tx) error {
			_, err := w.AskHandover(t.Context(), tx, w.scope(w.admin), w.clerk.id, keeps)
			return err
		}), ErrHandoverKeeps)
	}
	h, err := w.asksFor(t, w.clerk)
	w.must(err)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SuspendMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	_, err = w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	wants(t, err, fault.ErrNotFound)
	if n := w.count("handovers", "id = $1 AND state = 'undone' AND reason = 'identity.suspended'", h.ID); n != 1 {
		t.Error("the suspension left it waiting")
	}
	h, err = w.asksFor(t, w.manager) // another may be asked now
	w.must(err)
	w.becomes(w.manager, Person{Name: "李改名", IDType: w.manager.person.IDType, IDNumber: w.manager.person.IDNumber})
	_, err = w.AnswerHandover(t.Context(), h.ID, w.manager.openid, Confirm)
	wants(t, err, fault.ErrNotFound) // the verdict about the WeChat no longer fits
	w.reigns(t, w.admin)
}

func TestAHandoverIsUndoneWhenTheSuperAdminIsSuspendedMeanwhile(t *testing.T) {
	t.Parallel()
	w := staff(t)
	h, err := w.asksFor(t, w.clerk)
	w.must(err)
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE id = $1", w.admin.id) // by an operator
	done, err := w.AnswerHandover(t.Context(), h.ID, w.clerk.openid, Confirm)
	wants(t, err, ErrHandoverFrom)
	if done.State != HandoverUndone {
		t.Errorf("it is %+v", done)
	}
	w.reigns(t, w.admin)
}

func TestAPersonChangesTheOwnWeChatWithTheOldOne(t *testing.T) {
	t.Parallel()
	w := staff(t)
	s, secret := w.signsIn(w.clerk.openid, w.desk)
	_, other := w.signsIn(w.clerk.openid, Browser{Secret: "elsewhere", Address: "192.0.2.9"})
	var password string
	w.must(w.tries(func(tx db.Tx) (err error) {
		password, err = w.Unbind(t.Context(), tx, s.Scope(), s.Handle)
		return err
	}))
	_, err := w.Session(t.Context(), other)
	wants(t, err, ErrNoSession)
	here, err := w.Session(t.Context(), secret)
	if err != nil || here.Stage != ToBinding || len(here.Seat.Roles) != 0 {
		t.Fatalf("the session that asked is %+v, %v", here, err)
	}
	guide, err := w.Guide(t.Context(), here)
	if err != nil || guide.Step != StepScan {
		t.Fatalf("the guide says %+v, %v", guide, err)
	}
	wants(t, w.tries(func(tx db.Tx) error {
		_, err := w.Unbind(t.Context(), tx, s.Scope(), s.Handle)
		return err
	}), ErrMemberUnbound)
	w.wechat.knows("o-zhang-2", w.clerk.person)
	_, state := w.asksConsent(here, "o-zhang-2")
	if a, err := w.compares(state, "o-zhang-2"); err != nil || a.State != Pending {
		t.Fatalf("the new WeChat: %+v, %v", a, err)
	}
	if _, _, err := w.Password(t.Context(), w.clerk.full(), password, w.desk); err != nil {
		t.Errorf("the initial password, should the session end before: %v", err)
	}
	w.answersAll(w.admin)
	if s, _ := w.signsIn("o-zhang-2", w.desk); s.Stage != Full {
		t.Errorf("with the new WeChat came in as %+v", s)
	}
}

func TestTheSuperAdminRebindsByTheSettlementAccount(t *testing.T) {
	t.Parallel()
	w := staff(t)
	s, secret := w.signsIn(w.admin.openid, w.desk)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.Unbind(t.Context(), tx, s.Scope(), s.Handle)
		return err
	}))
	w.reigns(t, w.admin)
	here, err := w.Session(t.Context(), secret)
	w.must(err)
	w.must(w.Card(t.Context(), here, card))
	w.wechat.knows("o-wang-2", w.admin.person)
	_, state := w.asksConsent(here, "o-wang-2")
	if a, err := w.compares(state, "o-wang-2"); err != nil || a.State != Bound {
		t.Fatalf("the new WeChat: %+v, %v", a, err)
	}
	if s, _ := w.signsIn("o-wang-2", w.desk); !s.Scope().May(access.SuperHandover) {
		t.Errorf("came in as %+v", s)
	}
}

func TestTheSuperAdminAnswersABindingAtTheDesktop(t *testing.T) {
	t.Parallel()
	for decision, bound := range map[Decision]int{Confirm: 1, Refuse: 0} {
		w, admin, clerk, _ := requested(t)
		decide := func(s access.Scope) error {
			return w.tries(func(tx db.Tx) error {
				_, err := w.DecideBinding(t.Context(), tx, s, clerk.id, decision)
				return err
			})
		}
		if err := decide(w.scope(clerk)); !isForbidden(err) {
			t.Errorf("a clerk answered: %v", err)
		}
		w.must(decide(w.scope(admin)))
		if n := w.count("wechat_bindings", "account_id = $1", clerk.id); n != bound {
			t.Errorf("%s left %d bindings", decision, n)
		}
		wants(t, decide(w.scope(admin)), ErrRequestEnded)
	}
	w, admin, clerk, _ := requested(t)
	w.clock.Advance(24 * time.Hour)
	wants(t, w.tries(func(tx db.Tx) error {
		_, err := w.DecideBinding(t.Context(), tx, w.scope(admin), clerk.id, Confirm)
		return err
	}), ErrRequestLapsed)
}
