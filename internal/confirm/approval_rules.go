package confirm

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// RulesAction is the act that changes a merchant's approval rules.
const RulesAction = "approval.rules"

// amountMax is the largest sum a rule can begin at: 8 亿 yuan.
const amountMax = money.Fen(80_000_000_000)

// RuleChange sets or removes the rule of an act: the parameters of RulesAction.
type RuleChange struct {
	Action   string        `json:"action"`
	Remove   bool          `json:"remove"`
	From     money.Fen     `json:"from_amount"` // in fen; 0: always
	Checkers []access.Role `json:"checkers"`
}

func (d *Desk) addOwnActions() {
	d.actions.Add(d.answerAction())
	d.actions.Add(Action{Code: RulesAction, Needs: access.ApprovalManage, SuperOnly: true, Approvable: true,
		Describe: d.describeRule, Run: d.runRule})
}

// Rules lists the merchant's rules. Anyone of the merchant may know them.
func (d *Desk) Rules(ctx context.Context, s access.Scope) ([]Rule, error) {
	return listRules(ctx, d.db.PG(), s.Merchant())
}

// Approvable lists the acts that a rule can be made for.
func (d *Desk) Approvable() []Action { return d.actions.Approvable() }

// check refuses a rule that cannot be.
func (d *Desk) checkRule(ctx context.Context, q db.Querier, s access.Scope, r RuleChange) error {
	a, ok := d.actions.Find(r.Action)
	if !ok || !a.Approvable {
		return ErrRuleAction
	}
	if r.From < 0 || r.From > amountMax || a.Amount == nil && r.From != 0 || a.Amount != nil && r.From == 0 {
		return ErrRuleAmount
	}
	roles, err := Roles(ctx, q, s.Merchant())
	if err != nil {
		return err
	}
	seen := map[access.Role]bool{}
	for _, c := range r.Checkers {
		if seen[c] || !slices.ContainsFunc(roles, func(known access.CustomRole) bool { return known.Code == c }) {
			return ErrRuleRoles
		}
		seen[c] = true
	}
	if len(seen) == 0 {
		return ErrRuleRoles
	}
	return d.someone(ctx, q, s, a, r.Checkers)
}

// someone refuses a rule that nobody could answer: a merchant of one person, roles nobody holds, or for
// what only the super admin asks for, roles nobody else holds.
func (d *Desk) someone(ctx context.Context, q db.Querier, s access.Scope, a Action, checkers []access.Role) error {
	members, err := d.members(ctx, q, s.Merchant())
	switch {
	case err != nil:
		return err
	case len(members) == 0 || oneAlone(members):
		return ErrAlone
	}
	for _, m := range members {
		if slices.ContainsFunc(checkers, m.has) && !(a.bySuperAlone() && m.has(access.SuperAdmin)) {
			return nil
		}
	}
	return ErrNoChecker.On("checkers")
}

// describeRule says the rule as it is to be, and as it is.
func (d *Desk) describeRule(ctx context.Context, q db.Querier, s access.Scope, params json.RawMessage) (Words, error) {
	r, err := Decode[RuleChange](params)
	if err != nil {
		return Words{}, err
	}
	roles, err := Roles(ctx, q, s.Merchant())
	if err != nil {
		return Words{}, err
	}
	old, found, err := readRule(ctx, q, s.Merchant(), r.Action, looking)
	if err != nil {
		return Words{}, err
	}
	w := Words{Title: words.T(ctx, "approval.rule_set"), Warn: words.T(ctx, "approval.rule_set_warn")}
	if r.Remove {
		w.Title, w.Warn = words.T(ctx, "approval.rule_remove"), words.T(ctx, "approval.rule_remove_warn")
		if !found {
			return Words{}, ErrRuleNone
		}
	} else if err := d.checkRule(ctx, q, s, r); err != nil {
		return Words{}, err
	}
	w.Lines = []Line{{words.T(ctx, "approval.act"), ActionName(ctx, r.Action)}}
	if !r.Remove {
		w.Lines = append(w.Lines, ruleLines(ctx, Rule{From: r.From, Checkers: r.Checkers}, roles, "approval.")...)
	}
	if found {
		return Words{w.Title, append(w.Lines, ruleLines(ctx, old, roles, "approval.old_")...), w.Warn}, nil
	}
	w.Lines = append(w.Lines, Line{words.T(ctx, "approval.old_rule"), words.T(ctx, "approval.rule_off")})
	return w, nil
}

func ruleLines(ctx context.Context, r Rule, roles []access.CustomRole, area string) []Line {
	return []Line{{words.T(ctx, area+"from"), FromWords(ctx, r.From)}, {words.T(ctx, area+"checkers"), RoleWords(ctx, r.Checkers, roles)}}
}

// runRule writes the rule. Approvals that waited for a rule removed are undone right after.
func (d *Desk) runRule(ctx context.Context, tx db.Tx, s access.Scope, params json.RawMessage) (Result, error) {
	r, err := Decode[RuleChange](params)
	if err != nil {
		return Result{}, err
	}
	if r.Remove {
		err = removeRule(ctx, tx, s.Merchant(), r.Action)
	} else {
		err = saveRule(ctx, tx, s, r, d.clock.Now())
	}
	return Result{Object: r.Action, Link: "/account/approvals",
		Details: map[string]any{"remove": r.Remove, "from_amount": r.From, "checkers": r.Checkers}}, err
}

// ReadyRoles lists the ready roles of a merchant, or of the platform, without names.
func ReadyRoles(merchant int64) []access.CustomRole {
	ready := access.Roles
	if merchant == access.PlatformID {
		ready = access.PlatformRoles
	}
	all := make([]access.CustomRole, len(ready))
	for i, r := range ready {
		all[i].Code = r
	}
	return all
}

// Roles lists the roles that a member of a merchant can hold: the ready ones, and its own with their names.
func Roles(ctx context.Context, q db.Querier, merchant int64) ([]access.CustomRole, error) {
	own, err := access.CustomRoles(ctx, q, merchant)
	return append(ReadyRoles(merchant), own...), err
}

// ActionName is an act's name in words.
func ActionName(ctx context.Context, code string) string { return words.T(ctx, "audit.action."+code) }

// FromWords says from which sum on a rule holds.
func FromWords(ctx context.Context, from money.Fen) string {
	if from == 0 {
		return words.T(ctx, "approval.always")
	}
	return words.F(ctx, "approval.from_sum", words.Args{"Amount": from.String()})
}

// RoleWords names roles.
func RoleWords(ctx context.Context, codes []access.Role, all []access.CustomRole) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = RoleWord(ctx, code, all)
	}
	return strings.Join(names, words.T(ctx, "approval.comma"))
}

// RoleWord names a role: a merchant's own by its name, a ready one in words.
func RoleWord(ctx context.Context, code access.Role, all []access.CustomRole) string {
	i := slices.IndexFunc(all, func(r access.CustomRole) bool { return r.Code == code })
	switch {
	case i < 0:
		return string(code) // it was let go of since
	case all[i].Name != "":
		return all[i].Name
	}
	return words.T(ctx, "role."+string(code))
}
