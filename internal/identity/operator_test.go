package identity

import (
	"errors"
	"sync"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

// atOps moves the desk to the operators' door.
func (w *world) atOps() *world {
	w.desk.Platform = true
	return w
}

// owner is the right of the machine's owner.
func owner(t testing.TB) access.Platform {
	t.Helper()
	p, err := access.Across(access.Job(access.PlatformID, access.System))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// as is an operator's right across merchants.
func (m member) as(t testing.TB, roles ...access.Role) access.Platform {
	t.Helper()
	p, err := access.Across(access.Member(access.Seat{Account: m.id, Name: m.full(), Roles: roles}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheFirstAdminBindsAloneAndThenAnswersForTheOthers(t *testing.T) {
	t.Parallel()
	w := pinned(t).atOps()
	first := w.hires(access.PlatformID, "pingtai", "霍建平", access.PlatformAdmin)
	if first.full() != "pingtai@ops" {
		t.Fatalf("the login is %s", first.full())
	}
	s := w.begins(first)
	guide, err := w.Guide(t.Context(), s)
	if err != nil || guide.Step != StepScan || guide.SuperAdmin || !guide.Alone {
		t.Fatalf("the guide begins with %+v, %v: no settlement account is asked", guide, err)
	}
	w.bindsByGuide(first, first.openid)
	second := w.hires(access.PlatformID, "shenhe", "聂云", access.Reviewer)
	w.asks(second)
	if n := w.count("jobs", "merchant_id = 0 AND kind = 'wechat.message' AND payload->>'Template' = 'binding_request' AND payload->>'OpenID' = $1", first.openid); n != 1 {
		t.Errorf("the platform admin got %d messages about the request, want 1", n)
	}
	w.answersAll(first)
	in, _ := w.signsIn(second.openid, w.desk)
	p, err := access.Across(in.Scope())
	if err != nil || in.Stage != Full || !p.May(access.OpsMerchantsOpen) || p.May(access.OpsOperatorsWrite) || len(in.Others) > 0 {
		t.Errorf("the second operator came in as %+v, %v", in, err)
	}
}

func TestALaterAdminIsAskedForAndSoIsAReviewerWhoComesFirst(t *testing.T) {
	t.Parallel()
	w := pinned(t).atOps()
	reviewer := w.hires(access.PlatformID, "shenhe", "聂云", access.Reviewer)
	w.asks(reviewer)
	first := w.hires(access.PlatformID, "pingtai", "霍建平", access.PlatformAdmin)
	w.bindsByGuide(first, first.openid)
	later := w.hires(access.PlatformID, "pingtai2", "姚梦", access.PlatformAdmin)
	w.asks(later)
	w.answersAll(first)
	w.signsIn(later.openid, w.desk)
	w.signsIn(reviewer.openid, w.desk)
}

func TestOfTwoFirstAdminsAtOnceTheSecondIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t)).atOps()
	var came [2]Ask
	states := [2]string{}
	admins := [2]member{w.hires(access.PlatformID, "pingtai", "霍建平", access.PlatformAdmin), w.hires(access.PlatformID, "pingtai2", "姚梦", access.PlatformAdmin)}
	for i, m := range admins {
		_, states[i] = w.asksConsent(w.begins(m), m.openid)
	}
	var both sync.WaitGroup
	for i := range admins {
		both.Go(func() { came[i], _ = w.compares(states[i], admins[i].openid) })
	}
	both.Wait()
	if bound := w.count("wechat_bindings", "merchant_id = 0"); bound != 1 || came[0].State == came[1].State {
		t.Errorf("%d bound; the phones say %s and %s", bound, came[0].State, came[1].State)
	}
}

func TestEachDoorLetsItsOwnPeopleInAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	ops := w.desk
	ops.Platform = true
	wang := w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	huo := w.binds(access.PlatformID, "pingtai", "霍建平", "o-huo", access.PlatformAdmin)
	both := w.binds(access.PlatformID, "shenhe", "聂云", wang.openid, access.Reviewer) // works on both sides
	for _, c := range []struct {
		door   Browser
		openid string
		want   string
	}{{w.desk, wang.openid, wang.full()}, {ops, huo.openid, huo.full()}, {ops, both.openid, both.full()}} {
		if s, _ := w.signsIn(c.openid, c.door); s.Login != c.want || len(s.Others) > 0 {
			t.Errorf("%s came in as %s beside %v", c.want, s.Login, s.Others)
		}
	}
	_, err := w.Scan(t.Context(), w.shows(w.desk).Token, huo.openid)
	wants(t, err, ErrNotBound)
	stranger := w.binds(w.noodles, "caiwu01", "刘会计", "o-liu", access.Finance)
	_, err = w.Scan(t.Context(), w.shows(ops).Token, stranger.openid)
	wants(t, err, ErrNotBound)
}

func TestATicketAndAPasswordHoldAtTheirOwnDoor(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	ops := w.desk
	ops.Platform = true
	huo := w.hires(access.PlatformID, "pingtai", "霍建平", access.PlatformAdmin)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	for _, c := range []struct {
		who  member
		door Browser
	}{{huo, w.desk}, {wang, ops}} {
		_, _, err := w.Password(t.Context(), c.who.full(), c.who.password, c.door)
		wants(t, err, ErrPasswordWrong)
	}
	ticket := w.shows(ops)
	if _, err := w.Ticket(t.Context(), ticket.ID, w.desk); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the members' door shows the operators' ticket: %v", err)
	}
	if _, _, err := w.Redeem(t.Context(), ticket.ID, w.desk); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the members' door redeems it: %v", err)
	}
	if _, err := w.LatestTicket(t.Context(), w.desk, SignIn); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the members' door finds it: %v", err)
	}
	s, _, err := w.Password(t.Context(), huo.full(), huo.password, ops)
	w.must(err)
	if _, err := w.OpenTicket(t.Context(), w.desk, Binding, s.BindingSeat()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an operator's binding at the members' door: %v", err)
	}
}

func TestNobodySwitchesBetweenMerchantsAndThePlatform(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	ops := w.desk
	ops.Platform = true
	w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	w.binds(access.PlatformID, "shenhe", "聂云", "o-wang", access.Reviewer)
	_, member := w.signsIn("o-wang", w.desk)
	if _, _, err := w.Switch(t.Context(), member, access.PlatformID, w.desk); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a member switched to the platform: %v", err)
	}
	_, operator := w.signsIn("o-wang", ops)
	if _, _, err := w.Switch(t.Context(), operator, w.noodles, ops); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an operator switched to a merchant: %v", err)
	}
}

func TestAnOperatorIsChangedByAnotherAndOutAtOnce(t *testing.T) {
	t.Parallel()
	w := pinned(t).atOps()
	huo := w.binds(access.PlatformID, "pingtai", "霍建平", "o-huo", access.PlatformAdmin)
	nie := w.binds(access.PlatformID, "shenhe", "聂云", "o-nie", access.Reviewer)
	admin, ctx := huo.as(t, access.PlatformAdmin), t.Context()
	_, secret := w.signsIn(nie.openid, w.desk)
	in := func(want error, f func(tx db.Tx) error) {
		t.Helper()
		if err := w.db.InTx(ctx, f); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	in(ErrOperatorSelf, func(tx db.Tx) error { _, err := w.SuspendOperator(ctx, tx, admin, "pingtai"); return err })
	in(fault.ErrNotFound, func(tx db.Tx) error { _, err := w.SuspendOperator(ctx, tx, admin, "nobody"); return err })
	in(ErrOperatorRole, func(tx db.Tx) error {
		_, err := w.GiveOperatorRole(ctx, tx, admin, "shenhe", access.Finance)
		return err
	})
	in(nil, func(tx db.Tx) error {
		_, err := w.GiveOperatorRole(ctx, tx, admin, "SHENHE", access.ReadOnly)
		return err
	})
	if s, err := w.Session(ctx, secret); err != nil || s.Seat.Roles[0] != access.ReadOnly {
		t.Errorf("at the next click: %+v, %v", s.Seat.Roles, err)
	}
	in(nil, func(tx db.Tx) error { _, err := w.SuspendOperator(ctx, tx, admin, "shenhe"); return err })
	_, err := w.Session(ctx, secret)
	wants(t, err, ErrNoSession)
	in(ErrOperatorState, func(tx db.Tx) error { _, err := w.SuspendOperator(ctx, tx, admin, "shenhe"); return err })
	in(nil, func(tx db.Tx) error { _, err := w.ResumeOperator(ctx, tx, admin, "shenhe"); return err })
	w.signsIn(nie.openid, w.desk)
	for _, r := range []access.Role{access.Reviewer, access.Service, access.ReadOnly} {
		err := w.db.InTx(ctx, func(tx db.Tx) error { _, err := w.SuspendOperator(ctx, tx, nie.as(t, r), "pingtai"); return err })
		var missing fault.Forbidden
		if !errors.As(err, &missing) {
			t.Errorf("%s suspends an admin: %v", r, err)
		}
	}
}

func TestALostPhoneOfAnOperatorIsResetAndBoundAgain(t *testing.T) {
	t.Parallel()
	w := pinned(t).atOps()
	huo := w.binds(access.PlatformID, "pingtai", "霍建平", "o-huo", access.PlatformAdmin)
	nie := w.binds(access.PlatformID, "shenhe", "聂云", "o-nie", access.Reviewer)
	_, secret := w.signsIn(nie.openid, w.desk)
	w.in(func(tx db.Tx) (err error) {
		var o Operator
		o, nie.password, err = w.ResetOperator(t.Context(), tx, owner(t), "shenhe")
		if o.State() != OperatorUnbound {
			t.Errorf("the operator is %s", o.State())
		}
		return err
	})
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
	w.wechat.knows("o-new", nie.person)
	nie.openid = "o-new"
	w.asks(nie)
	w.answersAll(huo)
	w.signsIn("o-new", w.desk)
}

func TestOperatorsAreListedByWhereTheyStand(t *testing.T) {
	t.Parallel()
	w := pinned(t).atOps()
	w.binds(access.PlatformID, "pingtai", "霍建平", "o-huo", access.PlatformAdmin)
	w.asks(w.hires(access.PlatformID, "shenhe", "聂云", access.Reviewer))
	w.hires(access.PlatformID, "kefu001", "姚梦", access.Service)
	list := func(f OperatorFilter) (names string) {
		f.Limit = 10
		rows, more, err := w.Operators(t.Context(), w.db.PG(), owner(t), f)
		w.must(err)
		for _, o := range rows {
			names += o.Name + " "
		}
		if more {
			names += "…"
		}
		return names
	}
	for want, f := range map[string]OperatorFilter{"kefu001 shenhe pingtai ": {}, "pingtai ": {State: OperatorActive}, "shenhe ": {State: OperatorWaiting},
		"kefu001 ": {State: OperatorUnbound}, "": {State: OperatorSuspended}} {
		if got := list(f); got != want {
			t.Errorf("%+v lists %q, want %q", f, got, want)
		}
	}
	if got := list(OperatorFilter{Text: "SHEN"}) + list(OperatorFilter{Role: access.Service}); got != "shenhe kefu001 " {
		t.Errorf("by name and role: %q", got)
	}
	w.clock.Advance(25 * time.Hour)
	if got := list(OperatorFilter{State: OperatorWaiting}); got != "" {
		t.Errorf("a lapsed request still waits: %q", got)
	}
}

func TestMerchantsAreEndedButNeverThePlatform(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	w.signsIn(wang.openid, w.desk)
	w.in(func(tx db.Tx) error {
		n, err := EndMerchant(t.Context(), tx, w.noodles)
		if n != 1 {
			t.Errorf("%d sessions ended", n)
		}
		return err
	})
	if err := w.db.InTx(t.Context(), func(tx db.Tx) error { _, err := EndMerchant(t.Context(), tx, access.PlatformID); return err }); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the platform was ended: %v", err)
	}
}

func TestAnOperatorIsMadeOfWhatAPersonHas(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	add := func(n NewOperator) (string, error) {
		var password string
		err := w.db.InTx(t.Context(), func(tx db.Tx) (err error) {
			_, password, err = w.AddOperator(t.Context(), tx, owner(t), n)
			return err
		})
		return password, err
	}
	_, err := add(NewOperator{Login: "x", Role: access.Finance})
	if len(fault.All(err)) != 5 { // login, name, paper, mobile, role
		t.Errorf("nothing filled in: %v", err)
	}
	whole := NewOperator{Login: "pingtai", Role: access.PlatformAdmin, Person: newPerson("霍建平"), Mobile: "19800003605"}
	password, err := add(whole)
	w.must(err)
	s, _, err := w.Password(t.Context(), "PingTai@ops", password, w.atOps().desk)
	if err != nil || s.Stage != ToBinding {
		t.Errorf("the initial password leads to %+v, %v", s, err)
	}
	whole.Login = "PINGTAI"
	_, err = add(whole)
	wants(t, err, ErrLoginTaken)
}
