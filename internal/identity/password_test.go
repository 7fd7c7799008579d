package identity

import (
	"errors"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
)

func TestAPasswordLeadsToTheBindingAndToNothingElse(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "WangLao", "王大力", access.SuperAdmin)
	s, secret, err := w.Password(t.Context(), " wanglao@"+strings.TrimPrefix(wang.full(), "WangLao@"), wang.password, w.desk)
	w.must(err)
	if s.Stage != ToBinding || s.Login != wang.full() || len(s.Seat.Roles) != 0 || s.Scope().May(access.TradeRead) {
		t.Errorf("came in as %+v", s)
	}
	if again, err := w.Session(t.Context(), secret); err != nil || again.Stage != ToBinding {
		t.Errorf("the next request is %+v, %v", again, err)
	}
	if n := w.count("login_accounts", "password_hash LIKE '%' || $1 || '%'", wang.password); n != 0 {
		t.Error("the password is kept in clear")
	}
}

func TestUnknownAccountsWrongPasswordsAndBoundAccountsAnswerAlike(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	bound := w.binds(w.noodles, "zhangsan", "张三", "o-zhang", access.Finance)
	for _, try := range [][2]string{
		{wang.full(), "wrong"}, {wang.full(), ""}, {wang.full(), strings.Repeat("x", 500)}, {bound.full(), wang.password},
		{"nobody1@1900000999", "x"}, {"nobody1", "x"}, {"", ""}, {"a@b@c", "x"}, {"wang\x00lao@1900000109", "x"},
	} {
		_, secret, err := w.Password(t.Context(), try[0], try[1], w.desk)
		wants(t, err, ErrPasswordWrong)
		if secret != "" || err.Error() != ErrPasswordWrong.Error() {
			t.Errorf("%v: %v, secret %q", try, err, secret)
		}
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND action = 'signin.password' AND outcome = 'refused'", w.noodles); n != 3 {
		t.Errorf("%d audit rows, want 3", n)
	}
}

func TestThePasswordIsOffAfterTheBinding(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	w.bindsByGuide(wang, wang.openid)
	_, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
	wants(t, err, ErrPasswordWrong)
	if n := w.count("login_accounts", "merchant_id = $1 AND password_hash <> ''", w.noodles); n != 0 {
		t.Error("the hash is still there")
	}
	if s, _ := w.signsIn(wang.openid, w.desk); s.Stage != Full {
		t.Errorf("by WeChat came in as %+v", s)
	}
}

func TestASuspendedAccountHearsItOnlyWithTheRightPassword(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1", w.noodles)
	_, _, err := w.Password(t.Context(), wang.full(), "wrong", w.desk)
	wants(t, err, ErrPasswordWrong)
	_, _, err = w.Password(t.Context(), wang.full(), wang.password, w.desk)
	wants(t, err, ErrSuspended)
}

func TestTenTriesAnAccountInFifteenMinutesHowManyEverAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	other := w.hires(w.noodles, "zhangsan", "张三", access.Finance)
	_, errs := atOnce(30, func(int) error {
		_, _, err := w.Password(t.Context(), wang.full(), "wrong", w.desk)
		return err
	})
	wrong, shut := 0, 0
	for _, err := range errs {
		switch {
		case errors.Is(err, ErrPasswordWrong):
			wrong++
		case errors.Is(err, ErrTooManyTries):
			shut++
		}
	}
	if wrong != 10 || shut != 20 {
		t.Errorf("%d tries were compared and %d shut out, want 10 and 20", wrong, shut)
	}
	_, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
	wants(t, err, ErrTooManyTries)
	if n := w.count("inbox_messages", "account_id = $1 AND kind = 'password_tries'", wang.id); n != 1 {
		t.Errorf("the super admin got %d messages, want 1", n)
	}
	if _, _, err := w.Password(t.Context(), other.full(), other.password, w.desk); err != nil {
		t.Errorf("another account: %v", err)
	}
	w.wall.Advance(passwordWindow)
	if _, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk); err != nil {
		t.Errorf("fifteen minutes later: %v", err)
	}
	for range 10 { // a right password clears the count
		_, _, err := w.Password(t.Context(), wang.full(), wang.password, w.desk)
		w.must(err)
	}
}

func TestUnknownAccountsAreCountedLikeKnownOnes(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.limits.PasswordTries = 2
	for range 2 {
		_, _, err := w.Password(t.Context(), "nobody1@1900000999", "x", w.desk)
		wants(t, err, ErrPasswordWrong)
	}
	_, _, err := w.Password(t.Context(), "NOBODY1@1900000999", "x", w.desk)
	wants(t, err, ErrTooManyTries)
}

func TestInitialPasswordsAreLongPlainAndNeverAlike(t *testing.T) {
	t.Parallel()
	g := New(Parts{})
	seen := map[string]bool{}
	for range 1000 {
		p, err := g.newPassword()
		if err != nil || len(p) != initialLength || strings.Trim(p, initialAlphabet) != "" || seen[p] {
			t.Fatalf("password %q, %v, seen before %v", p, err, seen[p])
		}
		seen[p] = true
	}
}

func TestAccountsAreRefusedForWhatCannotBe(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	good := NewAccount{Merchant: w.noodles, Login: "zhangsan", Person: newPerson("张三"), Mobile: "13800001234",
		Roles: []access.Role{access.Finance}, NoPassword: true}
	for what, c := range map[string]struct {
		change func(*NewAccount)
		want   error
	}{
		"short login":        {func(n *NewAccount) { n.Login = "zhang" }, ErrLoginForm},
		"login with a dash":  {func(n *NewAccount) { n.Login = "zhang-san" }, ErrLoginForm},
		"login used, case":   {func(n *NewAccount) { n.Login = "WANGLAO" }, ErrLoginTaken},
		"no name":            {func(n *NewAccount) { n.Person.Name = "  " }, ErrNameForm},
		"long name":          {func(n *NewAccount) { n.Person.Name = strings.Repeat("长", 65) }, ErrNameForm},
		"short id card":      {func(n *NewAccount) { n.Person.IDNumber = "110101199003071" }, ErrIDForm},
		"unknown paper":      {func(n *NewAccount) { n.Person.IDType = "library_card" }, ErrIDForm},
		"mobile with words":  {func(n *NewAccount) { n.Mobile = "call me" }, ErrMobileForm},
		"no role":            {func(n *NewAccount) { n.Roles = nil }, ErrRoles},
		"unknown role":       {func(n *NewAccount) { n.Roles = []access.Role{"owner"} }, ErrRoles},
		"second super admin": {func(n *NewAccount) { n.Roles = []access.Role{access.SuperAdmin} }, ErrSuperAdmin},
	} {
		n := good
		c.change(&n)
		err := w.db.InTx(t.Context(), func(tx db.Tx) error {
			_, _, err := w.CreateAccount(t.Context(), tx, n)
			return err
		})
		if !errors.Is(err, c.want) && !strings.Contains(err.Error(), c.want.Error()) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	if n := w.count("login_accounts", "merchant_id = $1", w.noodles); n != 1 {
		t.Errorf("%d accounts, want 1", n)
	}
}

func TestWhatIdentifiesAPersonIsSealed(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	wang := w.hires(w.noodles, "wanglao", "王大力", access.SuperAdmin)
	s, err := seatOf(t.Context(), w.db.PG(), wang.merchant, wang.id)
	w.must(err)
	if p, err := w.person(s); err != nil || p != wang.person {
		t.Errorf("revealed as %+v, %v", p, err)
	}
	for _, plain := range []string{wang.person.Name, wang.person.IDNumber, "13800001234"} {
		if n := w.count("login_accounts r", "r::text LIKE '%' || $1 || '%' OR r::text LIKE '%' || encode($1::bytea, 'hex') || '%'", plain); n != 0 {
			t.Errorf("%q stands in clear", plain)
		}
	}
	moved := s
	moved.AccountID = db.NewID()
	if _, err := w.person(moved); err == nil {
		t.Error("a sealed name opened at another account")
	}
}
