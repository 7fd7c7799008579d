package confirm

import (
	"errors"
	"testing"
	"time"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/money"
)

// rules has the boss set a rule, as the page does.
func (w *world) rules(action string, from money.Fen, checkers ...access.Role) {
	w.t.Helper()
	c := w.asks(w.boss, RulesAction, RuleChange{Action: action, From: from, Checkers: checkers})
	if sheet := w.confirms(c, w.boss); sheet.State != Done {
		w.t.Fatalf("the rule: %s, %v", sheet.State, sheet.Reason)
	}
}

// waits has the maker confirm something that a second person is then asked about.
func (w *world) waits(m member, action string, params any) Confirmation {
	w.t.Helper()
	c := w.asks(m, action, params)
	if sheet := w.confirms(c, m); sheet.State != Approving {
		w.t.Fatalf("%s, %v", sheet.State, sheet.Reason)
	}
	return c
}

// answers is the second person's answer on the phone.
func (w *world) answers(c Confirmation, m member, d Decision) (Sheet, error) {
	w.t.Helper()
	on, err := w.ApprovalOnPhone(w.t.Context(), c.ID, m.openid)
	if err != nil {
		return Sheet{}, err
	}
	return w.AnswerOnPhone(w.t.Context(), c.ID, m.openid, d, on.Hash)
}

// told checks what the checker's own answer came to.
func (w *world) told(c Confirmation, m member, want State, why error) {
	w.t.Helper()
	sheet, err := w.answers(c, m, Confirm)
	w.must(err)
	if sheet.State != want || why != nil && !errors.Is(sheet.Reason, why) {
		w.t.Fatalf("the answer: %s, %v; want %s, %v", sheet.State, sheet.Reason, want, why)
	}
}

func TestASecondPersonConfirmsAndOnlyThenItRuns(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	if w.runs("早") != 0 {
		t.Fatal("it ran with one person")
	}
	w.ended(c, w.maker, Approving, nil)
	if at := w.shown(c, w.maker).ExpiresAt; at.Sub(morning) != 24*time.Hour {
		t.Errorf("the second person has until %s", at)
	}
	if w.count("inbox_messages", "merchant_id = $1 AND kind = 'approval_asked'", w.shop) != 1 ||
		w.count("jobs", "merchant_id = $1 AND kind = 'wechat.message' AND payload::text LIKE '%/m/approvals/'||$2||'%'", w.shop, c.ID.String()) != 1 {
		t.Error("the one who may answer was not told, or others were")
	}
	on, err := w.ApprovalOnPhone(t.Context(), c.ID, w.checker.openid)
	w.must(err)
	if on.Words.Title != "写下 早" || on.Maker != w.maker.seat.Name || on.Why != nil {
		t.Errorf("%+v", on)
	}
	w.told(c, w.checker, Done, nil)
	w.ended(c, w.maker, Done, nil)
	if w.runs("早") != 1 {
		t.Errorf("it ran %d times", w.runs("早"))
	}
	if w.count("audit_rows", "confirmation = $1 AND action = $2 AND actor = $3 AND details->>'checker' = $4 AND details->>'by' = $3",
		c.ID, noting, w.maker.seat.Name, w.checker.seat.Name) != 1 {
		t.Error("the log does not name both")
	}
	if w.count("audit_rows", "merchant_id = $1 AND action = $2 AND actor = $3", w.shop, AnswerAction, w.checker.seat.Name) != 1 {
		t.Error("the answer is not in the log")
	}
	if w.count("inbox_messages", "account_id = $1 AND kind = 'approval_answered'", w.maker.id) != 1 {
		t.Error("the maker was not told")
	}
	w.refusedAnswer(c, w.checker, ErrEnded)
}

// refusedAnswer checks that an answer could not even be asked for.
func (w *world) refusedAnswer(c Confirmation, m member, why error) {
	w.t.Helper()
	_, err := w.AnswerOnPhone(w.t.Context(), c.ID, m.openid, Confirm, "")
	w.refused(err, why)
}

func TestTheMakerIsNeverTheChecker(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	twin := w.hires(w.shop, "caiwu03", "陈静", "110101199001010002", access.Finance) // the maker's papers, another WeChat
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	w.told(c, w.maker, Failed, ErrSelf)
	w.told(c, twin, Failed, ErrSelf)
	if n := w.count("inbox_messages", "kind = 'approval_asked' AND account_id = ANY($1)", []any{w.maker.id, twin.id}); n != 0 {
		t.Error("the maker was asked")
	}
	w.ended(c, w.maker, Approving, nil)

	// The WeChat that confirmed is now another member's: it still is the maker's.
	w.exec("DELETE FROM wechat_bindings WHERE merchant_id = $1 AND account_id = ANY($2)", w.shop, []any{w.maker.id, w.checker.id})
	w.in(func(tx db.Tx) error {
		return w.gate.BindForSeed(t.Context(), tx, w.shop, w.checker.id, w.maker.openid)
	})
	w.in(func(tx db.Tx) error { return w.gate.BindForSeed(t.Context(), tx, w.shop, w.maker.id, "o-new") })
	sheet, err := w.answers(c, member{openid: w.maker.openid}, Confirm)
	w.must(err)
	if sheet.State != Failed || !ErrSelf.Is(sheet.Reason) || w.runs("早") != 0 {
		t.Errorf("%s, %v", sheet.State, sheet.Reason)
	}
}

func TestTheDatabaseItselfRefusesAMakerAsChecker(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	_, err := w.db.PG().Exec(t.Context(), "UPDATE approvals SET checker_id = maker_id, checker_openid = 'o', answered_at = asked_at WHERE id = $1", c.ID)
	if err == nil {
		t.Error("a maker was written down as the checker")
	}
}

func TestOnlyTheRulesRolesCheck(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	_, err := w.ApprovalOnPhone(t.Context(), c.ID, w.clerk.openid)
	w.refused(err, fault.ErrNotFound) // not theirs to see
	_, err = w.ApprovalOnPhone(t.Context(), c.ID, "o-stranger")
	w.refused(err, fault.ErrNotFound)
	w.told(c, w.boss, Failed, ErrNotChecker) // sees it, holds every right, and is not named by the rule
	w.exec("DELETE FROM account_roles WHERE merchant_id = $1 AND account_id = $2", w.shop, w.checker.id)
	w.exec("INSERT INTO account_roles (merchant_id, account_id, role) VALUES ($1, $2, 'service')", w.shop, w.checker.id)
	w.told(c, w.checker, Failed, ErrNotChecker)
	w.ended(c, w.maker, Approving, nil)
}

func TestTheSuspendedDoNotCheck(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = $2", w.shop, w.checker.id)
	w.refusedAnswer(c, w.checker, ErrSuspended)
}

func TestANoOfTheSecondPersonEndsIt(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	_, err := w.answers(c, w.checker, "maybe")
	w.refused(err, ErrDecide)
	_, err = w.answers(c, w.checker, Refuse)
	w.must(err)
	w.ended(c, w.maker, Refused, ErrCheckerNo)
	w.refusedAnswer(c, w.checker, ErrEnded)
	if w.runs("早") != 0 {
		t.Error("it ran")
	}
}

func TestTwoAnswersAtOnceRunItOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	third := w.hires(w.shop, "caiwu03", "郑小蓝", "110101199001010009", access.Finance)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	turn := make(chan member, 20)
	for i := range cap(turn) {
		turn <- []member{w.checker, third}[i%2]
	}
	done := atOnce(t, cap(turn), func() error {
		sheet, err := w.answers(c, <-turn, Confirm)
		if err == nil && sheet.State != Done {
			err = sheet.Reason
		}
		return err
	}, func(err error) bool { return err == nil || fault.Is(err, ErrEnded.Code) })
	if done != 1 || w.runs("早") != 1 {
		t.Errorf("%d answers counted, it ran %d times", done, w.runs("早"))
	}
}

func TestWhatWasConfirmedIsWhatIsApproved(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(w *world, c Confirmation){
		"parameters": func(w *world, c Confirmation) {
			w.exec("UPDATE confirmations SET params = replace(params, '早', '晚') WHERE id = $1", c.ID)
		},
		"parameters and hash": func(w *world, c Confirmation) {
			var texts string
			w.must(w.db.PG().QueryRow(w.t.Context(), "SELECT words FROM confirmations WHERE id = $1", c.ID).Scan(&texts))
			params := `{"amount":0,"refuse":false,"text":"晚"}`
			w.exec("UPDATE confirmations SET params = $2, hash = $3 WHERE id = $1", c.ID, params, hashOf(noting, params, texts))
		},
		"what the words name": func(w *world, _ Confirmation) {
			w.exec("UPDATE merchants SET short_name = '新面馆' WHERE merchant_id = $1", w.shop)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			w.rules(noting, 0, access.Finance)
			c := w.waits(w.maker, noting, note{Text: "早"})
			on, err := w.ApprovalOnPhone(t.Context(), c.ID, w.checker.openid)
			w.must(err)
			spoil(w, c)
			_, err = w.AnswerOnPhone(t.Context(), c.ID, w.checker.openid, Confirm, on.Hash)
			w.must(err)
			if w.runs("早")+w.runs("晚") != 0 {
				t.Error("it ran")
			}
			if now := w.shown(c, w.maker); now.State == Done {
				t.Errorf("%s", now.State)
			}
		})
	}
}

func TestAnApprovedActThatIsRefusedEndsWithItsReason(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早", Refuse: true})
	sheet, err := w.answers(c, w.checker, Confirm)
	w.must(err)
	if sheet.State != Done || len(sheet.Lines) != 2 {
		t.Errorf("the answer: %s %v", sheet.State, sheet.Lines)
	}
	w.ended(c, w.maker, Failed, errTest)
	if w.runs("早") != 0 {
		t.Error("half of it stayed")
	}
}

func TestTheMakerTakesBackWhatWaits(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	w.refused(w.Withdraw(t.Context(), w.checker.scope(), c.ID), fault.ErrNotFound)
	w.must(w.Withdraw(t.Context(), w.maker.scope(), c.ID))
	w.ended(c, w.maker, Undone, ErrWithdrawn)
	w.refused(w.Withdraw(t.Context(), w.maker.scope(), c.ID), ErrEnded)
	w.refusedAnswer(c, w.checker, ErrEnded)
}

func TestAtADesktopTheCheckersOwnScanAnswers(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	c := w.waits(w.maker, noting, note{Text: "早"})
	row, err := w.Approval(t.Context(), w.checker.scope(), c.ID)
	w.must(err)
	own := w.asks(w.checker, AnswerAction, Verdict{ID: c.ID, Decision: Confirm, Hash: row.Hash})
	if own.Words.Title != "同意：写下 早" || own.Words.Warn != "不能撤回" {
		t.Errorf("%+v", own.Words)
	}
	_, err = w.Scan(t.Context(), own.Token, w.maker.openid)
	w.refused(err, ErrOtherPerson)
	w.confirms(own, w.checker)
	w.ended(c, w.maker, Done, nil)
	if w.runs("早") != 1 || w.count("approvals", "id = $1 AND answered_in = $2", c.ID, own.ID) != 1 {
		t.Error("it did not run, or not in the checker's confirmation")
	}

	again := w.waits(w.maker, noting, note{Text: "晚"})
	row, err = w.Approval(t.Context(), w.maker.scope(), again.ID)
	w.must(err)
	own = w.asks(w.maker, AnswerAction, Verdict{ID: again.ID, Decision: Confirm, Hash: row.Hash})
	w.confirms(own, w.maker)
	w.ended(own, w.maker, Failed, ErrSelf)
	w.ended(again, w.maker, Approving, nil)
}

func TestOperatorsActsAlwaysHaveASecondOperator(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.shop = access.PlatformID
	admin := w.hires(access.PlatformID, "opsadmin", "关山", "110101199001019991", access.PlatformAdmin)
	second := w.hires(access.PlatformID, "opsrevw1", "顾云", "110101199001019992", access.Reviewer)
	reader := w.hires(access.PlatformID, "opsread1", "程远", "110101199001019993", access.ReadOnly)
	c := w.waits(admin, opening, note{Text: "早"})
	w.told(c, admin, Failed, ErrSelf)
	_, err := w.ApprovalOnPhone(t.Context(), c.ID, reader.openid)
	w.refused(err, fault.ErrNotFound)
	w.told(c, second, Done, nil)
	w.ended(c, admin, Done, nil)
	if w.runs("早") != 1 {
		t.Error("it did not run once")
	}
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = 0 AND id = $1", second.id)
	alone := w.asks(admin, opening, note{Text: "晚"})
	w.confirms(alone, admin)
	w.ended(alone, admin, Failed, ErrNoChecker)
}

func TestNobodyMayBeAskedTwiceUnderOneIdentity(t *testing.T) {
	t.Parallel()
	one := person{identity.Standing{Seat: access.Seat{Merchant: 1, Account: db.NewID()}, OpenID: "o", Paper: []byte("p")}}
	for name, other := range map[string]person{
		"account": {identity.Standing{Seat: one.Seat}},
		"WeChat":  {identity.Standing{Seat: access.Seat{Merchant: 1, Account: db.NewID()}, OpenID: "o"}},
		"papers":  {identity.Standing{Seat: access.Seat{Merchant: 1, Account: db.NewID()}, OpenID: "o2", Paper: []byte("p")}},
	} {
		if !one.is(other) || !other.is(one) {
			t.Errorf("the same %s is not one person", name)
		}
	}
	if one.is(person{identity.Standing{Seat: access.Seat{Merchant: 1, Account: db.NewID()}}}) {
		t.Error("two without a WeChat are one person")
	}
}
