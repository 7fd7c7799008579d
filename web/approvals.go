package web

import (
	"net/http"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/fault"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// approvalParams choose what of the approvals is listed.
const approvalParams = "?state ?cursor"

// approvals shows which acts need a second person, and what waits or waited for one.
func (s *site) approvals(v *visit) error {
	m, err := s.approvalList(v)
	if err != nil {
		return err
	}
	m.Manage = v.scope.May(access.ApprovalManage)
	rules, err := s.Desk.Rules(v.ctx(), v.scope)
	if err != nil {
		return err
	}
	roles, err := s.rolesNamed(v, rules)
	if err != nil {
		return err
	}
	var acts []string
	for _, a := range s.Desk.Approvable() {
		acts = append(acts, a.Code)
	}
	if !v.door().platform { // operators' acts have their second person by themselves
		m.Rules = views.ApprovalRules(v.ctx(), acts, rules, roles)
	}
	return v.show(http.StatusOK, views.ApprovalsPage(v.frame(v.word("approval.page.title"), v.approvalCrumbs()...), m))
}

// rolesNamed reads the names of the merchant's own roles where a rule names one.
func (s *site) rolesNamed(v *visit, rules []confirm.Rule) ([]access.CustomRole, error) {
	for _, r := range rules {
		for _, c := range r.Checkers {
			if !c.KnownIn(v.scope.Merchant()) {
				return confirm.Roles(v.ctx(), s.DB.PG(), v.scope.Merchant())
			}
		}
	}
	return confirm.ReadyRoles(v.scope.Merchant()), nil
}

// approvalList reads a page of approvals. The cursor is the last of the page before.
func (s *site) approvalList(v *visit) (m views.Approvals, err error) {
	m.Path, m.Title, m.Lead = v.approvalsPath(), v.word("approval.page.title"), v.word("approval.page.lead")
	f := confirm.Filter{Limit: v.rows(confirm.PageSize)}
	switch m.State = v.query("state"); m.State {
	case "", views.ApprovalsWaiting:
		f.Waiting = m.State != ""
	default:
		return m, fault.ErrNotFound
	}
	if text := v.query("cursor"); text != "" {
		if f.Before, err = uuid.Parse(text); err != nil {
			return m, fault.New("trade.page_cursor").On("cursor")
		}
	}
	rows, more, err := s.Desk.Approvals(v.ctx(), v.scope, f)
	m.Rows, m.First = rows, f.Before == uuid.Nil
	if more {
		m.Next = rows[len(rows)-1].ID.String()
	}
	return m, err
}

// approvalCrumbs say where approvals lie.
func (v *visit) approvalCrumbs(last ...ui.Crumb) []ui.Crumb {
	own := ui.Crumb{Word: v.word("approval.page.title")}
	if len(last) > 0 {
		own.Href = v.approvalsPath()
	}
	if v.door().platform {
		return append([]ui.Crumb{{Word: v.word("menu.ops.people")}, own}, last...)
	}
	return append([]ui.Crumb{{Word: v.word("menu.account")}, {Word: v.word("menu.account.settings")}, own}, last...)
}

// approvalsPath is where approvals are listed; operators have their own.
func (v *visit) approvalsPath() string { return approvalsAt(v.door()) }

func approvalsAt(d door) string {
	if d.platform {
		return d.at("/approvals")
	}
	return views.ApprovalsPath
}
