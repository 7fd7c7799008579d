package confirm

import (
	"errors"
	"strings"
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
)

func TestRulesThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	for _, c := range []struct {
		change RuleChange
		why    error
	}{
		{RuleChange{Action: "nothing", Checkers: []access.Role{access.Finance}}, ErrRuleAction},
		{RuleChange{Action: leading, Checkers: []access.Role{access.Finance}}, ErrRuleAction},
		{RuleChange{Action: AnswerAction, Checkers: []access.Role{access.Finance}}, ErrRuleAction},
		{RuleChange{Action: noting, From: 1, Checkers: []access.Role{access.Finance}}, ErrRuleAmount},
		{RuleChange{Action: paying, Checkers: []access.Role{access.Finance}}, ErrRuleAmount},
		{RuleChange{Action: paying, From: -1, Checkers: []access.Role{access.Finance}}, ErrRuleAmount},
		{RuleChange{Action: paying, From: amountMax + 1, Checkers: []access.Role{access.Finance}}, ErrRuleAmount},
		{RuleChange{Action: noting}, ErrRuleRoles},
		{RuleChange{Action: noting, Checkers: []access.Role{"emperor"}}, ErrRuleRoles},
		{RuleChange{Action: noting, Checkers: []access.Role{access.Finance, access.Finance}}, ErrRuleRoles},
		{RuleChange{Action: noting, Checkers: []access.Role{access.Operations}}, ErrNoChecker},
		{RuleChange{Action: RulesAction, Checkers: []access.Role{access.SuperAdmin}}, ErrNoChecker}, // nobody else asks for it
		{RuleChange{Action: noting, Remove: true}, ErrRuleNone},
	} {
		_, err := w.Ask(t.Context(), w.boss.scope(), w.boss.desk, w.request(w.boss, RulesAction, c.change))
		if !errors.Is(err, c.why) {
			t.Errorf("%+v: %v, want %v", c.change, err, c.why)
		}
	}
	_, err := w.Ask(t.Context(), w.maker.scope(), w.maker.desk, w.request(w.maker, RulesAction, RuleChange{Action: noting, Checkers: []access.Role{access.Finance}}))
	w.refused(err, ErrSuperOnly)
}

func TestAMerchantOfOnePersonHasNoApprovals(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(w *world){
		"alone": func(w *world) {
			w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id <> $2", w.shop, w.boss.id)
		},
		"alone with a WeChat": func(w *world) {
			w.exec("DELETE FROM wechat_bindings WHERE merchant_id = $1 AND account_id <> $2", w.shop, w.boss.id)
		},
		"with a second account of one's own": func(w *world) {
			w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id <> $2", w.shop, w.boss.id)
			w.hires(w.shop, "caiwu09", "王建国", "110101199001010001", access.Finance)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := pinned(t)
			leave(w)
			_, err := w.Ask(t.Context(), w.boss.scope(), w.boss.desk,
				w.request(w.boss, RulesAction, RuleChange{Action: noting, Checkers: []access.Role{access.SuperAdmin, access.Finance}}))
			w.refused(err, ErrAlone)
		})
	}
}

func TestARuleHoldsFromItsSumOn(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(paying, 10_000, access.Finance)
	for amount, want := range map[money.Fen]State{9_999: Done, 10_000: Approving, 10_001: Approving, 0: Approving} {
		c := w.asks(w.maker, paying, note{Text: "早", Amount: amount})
		if sheet := w.confirms(c, w.maker); sheet.State != want {
			t.Errorf("%s yuan: %s, want %s", amount, sheet.State, want)
		}
	}
	if w.runs("早") != 1 {
		t.Errorf("ran %d times", w.runs("早"))
	}
	if w.count("approvals", "merchant_id = $1 AND amount_fen = 10000", w.shop) != 1 {
		t.Error("the sum is not kept with the approval")
	}
}

func TestWithNobodyToCheckNothingRuns(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = $2", w.shop, w.checker.id)
	c := w.asks(w.maker, noting, note{Text: "早"})
	w.confirms(c, w.maker)
	w.ended(c, w.maker, Failed, ErrNoChecker)
	if w.runs("早") != 0 {
		t.Error("it ran")
	}
}

func TestRulesThemselvesCanNeedASecondPerson(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(RulesAction, 0, access.Finance)
	c := w.waits(w.boss, RulesAction, RuleChange{Action: noting, Checkers: []access.Role{access.Finance}})
	if rules, err := w.Rules(t.Context(), w.boss.scope()); err != nil || len(rules) != 1 {
		t.Fatalf("%v, %v", rules, err)
	}
	w.told(c, w.checker, Done, nil)
	if rules, err := w.Rules(t.Context(), w.boss.scope()); err != nil || len(rules) != 2 {
		t.Fatalf("%v, %v", rules, err)
	}
	// When every checker has left, the super admin alone can still be rid of the rule.
	w.exec("UPDATE login_accounts SET state = 'suspended' WHERE merchant_id = $1 AND id = ANY($2)", w.shop, []any{w.maker.id, w.checker.id})
	gone := w.asks(w.boss, RulesAction, RuleChange{Action: RulesAction, Remove: true})
	if sheet := w.confirms(gone, w.boss); sheet.State != Done {
		t.Errorf("%s %v", sheet.State, sheet.Reason)
	}
}

func TestTwoDesktopsChangingOneRuleDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Clone(t))
	other := w.boss
	other.desk = Browser{Session: [16]byte{1}, Address: "10.0.0.2"}
	one := w.asks(w.boss, RulesAction, RuleChange{Action: paying, From: 100, Checkers: []access.Role{access.Finance}})
	two := w.asks(other, RulesAction, RuleChange{Action: paying, From: 900, Checkers: []access.Role{access.Finance}})
	for _, c := range []Confirmation{one, two} {
		_, err := w.Scan(t.Context(), c.Token, w.boss.openid)
		w.must(err)
	}
	turn := make(chan Confirmation, 2)
	turn <- one
	turn <- two
	atOnce(t, 2, func() error {
		c := <-turn
		_, err := w.Answer(t.Context(), c.Token, w.boss.openid, Answer{Decision: Confirm, Number: c.Number})
		return err
	}, func(err error) bool { return err == nil })
	states := map[State]int{w.shown(one, w.boss).State: 1}
	states[w.shown(two, other).State]++
	if states[Done] != 1 || states[Failed] != 1 {
		t.Errorf("%v: the second was shown an old rule that no longer was", states)
	}
}

func TestTheWordsOfARuleSayWhatItWasAndWhatItWillBe(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(paying, 100, access.Finance)
	c := w.asks(w.boss, RulesAction, RuleChange{Action: paying, From: 50_000, Checkers: []access.Role{access.SuperAdmin, access.Finance}})
	var said []string
	for _, l := range c.Words.Lines {
		said = append(said, l.Value)
	}
	for _, want := range []string{"500.00 元起", "超级管理员、财务", "1.00 元起"} {
		if !strings.Contains(strings.Join(said, "|"), want) {
			t.Errorf("%q lacks %s", said, want)
		}
	}
}

func TestEveryoneSeesTheApprovalsThatConcernThem(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	w.rules(noting, 0, access.Finance)
	var all []Confirmation
	for _, text := range []string{"一", "二", "三"} {
		all = append(all, w.waits(w.maker, noting, note{Text: text}))
	}
	w.told(all[0], w.checker, Done, nil)
	see := func(m member, f Filter) (n, mayAnswer int, more bool) {
		f.Limit = max(f.Limit, 2)
		rows, more, err := w.Approvals(t.Context(), m.scope(), f)
		w.must(err)
		for _, r := range rows {
			if r.MayAnswer {
				mayAnswer++
			}
		}
		return len(rows), mayAnswer, more
	}
	if n, may, more := see(w.maker, Filter{}); n != 2 || may != 0 || !more {
		t.Errorf("the maker: %d, %d, %t", n, may, more)
	}
	if n, may, more := see(w.checker, Filter{Waiting: true}); n != 2 || may != 2 || more {
		t.Errorf("the checker: %d, %d, %t", n, may, more)
	}
	if n, _, more := see(w.boss, Filter{Before: all[1].ID}); n != 1 || more {
		t.Errorf("the boss: %d, %t", n, more)
	}
	if n, _, _ := see(w.clerk, Filter{}); n != 0 {
		t.Errorf("the clerk sees %d", n)
	}
	_, err := w.Approval(t.Context(), w.clerk.scope(), all[0].ID)
	w.refused(err, fault.ErrNotFound)
	other := newWorld(t, w.db)
	_, err = other.Approval(t.Context(), other.boss.scope(), all[0].ID)
	w.refused(err, fault.ErrNotFound)
	row, err := w.Approval(t.Context(), w.maker.scope(), all[0].ID)
	w.must(err)
	if row.Checker != w.checker.seat.Name || row.State != Done || row.AnsweredAt == nil || !row.Mine {
		t.Errorf("%+v", row)
	}
}
