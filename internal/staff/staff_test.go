package staff

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/words"
)

var lihua = Newcomer{Login: "lihua01", Name: "李华", IDType: identity.Passport, IDNumber: "E12345678", Mobile: "13900001234",
	Roles: []access.Role{access.Service}}

// samples are parameters for each act of the office, in a world where each can be asked for.
func (w *world) samples() map[string]any {
	w.t.Helper()
	w.does(w.boss, CreateRole, Role{Name: "门店", Permissions: []access.Permission{access.TradeRead}})
	own, err := access.CustomRoles(w.t.Context(), w.db.PG(), w.shop)
	w.must(err)
	left := w.hires("left001", "林知夏", 4, access.ReadOnly)
	w.does(w.boss, Suspend, One{left.id})
	asks := w.hires("asks001", "方子衿", 5, access.ReadOnly)
	_, err = w.db.PG().Exec(w.t.Context(), `INSERT INTO binding_requests (merchant_id, id, account_id, openid, compared, consent, consented_at, asked_at, lapses_at)
		VALUES ($1, $2, $3, 'o-new', repeat('x', 48)::bytea, '2026-11', $4::timestamptz, $4::timestamptz, $4::timestamptz + interval '1 day')`,
		w.shop, db.NewID(), asks.id, morning)
	w.must(err)
	return map[string]any{Create: lihua, Suspend: One{w.clerk.id}, Resume: One{left.id}, Reset: One{w.clerk.id}, EndSessions: One{w.clerk.id},
		GiveRoles:  Given{w.clerk.id, []access.Role{access.Finance}},
		CreateRole: Role{Name: "值班", Permissions: []access.Permission{access.TradeRead}},
		ChangeRole: Role{own[0].Code, "门店二", []access.Permission{access.TradeRead, access.TradeImport}}, DeleteRole: End{own[0].Code},
		HandOver: Handing{w.finance.id, []access.Role{access.ReadOnly}}, AnswerBinding: Binding{asks.id, identity.Refuse}, Rebind: Own{w.boss.desk.Session}}
}

func TestWhatIsShownIsWhatRunsForEveryAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	samples := w.samples()
	for _, code := range w.acts.Codes() {
		if strings.HasPrefix(code, "approval.") {
			continue // the desk's own
		}
		params, ok := samples[code]
		if !ok {
			t.Errorf("no sample of %s", code)
			continue
		}
		c, err := w.ask(w.boss, code, params)
		w.must(err)
		if !words.Has(t.Context(), "audit.action."+code) || c.Words.Title == "" || len(c.Words.Lines) == 0 {
			t.Errorf("%s is shown as %+v", code, c.Words)
		}
		for _, line := range c.Words.Lines {
			if line.Value == "" || strings.Contains(line.Value, lihua.IDNumber) || strings.Contains(line.Value, lihua.Mobile) {
				t.Errorf("%s shows %s as %q", code, line.Label, line.Value)
			}
		}
		_, err = w.db.PG().Exec(t.Context(), "UPDATE confirmations SET words = replace(words, $2, '换了') WHERE id = $1", c.ID, c.Words.Title)
		w.must(err)
		sheet, err := w.desk.Scan(t.Context(), c.Token, w.boss.openid)
		if err == nil && sheet.State != confirm.Failed {
			t.Errorf("%s: a changed row is shown: %+v", code, sheet.State)
		}
	}
	for code := range samples {
		if !slices.Contains(w.acts.Codes(), code) {
			t.Errorf("%s is not registered", code)
		}
	}
}

func TestEveryActRunsAndLeavesOneAuditRowWithoutSecrets(t *testing.T) {
	t.Parallel()
	for _, code := range []string{Create, Suspend, Resume, Reset, EndSessions, GiveRoles, CreateRole, ChangeRole, DeleteRole, HandOver, AnswerBinding, Rebind} {
		w := newWorld(t)
		c, err := w.ask(w.boss, code, w.samples()[code])
		w.must(err)
		sheet, err := w.desk.Scan(t.Context(), c.Token, w.boss.openid)
		w.must(err)
		sheet, err = w.desk.Answer(t.Context(), c.Token, w.boss.openid, confirm.Answer{Decision: confirm.Confirm, Number: c.Number, Hash: sheet.Hash})
		if err != nil || sheet.State != confirm.Done {
			t.Errorf("%s ended as %s, %v, %v", code, sheet.State, sheet.Reason, err)
		}
		if n := w.count("audit_rows", "confirmation = $1 AND action = $2 AND outcome = 'done' AND object <> ''", c.ID, code); n != 1 {
			t.Errorf("%s left %d audit rows", code, n)
		}
		if n := w.count("audit_rows", "details::text LIKE '%' || $1 || '%' OR details::text LIKE '%password%'", lihua.IDNumber); n != 0 {
			t.Errorf("%s wrote papers or a password into the log", code)
		}
		twice, err := w.desk.Answer(t.Context(), c.Token, w.boss.openid, confirm.Answer{Decision: confirm.Confirm, Number: c.Number})
		if err == nil && twice.State != confirm.Done {
			t.Errorf("%s ran twice: %v", code, twice.State)
		}
	}
}

func TestWhatChangedSinceItWasShownDoesNotRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, err := w.ask(w.boss, GiveRoles, Given{w.clerk.id, []access.Role{access.Finance}})
	w.must(err)
	if c := w.does(w.boss, GiveRoles, Given{w.clerk.id, []access.Role{access.ReadOnly}}); c.State != confirm.Done {
		t.Fatalf("the first is %+v", c)
	}
	if c := w.confirms(one, w.boss); c.State != confirm.Failed || !errors.Is(c.Reason, confirm.ErrChanged) {
		t.Errorf("what was shown before is %s, %v", c.State, c.Reason)
	}
	if m := w.member(w.clerk); !slices.Equal(m.Roles, []access.Role{access.ReadOnly}) {
		t.Errorf("the clerk has %v", m.Roles)
	}
}

func TestAMemberManagerGivesOnlyTheOwnRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.does(w.boss, CreateRole, Role{Name: "店长", Permissions: []access.Permission{access.MemberWrite, access.TradeRead}})
	own, err := access.CustomRoles(t.Context(), w.db.PG(), w.shop)
	w.must(err)
	w.does(w.boss, GiveRoles, Given{w.clerk.id, []access.Role{own[0].Code}})
	_, err = w.ask(w.clerk, GiveRoles, Given{w.finance.id, []access.Role{access.Finance, own[0].Code}}) // kept, and held
	w.must(err)
	n := lihua
	n.Roles = []access.Role{own[0].Code}
	_, err = w.ask(w.clerk, Create, n)
	w.must(err)
	n.Roles = []access.Role{access.Finance}
	_, err = w.ask(w.clerk, Create, n)
	w.refused(err, access.ErrGrantLacking)
	for _, code := range []string{Reset, HandOver, AnswerBinding} {
		if _, err := w.ask(w.clerk, code, w.samplesOf(code)); !forbidden(err) && !errors.Is(err, confirm.ErrSuperOnly) {
			t.Errorf("%s by a manager: %v", code, err)
		}
	}
	_, err = w.ask(w.clerk, Suspend, One{w.boss.id})
	w.refused(err, identity.ErrMemberSuper)
	_, err = w.ask(w.clerk, Suspend, One{w.clerk.id})
	w.refused(err, identity.ErrMemberSelf)
	if _, err = w.ask(w.clerk, CreateRole, Role{Name: "x", Permissions: []access.Permission{access.TradeRead}}); !forbidden(err) {
		t.Errorf("a role by who may not make roles: %v", err)
	}
}

func (w *world) samplesOf(code string) any {
	return map[string]any{Reset: One{w.finance.id}, HandOver: Handing{w.finance.id, []access.Role{access.ReadOnly}},
		AnswerBinding: Binding{w.finance.id, identity.Confirm}}[code]
}

func forbidden(err error) bool {
	var missing fault.Forbidden
	return errors.As(err, &missing)
}

func TestASecondPersonAgreesToANewMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rule := confirm.RuleChange{Action: Create, Checkers: []access.Role{access.Finance}}
	if c := w.does(w.boss, confirm.RulesAction, rule); c.State != confirm.Done {
		t.Fatalf("the rule is %+v", c)
	}
	c := w.does(w.boss, Create, lihua)
	if c.State != confirm.Approving || w.count("login_accounts", "login = 'lihua01'") != 0 {
		t.Fatalf("it stands at %s", c.State)
	}
	asked, err := w.desk.ApprovalOnPhone(t.Context(), c.ID, w.finance.openid)
	w.must(err)
	if _, err = w.desk.AnswerOnPhone(t.Context(), c.ID, w.finance.openid, confirm.Confirm, asked.Hash); err != nil {
		t.Fatal(err)
	}
	if n := w.count("login_accounts", "login = 'lihua01' AND merchant_id = $1", w.shop); n != 1 {
		t.Fatal("nobody was made")
	}
	secret, err := w.desk.Secret(t.Context(), w.scope(w.boss), w.boss.desk.Session, c.ID)
	if err != nil || len(secret.Value) != 12 {
		t.Errorf("the maker's desktop is told %q, %v", secret.Value, err)
	}
}

func TestAPermissionIsAskedForOnceADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(p access.Permission) error {
		return w.AskPermission(t.Context(), w.scope(w.clerk), p, audit.From{})
	}
	w.must(ask(access.TradeImport))
	w.refused(ask(access.TradeImport), ErrRequestTwice)
	w.must(ask(access.AuditRead))
	w.refused(ask(access.TradeRead), ErrRequestHeld)
	w.refused(ask(access.MemberReset), ErrRequestSuper)
	w.refused(ask("books.burn"), fault.ErrNotFound)
	w.refused(ask(access.OpsJobsRead), fault.ErrNotFound)
	w.clock.Advance(13 * time.Hour)
	w.must(ask(access.TradeImport))
	if n := w.count("inbox_messages", "merchant_id = $1 AND account_id = $2 AND kind = 'permission_asked'", w.shop, w.boss.id); n != 3 {
		t.Errorf("the super admin got %d messages", n)
	}
	var url string
	var fields json.RawMessage
	w.must(w.db.PG().QueryRow(t.Context(), `SELECT payload->>'URL', payload->'Fields' FROM jobs
		WHERE merchant_id = $1 AND payload->>'Template' = 'permission_asked' ORDER BY due_at LIMIT 1`, w.shop).Scan(&url, &fields))
	if !strings.HasPrefix(url, "https://pay.example/m/permissions/") || !strings.Contains(string(fields), "导入交易账单") {
		t.Errorf("the message leads to %s and says %s", url, fields)
	}
	if n := w.count("audit_rows", "merchant_id = $1 AND action = 'access.ask'", w.shop); n != 3 {
		t.Errorf("%d audit rows", n)
	}
}

func TestTheChoicesBeginWithWhatGivesLeast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.does(w.boss, CreateRole, Role{Name: "只导入", Permissions: []access.Permission{access.TradeImport}})
	w.does(w.boss, CreateRole, Role{Name: "导入和日志", Permissions: []access.Permission{access.TradeImport, access.AuditRead}})
	custom, err := access.CustomRoles(t.Context(), w.db.PG(), w.shop)
	w.must(err)
	var names []string
	for _, c := range Choices(t.Context(), w.scope(w.boss), w.member(w.clerk), custom, access.TradeImport) {
		names = append(names, c.Name)
	}
	if want := []string{"只导入", "导入和日志", "财务"}; !slices.Equal(names, want) {
		t.Errorf("the choices are %v, want %v", names, want)
	}
	if c := Choices(t.Context(), w.scope(w.boss), w.member(w.clerk), custom, access.MemberReset); len(c) != 0 {
		t.Errorf("a role holds the super admin's permission: %v", c)
	}
	if c := Choices(t.Context(), w.scope(w.clerk), w.member(w.finance), custom, access.AuditRead); len(c) != 0 {
		t.Errorf("a clerk could give %v", c)
	}
}
