package identity

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
)

// requested is a merchant with a bound super admin and an employee whose request waits.
func requested(t *testing.T) (w *world, admin, clerk member, id uuid.UUID) {
	w = pinned(t)
	admin = w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	clerk = w.hires(w.noodles, "zhangsan", "张三", access.Finance)
	w.asks(clerk)
	w.must(w.db.PG().QueryRow(t.Context(), "SELECT id FROM binding_requests WHERE merchant_id = $1", w.noodles).Scan(&id))
	return w, admin, clerk, id
}

// asks walks an employee's way to the request.
func (w *world) asks(m member) {
	w.t.Helper()
	s := w.begins(m)
	_, state := w.asksConsent(s, m.openid)
	if a, err := w.compares(state, m.openid); err != nil || a.State != Pending {
		w.t.Fatalf("the request ended with %+v, %v", a, err)
	}
}

// answersAll lets the super admin say yes to every request.
func (w *world) answersAll(admin member) {
	w.t.Helper()
	var ids []uuid.UUID
	w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT coalesce(array_agg(id), '{}') FROM binding_requests").Scan(&ids))
	for _, id := range ids {
		if _, err := w.AnswerBinding(w.t.Context(), id, admin.openid, Confirm); err != nil && !refused(err) {
			w.t.Fatal(err)
		}
	}
}

func TestAnEmployeesBindingWaitsForTheSuperAdmin(t *testing.T) {
	t.Parallel()
	w, admin, clerk, id := requested(t)
	if n := w.count("wechat_bindings", "openid = $1 AND merchant_id = $2", clerk.openid, w.noodles); n != 0 {
		t.Fatal("bound before the answer")
	}
	ticket := w.shows(w.desk)
	_, err := w.Scan(t.Context(), ticket.Token, clerk.openid)
	wants(t, err, ErrNotBound)
	var fields map[string]string
	var link string
	w.must(w.db.PG().QueryRow(t.Context(), `SELECT payload->>'URL', payload->'Fields' FROM jobs
		WHERE merchant_id = $1 AND kind = 'wechat.message' AND payload->>'OpenID' = $2`, w.noodles, admin.openid).Scan(&link, &fields))
	if link != "https://pay.example/m/bindings/"+id.String() || fields["员工"] != "张*" {
		t.Errorf("the super admin's message leads to %s and says %v", link, fields)
	}
	r, err := w.BindingRequest(t.Context(), id, admin.openid)
	if err != nil || r.State != RequestWaiting || r.Login != clerk.full() || r.NameMasked != "张*" {
		t.Errorf("the request reads %+v, %v", r, err)
	}
	r, err = w.AnswerBinding(t.Context(), id, admin.openid, Confirm)
	if err != nil || r.State != RequestApproved {
		t.Fatalf("the answer gave %+v, %v", r, err)
	}
	if s, _ := w.signsIn(clerk.openid, w.desk); s.Stage != Full || s.Login != clerk.full() {
		t.Errorf("came in as %+v", s)
	}
	_, err = w.AnswerBinding(t.Context(), id, admin.openid, Refuse)
	wants(t, err, ErrRequestEnded)
	_, _, err = w.Password(t.Context(), clerk.full(), clerk.password, w.desk)
	wants(t, err, ErrPasswordWrong)
}

func TestARefusedRequestBindsNothingAndMayBeAskedAgain(t *testing.T) {
	t.Parallel()
	w, admin, clerk, id := requested(t)
	s := w.begins(clerk)
	_, err := w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat())
	wants(t, err, ErrRequestWaiting)
	_, err = w.AnswerBinding(t.Context(), id, admin.openid, "maybe")
	wants(t, err, ErrDecide)
	r, err := w.AnswerBinding(t.Context(), id, admin.openid, Refuse)
	if err != nil || r.State != RequestRefused {
		t.Fatalf("the answer gave %+v, %v", r, err)
	}
	guide, err := w.Guide(t.Context(), s)
	if err != nil || guide.Step != StepScan || guide.Last != RequestRefused {
		t.Errorf("the guide says %+v, %v", guide, err)
	}
	if n := w.count("jobs", "merchant_id = $1 AND payload->>'OpenID' = $2 AND payload->>'Template' = 'binding_refused'", w.noodles, clerk.openid); n != 1 {
		t.Errorf("the employee got %d messages, want 1", n)
	}
	w.clock.Advance(time.Second)
	w.asks(clerk)
}

func TestOnlyTheMerchantsSuperAdminSeesARequest(t *testing.T) {
	t.Parallel()
	w, admin, clerk, id := requested(t)
	w.opens(w.store, "云上百货")
	w.binds(w.store, "storeadm", "赵云", "o-zhao", access.SuperAdmin)
	w.binds(w.noodles, "colleag", "孙尚", "o-sun", access.Finance)
	for _, openid := range []string{"o-zhao", "o-sun", clerk.openid, "o-stranger", ""} {
		_, err := w.BindingRequest(t.Context(), id, openid)
		wants(t, err, fault.ErrNotFound)
		_, err = w.AnswerBinding(t.Context(), id, openid, Confirm)
		wants(t, err, fault.ErrNotFound)
	}
	_, err := w.BindingRequest(t.Context(), db.NewID(), admin.openid)
	wants(t, err, fault.ErrNotFound)
	w.becomes(admin, newPerson("王大力"))
	_, err = w.AnswerBinding(t.Context(), id, admin.openid, Confirm)
	wants(t, err, fault.ErrNotFound) // the super admin's own verdict no longer fits
}

func TestARequestLapsesAfterADay(t *testing.T) {
	t.Parallel()
	w, admin, clerk, id := requested(t)
	w.clock.Advance(24 * time.Hour)
	r, err := w.BindingRequest(t.Context(), id, admin.openid)
	if err != nil || r.State != RequestLapsed {
		t.Errorf("the request reads %+v, %v", r, err)
	}
	_, err = w.AnswerBinding(t.Context(), id, admin.openid, Confirm)
	wants(t, err, ErrRequestLapsed)
	payload, err := json.Marshal(id)
	w.must(err)
	for range 2 {
		w.must(w.LapseRequest(t.Context(), job.Run{Merchant: w.noodles, Payload: payload}))
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND action = 'binding.lapse'", w.noodles); n != 1 {
		t.Errorf("%d audit rows, want 1", n)
	}
	w.asks(clerk)
}

func TestWhatCameBetweenRefusesTheRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w *world, clerk member)
		want   *fault.Refusal
	}{
		"the person changed": {func(w *world, clerk member) { w.becomes(clerk, newPerson("张三")) }, ErrPersonChanged},
		"the WeChat is taken": {func(w *world, clerk member) {
			w.binds(w.noodles, "quicker", "张三", clerk.openid, access.Finance)
		}, ErrWeChatTaken},
		"the account is suspended": {func(w *world, clerk member) {
			w.exec("UPDATE login_accounts SET state = 'suspended' WHERE id = $1", clerk.id)
		}, ErrSuspended},
	} {
		w, admin, clerk, id := requested(t)
		c.change(w, clerk)
		r, err := w.AnswerBinding(t.Context(), id, admin.openid, Confirm)
		if !errors.Is(err, c.want) || r.State != RequestRefused {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if n := w.count("wechat_bindings", "account_id = $1", clerk.id); n != 0 {
			t.Errorf("%s: bound", name)
		}
	}
}
