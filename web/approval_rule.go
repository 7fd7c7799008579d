package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// approvalRule is the form of one act's rule: as it stands, or as it was typed before.
func (s *site) approvalRule(v *visit) error {
	a, err := s.approvable(v)
	if err != nil {
		return err
	}
	typed, err := v.again()
	if err != nil {
		return err
	}
	rule, err := s.ruleOf(v, a)
	if err != nil {
		return err
	}
	if len(typed) == 0 && rule != nil {
		typed = url.Values{"checkers": texts(rule.Checkers)}
		if rule.From > 0 {
			typed.Set("from_amount", rule.From.Plain())
		}
	}
	return s.showRule(v, http.StatusOK, a, rule, typed, nil)
}

// approvable is the act of the address, if a rule can be made for it.
func (s *site) approvable(v *visit) (confirm.Action, error) {
	code, err := v.path("action")
	if err != nil {
		return confirm.Action{}, err
	}
	for _, a := range s.Desk.Approvable() {
		if a.Code == code {
			return a, nil
		}
	}
	return confirm.Action{}, fault.ErrNotFound
}

func (s *site) ruleOf(v *visit, a confirm.Action) (*confirm.Rule, error) {
	rules, err := s.Desk.Rules(v.ctx(), v.scope)
	for i := range rules {
		if rules[i].Action == a.Code {
			return &rules[i], err
		}
	}
	return nil, err
}

func (s *site) showRule(v *visit, status int, a confirm.Action, rule *confirm.Rule, typed url.Values, refused error) error {
	roles, err := confirm.Roles(v.ctx(), s.DB.PG(), v.scope.Merchant())
	if err != nil {
		return err
	}
	m := views.ApprovalRuleForm{Path: rulePath(a.Code), Name: confirm.ActionName(v.ctx(), a.Code), On: rule != nil, Money: a.Amount != nil}
	if m.Once, err = v.once(); err != nil {
		return err
	}
	m.From = ui.Field{Name: "from_amount", Label: v.word("approval.from"), Hint: v.word("approval.from_hint"),
		Value: typed.Get("from_amount"), InputMode: "decimal"}
	m.Checkers = ui.Field{Name: "checkers", Label: v.word("approval.checkers"), Hint: v.word("approval.checkers_hint")}
	for _, r := range roles {
		m.Checkers.Options = append(m.Checkers.Options, ui.Option{Value: string(r.Code),
			Word: confirm.RoleWord(v.ctx(), r.Code, roles), Chosen: slices.Contains(typed["checkers"], string(r.Code))})
	}
	m.Faults = v.faults(refused, &m.From, &m.Checkers)
	return v.show(status, views.ApprovalRulePage(v.frame(m.Name, v.approvalCrumbs(ui.Crumb{Word: m.Name})...), m))
}

// setRule asks the phone for a rule as the form has it.
func (s *site) setRule(v *visit) error {
	return s.askRule(v, func(a confirm.Action) (confirm.RuleChange, error) {
		change := confirm.RuleChange{Action: a.Code, Checkers: []access.Role{}}
		for _, r := range v.formMany("checkers") {
			change.Checkers = append(change.Checkers, access.Role(r))
		}
		text := strings.TrimSpace(v.form("from_amount"))
		if a.Amount == nil || text == "" {
			return change, nil
		}
		from, err := money.Parse(text)
		if change.From = from; err != nil {
			return change, confirm.ErrRuleAmount
		}
		return change, nil
	})
}

// removeRule asks the phone to end a rule.
func (s *site) removeRule(v *visit) error {
	return s.askRule(v, func(a confirm.Action) (confirm.RuleChange, error) {
		return confirm.RuleChange{Action: a.Code, Remove: true, Checkers: []access.Role{}}, nil
	})
}

func (s *site) askRule(v *visit, read func(confirm.Action) (confirm.RuleChange, error)) error {
	a, err := s.approvable(v)
	if err != nil {
		return err
	}
	change, err := read(a)
	if err == nil {
		err = s.ask(v, confirm.RulesAction, change, rulePath(a.Code))
	}
	if len(fault.All(err)) == 0 {
		return err
	}
	rule, wrong := s.ruleOf(v, a)
	if wrong != nil {
		return wrong
	}
	return s.showRule(v, http.StatusUnprocessableEntity, a, rule, v.posted, err)
}

func rulePath(action string) string { return views.ApprovalsPath + "/rules/" + url.PathEscape(action) }

func texts(roles []access.Role) []string {
	all := make([]string, len(roles))
	for i, r := range roles {
		all[i] = string(r)
	}
	return all
}
