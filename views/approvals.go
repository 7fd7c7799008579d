package views

import (
	"context"
	"slices"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// ApprovalsPath is where rules and approvals stand; ApprovalsWaiting is the tab of those without an answer.
const (
	ApprovalsPath    = "/account/approvals"
	ApprovalsWaiting = "waiting"
)

// Approvals is which acts need a second person, and what waits or waited for one.
type Approvals struct {
	Path   string
	Title  string
	Lead   string
	Rules  []ApprovalRule
	Manage bool // the reader may change rules
	State  string
	Rows   []confirm.ApprovalRow
	Next   string
	First  bool
}

// ApprovalRule is an act with its rule in words.
type ApprovalRule struct {
	Action  string
	Name    string
	On      bool
	Rule    string
	Changed string
}

// ApprovalRules puts the acts in words, those with a rule first.
func ApprovalRules(ctx context.Context, acts []string, rules []confirm.Rule, roles []access.CustomRole) []ApprovalRule {
	var on, off []ApprovalRule
	for _, act := range acts {
		r := ApprovalRule{Action: act, Name: confirm.ActionName(ctx, act), Rule: say(ctx, "approval.rule_none"), Changed: nothing}
		i := slices.IndexFunc(rules, func(rule confirm.Rule) bool { return rule.Action == act })
		if i < 0 {
			off = append(off, r)
			continue
		}
		r.On, r.Changed = true, rules[i].ChangedBy+" "+moment(rules[i].ChangedAt)
		r.Rule = words.F(ctx, "approval.rule_words", words.Args{"From": confirm.FromWords(ctx, rules[i].From),
			"Roles": confirm.RoleWords(ctx, rules[i].Checkers, roles)})
		on = append(on, r)
	}
	return append(on, off...)
}

// approvalColours colour the states.
var approvalColours = map[confirm.State]ui.State{
	confirm.Approving: ui.Needs, confirm.Done: ui.Done, confirm.Failed: ui.Failed,
}

// ApprovalState says where an approval stands.
func ApprovalState(ctx context.Context, r confirm.ApprovalRow) string {
	return say(ctx, "approval.state."+string(r.State))
}

// ApprovalAmount writes the sum, if there is one.
func ApprovalAmount(r confirm.ApprovalRow) string {
	if r.Amount == 0 {
		return nothing
	}
	return r.Amount.String()
}

// ApprovalEnd is when it ended.
func ApprovalEnd(r confirm.ApprovalRow) string {
	return momentOr(r.EndedAt, nothing)
}

func (m Approvals) tabs(ctx context.Context) ui.SavedViews {
	return ui.SavedViews{Tabs: []ui.ViewTab{
		{Word: say(ctx, "approval.page.all"), Href: m.Path, Current: m.State == ""},
		{Word: say(ctx, "approval.page.waiting"), Href: m.Path + "?state=" + ApprovalsWaiting, Current: m.State != ""},
	}}
}

func (m Approvals) query() string {
	if m.State == "" {
		return ""
	}
	return "?state=" + m.State
}

func (m Approvals) exports(ctx context.Context) []ui.Act {
	return []ui.Act{{Word: say(ctx, "trades.export_csv"), Href: m.Path + ".csv" + m.query()},
		{Word: say(ctx, "trades.export_json"), Href: m.Path + ".json" + m.query()}}
}

func (m Approvals) pages(ctx context.Context) ui.Pages {
	p := ui.Pages{Shown: words.F(ctx, "approval.page.shown", words.Args{"Count": len(m.Rows)})}
	q := "?"
	if m.State != "" {
		q += "state=" + m.State + "&"
	}
	if m.Next != "" {
		p.Next = m.Path + q + "cursor=" + m.Next
	}
	if !m.First {
		p.Prev = m.Path + m.query()
	}
	return p
}

func (m Approvals) empty(ctx context.Context) ui.Nothing {
	n := ui.Nothing{Title: say(ctx, "approval.page.none"), Text: say(ctx, "approval.page.none_text")}
	if m.State != "" {
		n.Act = ui.Act{Word: say(ctx, "approval.page.see_all"), Href: m.Path}
	}
	return n
}
