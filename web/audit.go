package web

import (
	"net/http"

	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/views"
	"zhanggui/views/layout"
	"zhanggui/views/ui"
)

// auditParams are the filter's, with the place in the list.
const auditParams = "?no ?from ?to ?actor ?action ?outcome ?size ?cursor"

// audit is the log of what people did. A filter that cannot be meant keeps its typed text and finds nothing.
func (s *site) audit(v *visit) error {
	m, f, p := v.auditList()
	status := http.StatusOK
	if len(m.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	} else {
		var err error
		if m.Rows, m.Next, m.Prev, err = audit.List(v.ctx(), s.DB.PG(), v.scope, f, p); err != nil {
			return err
		}
	}
	return v.show(status, views.AuditPage(v.auditFrame("audit.page.title"), m))
}

// auditList reads the filter of the address: as typed for the page, and as meant for the log.
func (v *visit) auditList() (m views.Audit, f audit.Filter, p audit.Page) {
	m = views.Audit{Path: v.auditPath(), Lead: v.word("audit.page.lead"), ActorHint: v.word("audit.page.actor_hint"), Query: views.AuditQueryOf(v.asked), Today: clock.DayOf(v.site.Clock.Now())}
	f, badFilter := audit.ParseFilter(v.asked, m.Today)
	p, badPage := audit.ParsePage(v.asked)
	m.Query.Size = p.Size
	m.Faults = append(fault.All(badFilter), fault.All(badPage)...)
	return m, f, p
}

// auditAct is one act, with where it came from and what belongs to it.
func (s *site) auditAct(v *visit) error {
	id, err := v.pathID("id")
	if err != nil {
		return err
	}
	r, err := audit.Get(v.ctx(), s.DB.PG(), v.scope, id)
	if err != nil {
		return err
	}
	m := views.AuditAct{Record: r, List: v.auditPath()}
	if r.From.Agent != "" {
		m.Browser = identity.BrowserWords(v.ctx(), r.From.Agent)
	}
	frame := v.auditFrame("audit.act.title", ui.Crumb{Word: v.word("audit.page.title"), Href: m.List})
	return v.show(http.StatusOK, views.AuditActPage(frame, m))
}

// auditPath is where the log is listed; the platform has its own.
func (v *visit) auditPath() string {
	if v.door().platform {
		return views.OpsAuditPath
	}
	return views.AuditPath
}

// auditFrame is the frame of the log's pages.
func (v *visit) auditFrame(title string, above ...ui.Crumb) layout.Page {
	if !v.door().platform {
		return v.settingsFrame(title, above...)
	}
	return v.frame(v.word(title), v.opsCrumbs(append(above, ui.Crumb{Word: v.word(title)})...)...)
}
