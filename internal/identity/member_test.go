package identity

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
)

// staffed is a merchant with its super admin, a manager by a role of the merchant's own, and a clerk.
type staffed struct {
	*world
	admin, manager, clerk member
	managing              access.Role
}

func staff(t *testing.T) staffed {
	t.Helper()
	w := staffed{world: pinned(t)}
	w.admin = w.binds(w.noodles, "wanglao", "王大力", "o-wang", access.SuperAdmin)
	w.managing = w.ownRole("店长", access.MemberRead, access.MemberWrite, access.TradeRead, access.FundsRead)
	w.manager = w.binds(w.noodles, "lidian", "李店长", "o-li", w.managing)
	w.clerk = w.binds(w.noodles, "zhangsan", "张三", "o-zhang", access.Service)
	return w
}

// ownRole makes a role of the merchant's own.
func (w *world) ownRole(name string, all ...access.Permission) access.Role {
	w.t.Helper()
	var made access.CustomRole
	w.in(func(tx db.Tx) (err error) {
		made, err = access.CreateRole(w.t.Context(), tx, access.Job(w.noodles, access.System), access.RoleDraft{Name: name, Permissions: all}, morning)
		return err
	})
	return made.Code
}

// scope is what a member may do right now.
func (w *world) scope(m member) access.Scope {
	w.t.Helper()
	s, err := seatOf(w.t.Context(), w.db.PG(), m.merchant, m.id)
	w.must(err)
	return access.Member(s.access())
}

// tries runs a verb in a transaction of its own.
func (w *world) tries(f func(tx db.Tx) error) error {
	w.t.Helper()
	return w.db.InTx(w.t.Context(), f)
}

func TestRolesOfAMerchantsOwnGiveWhatTheyName(t *testing.T) {
	t.Parallel()
	w := staff(t)
	s, secret := w.signsIn(w.manager.openid, w.desk)
	if !s.Scope().May(access.MemberWrite) || s.Scope().May(access.RoleWrite) || len(s.Seat.Custom) != 1 || s.Seat.Custom[0].Name != "店长" {
		t.Fatalf("the manager came in as %+v", s.Seat)
	}
	for what, permissions := range map[string]string{"unknown": "{books.burn}", "the super admin's": "{member.reset,superadmin.handover}", "operators'": "{ops.merchants.read}"} {
		w.exec("UPDATE roles SET permissions = $2 WHERE merchant_id = $1", w.noodles, permissions)
		s, err := w.Session(t.Context(), secret)
		w.must(err)
		for _, p := range append(access.Permissions, access.PlatformPermissions...) {
			if s.Scope().May(p) {
				t.Errorf("%s permissions give %s", what, p)
			}
		}
	}
	w.exec("DELETE FROM account_roles WHERE account_id = $1", w.manager.id)
	w.exec("INSERT INTO account_roles VALUES ($1, $2, 'owner')", w.noodles, w.manager.id)
	if s, err := w.Session(t.Context(), secret); err != nil || s.Scope().May(access.TradeRead) {
		t.Errorf("an unknown role gives something: %+v, %v", s.Seat, err)
	}
}

func TestAChangeOfRolesHoldsFromTheNextRequest(t *testing.T) {
	t.Parallel()
	w := staff(t)
	_, secret := w.signsIn(w.clerk.openid, w.desk)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SetRoles(t.Context(), tx, w.scope(w.admin), w.clerk.id, []access.Role{access.Finance, w.managing})
		return err
	}))
	s, err := w.Session(t.Context(), secret)
	if err != nil || !s.Scope().May(access.TradeImport) || !s.Scope().May(access.MemberWrite) {
		t.Errorf("the next request is %+v, %v", s.Seat, err)
	}
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SetRoles(t.Context(), tx, w.scope(w.admin), w.clerk.id, []access.Role{access.ReadOnly})
		return err
	}))
	if s, err = w.Session(t.Context(), secret); err != nil || s.Scope().May(access.TradeImport) || !s.Scope().May(access.TradeRead) {
		t.Errorf("the request after that is %+v, %v", s.Seat, err)
	}
}

func TestNobodyGivesWhatTheyDoNotHold(t *testing.T) {
	t.Parallel()
	w := staff(t)
	strong := w.ownRole("强", access.TradeImport, access.RoleWrite)
	for _, c := range []struct {
		roles []access.Role
		want  *fault.Refusal
	}{
		{[]access.Role{access.Finance}, access.ErrGrantLacking},
		{[]access.Role{access.Service, strong}, access.ErrGrantLacking},
		{[]access.Role{access.SuperAdmin}, access.ErrGrantSuper},
		{[]access.Role{"owner"}, access.ErrGrantUnknown},
		{[]access.Role{access.PlatformAdmin}, access.ErrGrantUnknown},
		{nil, ErrRoles},
		{[]access.Role{access.ReadOnly, access.ReadOnly}, ErrRoles},
		{[]access.Role{access.Service}, ErrRolesSame},
		{[]access.Role{w.managing}, nil},
	} {
		err := w.tries(func(tx db.Tx) error {
			_, err := w.SetRoles(t.Context(), tx, w.scope(w.manager), w.clerk.id, c.roles)
			return err
		})
		if c.want == nil {
			w.must(err)
			continue
		}
		wants(t, err, c.want)
	}
	w.must(w.tries(func(tx db.Tx) error { // what somebody has is kept, not given
		_, err := w.SetRoles(t.Context(), tx, w.scope(w.admin), w.clerk.id, []access.Role{access.Finance})
		return err
	}))
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SetRoles(t.Context(), tx, w.scope(w.manager), w.clerk.id, []access.Role{access.Finance, access.ReadOnly})
		return err
	}))
	for _, roles := range [][]access.Role{{access.Finance}, {access.SuperAdmin}, {"owner"}, {strong}} {
		err := w.tries(func(tx db.Tx) error {
			_, _, err := w.AddMember(t.Context(), tx, w.scope(w.manager), NewAccount{Login: "newone1", Person: newPerson("新人"),
				Mobile: "13800001234", Roles: roles})
			return err
		})
		if len(fault.All(err)) == 0 {
			t.Errorf("the manager made a member with %v: %v", roles, err)
		}
	}
}

func TestActsOnMembersAreRefusedOnOneselfOnTheSuperAdminAndWithoutTheRight(t *testing.T) {
	t.Parallel()
	w := staff(t)
	acts := map[MemberAct]func(tx db.Tx, s access.Scope, id uuid.UUID) error{
		Suspend: func(tx db.Tx, s access.Scope, id uuid.UUID) error {
			_, err := w.SuspendMember(t.Context(), tx, s, id)
			return err
		},
		Reset: func(tx db.Tx, s access.Scope, id uuid.UUID) error {
			_, _, err := w.ResetMember(t.Context(), tx, s, id)
			return err
		},
		GiveRole: func(tx db.Tx, s access.Scope, id uuid.UUID) error {
			_, err := w.SetRoles(t.Context(), tx, s, id, []access.Role{access.ReadOnly})
			return err
		},
		EndThem: func(tx db.Tx, s access.Scope, id uuid.UUID) error {
			_, _, err := w.EndMemberSessions(t.Context(), tx, s, id)
			return err
		},
		HandOver: func(tx db.Tx, s access.Scope, id uuid.UUID) error {
			_, err := w.AskHandover(t.Context(), tx, s, id, []access.Role{access.ReadOnly})
			return err
		},
	}
	w.opens(w.store, "云上百货")
	stranger := w.binds(w.store, "stranger", "路人", "o-stranger", access.Service)
	for act, do := range acts {
		try := func(who, whom member) error {
			return w.tries(func(tx db.Tx) error { return do(tx, w.scope(who), whom.id) })
		}
		wants(t, try(w.admin, w.admin), ErrMemberSelf)
		wants(t, try(w.admin, stranger), fault.ErrNotFound)
		if err := try(w.clerk, w.manager); !isForbidden(err) {
			t.Errorf("%s by a clerk: %v", act, err)
		}
		if err := try(w.manager, w.admin); !isForbidden(err) && codeOf(err) != ErrMemberSuper.Code {
			t.Errorf("%s on the super admin: %v", act, err)
		}
		if err := try(w.manager, w.clerk); isForbidden(err) != needed[act].SuperOnly() || err != nil && !isForbidden(err) {
			t.Errorf("%s by the manager: %v", act, err)
		}
	}
	if s, err := superAdminOf(t.Context(), w.db.PG(), w.noodles); err != nil || s.AccountID != w.admin.id {
		t.Errorf("the super admin is %+v, %v", s, err)
	}
}

func TestASuspendedMembersSessionsEndAtOnceAndThePlaceIsFree(t *testing.T) {
	t.Parallel()
	w := staff(t)
	_, secret := w.signsIn(w.clerk.openid, w.desk)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SuspendMember(t.Context(), tx, w.scope(w.manager), w.clerk.id)
		return err
	}))
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
	if n := w.count("login_accounts", "merchant_id = $1 AND state = 'suspended' AND place IS NULL", w.noodles); n != 1 {
		t.Errorf("%d gave their place back", n)
	}
	ticket := w.shows(w.desk)
	_, err = w.Scan(t.Context(), ticket.Token, w.clerk.openid)
	wants(t, err, ErrSuspended)
	twice := func(tx db.Tx) error {
		_, err := w.SuspendMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}
	wants(t, w.tries(twice), ErrMemberState)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.ResumeMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	if s, _ := w.signsIn(w.clerk.openid, w.desk); s.Stage != Full || !s.Scope().May(access.TradeRead) {
		t.Errorf("resumed, came in as %+v", s)
	}
}

func TestALostPhoneIsResetByTheSuperAdmin(t *testing.T) {
	t.Parallel()
	w := staff(t)
	_, secret := w.signsIn(w.clerk.openid, w.desk)
	var password string
	w.must(w.tries(func(tx db.Tx) (err error) {
		_, password, err = w.ResetMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	_, err := w.Session(t.Context(), secret)
	wants(t, err, ErrNoSession)
	ticket := w.shows(w.desk)
	_, err = w.Scan(t.Context(), ticket.Token, w.clerk.openid) // the thief with the phone
	wants(t, err, ErrNotBound)
	w.clerk.password, w.clerk.openid = password, "o-zhang-new"
	w.wechat.knows("o-zhang-new", w.clerk.person)
	w.asks(w.clerk)
	w.answersAll(w.admin)
	if s, _ := w.signsIn("o-zhang-new", w.desk); s.Stage != Full || s.Login != w.clerk.full() {
		t.Errorf("with the new phone came in as %+v", s)
	}
	for kind, n := range map[string]int{"member_reset": 1, "binding_done": 1} {
		if got := w.count("jobs", "merchant_id = $1 AND kind = 'wechat.message' AND payload->>'Template' = $2", w.noodles, kind); got != n {
			t.Errorf("%d messages %s, want %d", got, kind, n)
		}
	}
}

func TestAResetForgetsTheTriesAtThePassword(t *testing.T) {
	t.Parallel()
	w := staff(t)
	for range DefaultLimits.PasswordTries + 1 {
		_, _, _ = w.Password(t.Context(), w.clerk.full(), "wrong", w.desk)
	}
	var password string
	w.must(w.tries(func(tx db.Tx) (err error) {
		_, password, err = w.ResetMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	if _, _, err := w.Password(t.Context(), w.clerk.full(), password, w.desk); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestAtMostTwoHundredMembersHaveAPlace(t *testing.T) {
	t.Parallel()
	w := staff(t)
	w.exec(`INSERT INTO login_accounts (merchant_id, id, login, real_name, name_masked, id_type, id_number, id_index, id_masked,
			mobile, mobile_masked, created_at, place)
		SELECT $1, gen_random_uuid(), 'filler' || n, 'x', '张*', 'id_card', 'x', 'x', '11***', 'x', '138***', $2, n
		FROM generate_series(4, 200) n`, w.noodles, morning)
	add := func() error {
		return w.tries(func(tx db.Tx) error {
			_, _, err := w.AddMember(t.Context(), tx, w.scope(w.admin), NewAccount{Login: fmt.Sprintf("late%d", worlds.Add(1)%1000+1000),
				Person: newPerson("晚来"), Mobile: "13800001234", Roles: []access.Role{access.ReadOnly}})
			return err
		})
	}
	wants(t, add(), ErrMembersMax)
	custom, err := access.CustomRoles(t.Context(), w.db.PG(), w.noodles)
	w.must(err)
	wants(t, w.AdmitMember(t.Context(), w.db.PG(), w.scope(w.admin), NewAccount{Merchant: w.noodles, Login: "onemore", Person: newPerson("晚来"),
		Mobile: "13800001234", Roles: []access.Role{access.ReadOnly}}, custom), ErrMembersMax)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SuspendMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	w.must(add())
	wants(t, w.tries(func(tx db.Tx) error {
		_, err := w.ResumeMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}), ErrMembersMax)
	if n := w.count("login_accounts", "merchant_id = $1 AND state = 'active'", w.noodles); n != MembersMax {
		t.Errorf("%d members, want %d", n, MembersMax)
	}
	err = w.tries(func(tx db.Tx) error {
		_, err := tx.PG().Exec(t.Context(), "UPDATE login_accounts SET place = 201 WHERE merchant_id = $1 AND login = 'zhangsan'", w.noodles)
		return err
	})
	if err == nil {
		t.Error("the database takes a place 201")
	}
}

func TestALoginNameIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	w := staff(t)
	w.must(w.tries(func(tx db.Tx) error {
		_, err := w.SuspendMember(t.Context(), tx, w.scope(w.admin), w.clerk.id)
		return err
	}))
	for _, login := range []string{"zhangsan", "ZHANGSAN", " ZhangSan "} {
		n := NewAccount{Merchant: w.noodles, Login: login, Person: newPerson("张三二"), Mobile: "13800001234", Roles: []access.Role{access.Service}}
		wants(t, w.AdmitMember(t.Context(), w.db.PG(), w.scope(w.admin), n, nil), ErrLoginTaken)
		wants(t, w.tries(func(tx db.Tx) error {
			_, _, err := w.AddMember(t.Context(), tx, w.scope(w.admin), n)
			return err
		}), ErrLoginTaken)
	}
}

func TestTheListOfMembersIsFilteredAndPagedBothWays(t *testing.T) {
	t.Parallel()
	w := staff(t)
	w.hires(w.noodles, "waiting1", "等一", access.Finance)
	s := w.scope(w.admin)
	for want, f := range map[string]MemberFilter{
		"waiting1 zhangsan lidian wanglao": {Limit: 10}, "zhangsan": {Text: "SANG", Limit: 10}, "waiting1": {State: MemberUnbound, Limit: 10},
		"lidian": {Role: w.managing, Limit: 10}, "zhangsan lidian wanglao": {State: MemberActive, Limit: 10}, "": {State: MemberSuspended, Limit: 10},
	} {
		if f.Text == "SANG" {
			f.Text = "SAN"
		}
		list, more, err := w.Members(t.Context(), w.db.PG(), s, f)
		if err != nil || more || logins(list) != want {
			t.Errorf("%+v lists %q, more %t, %v; want %q", f, logins(list), more, err, want)
		}
	}
	first, more, err := w.Members(t.Context(), w.db.PG(), s, MemberFilter{Limit: 2})
	if err != nil || !more || logins(first) != "waiting1 zhangsan" {
		t.Fatalf("the first page is %q, %t, %v", logins(first), more, err)
	}
	next, more, err := w.Members(t.Context(), w.db.PG(), s, MemberFilter{Limit: 2, Before: first[1].ID})
	if err != nil || more || logins(next) != "lidian wanglao" {
		t.Fatalf("the next page is %q, %t, %v", logins(next), more, err)
	}
	back, more, err := w.Members(t.Context(), w.db.PG(), s, MemberFilter{Limit: 2, After: next[0].ID})
	if err != nil || more || logins(back) != "waiting1 zhangsan" {
		t.Errorf("the page before is %q, %t, %v", logins(back), more, err)
	}
	_, _, err = w.Members(t.Context(), w.db.PG(), w.scope(w.clerk), MemberFilter{Limit: 2})
	if !isForbidden(err) {
		t.Errorf("a clerk's list: %v", err)
	}
}
