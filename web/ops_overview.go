package web

import (
	"net/http"

	"zhanggui/internal/clock"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// toOps leads to the operators' first page, where people forget the last stroke.
func (s *site) toOps(v *visit) error { return v.seeOther(opsDoor.home) }

// opsOverview is the operators' first page.
func (s *site) opsOverview(v *visit) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	m := views.OpsOverview{AsOf: clock.Text(s.Clock.Now()),
		May: v.maySee("/ops/merchants", "/ops/merchants/new", "/ops/operators", "/ops/channel", "/ops/jobs", "/ops/verification", "/ops/holidays")}
	if m.Overview, err = s.Office.Overview(v.ctx(), p); err != nil {
		return err
	}
	return v.show(http.StatusOK, views.OpsOverviewPage(v.frame(v.word("ops.overview.title")), m))
}

// opsCrumbs lead to a page of the operators.
func (v *visit) opsCrumbs(last ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Word: v.word("ops.overview.title"), Href: opsDoor.home}}, last...)
}
